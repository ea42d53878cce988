from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SqmsComplaintCategory(models.Model):
    """What a complaint is about: a tree from product or service down to the kind of trouble."""

    _name = "sqms.complaint.category"
    _description = "Complaint Category"
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "name"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full name", compute="_compute_complete_name", store=True, recursive=True, index="trigram"
    )
    parent_id = fields.Many2one(
        "sqms.complaint.category", "Part of", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("sqms.complaint.category", "parent_id", "Subcategories")
    active = fields.Boolean(default=True)
    is_public = fields.Boolean(
        "On the public form",
        help="Customers can choose this category on the public form.",
    )
    is_safety = fields.Boolean(
        "Safety",
        help="Somebody may be hurt. Complaints of this category stand out on every screen.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    complaint_count = fields.Integer("Complaints", compute="_compute_complaint_count")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        # Stored for order and search, hence in one language whoever saves; people read `display_name`.
        for category in self.with_context(lang=None):
            parent = category.parent_id.complete_name
            category.complete_name = f"{parent} / {category.name}" if parent else category.name

    @api.depends("name", "parent_path")
    @api.depends_context("lang")
    def _compute_display_name(self):
        paths = {category: [int(key) for key in (category.parent_path or "").split("/") if key] for category in self}
        names = {row.id: row.name for row in self.browse({key for path in paths.values() for key in path}).sudo()}
        for category, path in paths.items():
            category.display_name = " / ".join(names[key] or "" for key in path) or category.name

    def _compute_complaint_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("complaint_category_id", "in", self.ids)], ["complaint_category_id"], ["__count"]
            )
        )
        for category in self:
            category.complaint_count = counts.get(category, 0)

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be its own parent."))

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.helpdesk_ticket_action_complaint")
        return {
            **action,
            "domain": [("is_complaint", "=", True), ("complaint_category_id", "child_of", self.id)],
            "context": {"default_is_complaint": True, "default_complaint_category_id": self.id},
        }
