from odoo import fields, models


class SqmsResourceNeed(models.Model):
    """How many people a role needs from a day on, until the next such line."""

    _name = "sqms.resource.need"
    _description = "Need of People"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "resource_id, date_from"
    _check_company_auto = True
    _rec_name = "date_from"
    _workflow_parent = "resource_id"
    _workflow_parent_lines = "need_ids"

    resource_id = fields.Many2one(
        "sqms.resource", required=True, index=True, ondelete="restrict", check_company=True, bypass_search_access=True
    )
    company_id = fields.Many2one(
        related="resource_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._sqms_today())
    fte = fields.Float(
        string="Full-Time Posts", required=True, default=1.0, digits=(8, 2), aggregator=None,
        help="1.0 is one person full time.",
    )  # fmt: skip
    note = fields.Char(string="Why")

    _fte_sign = models.Constraint("CHECK(fte >= 0)", "A need is not negative.")
    _once_a_day = models.UniqueIndex("(resource_id, date_from)", "There is a need from this day already.")

    _ledger_fields = ("resource_id", "date_from", "fte", "note")
