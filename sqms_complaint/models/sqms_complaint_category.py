from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SqmsComplaintCategory(models.Model):
    """What a complaint is about: a tree from product or service down to the kind of trouble."""

    _name = "sqms.complaint.category"
    _description = "Complaint Category"
    _parent_store = True
    _order = "complete_name"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "name"]

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(compute="_compute_complete_name", store=True, recursive=True, index="trigram")
    parent_id = fields.Many2one("sqms.complaint.category", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("sqms.complaint.category", "parent_id")
    active = fields.Boolean(default=True)
    is_public = fields.Boolean(
        help="Customers can choose this category on the public form.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = f"{parent} / {category.name}" if parent else category.name

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be its own parent."))
