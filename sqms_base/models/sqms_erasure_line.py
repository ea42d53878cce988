from odoo import api, fields, models


class SqmsErasureLine(models.Model):
    """One kind of record in which a person was found: how many, and whether they are left as they are."""

    _name = "sqms.erasure.line"
    _description = "Found of a Person"
    _inherit = ["sqms.workflow.line.mixin"]
    _order = "own_count desc, id"
    _workflow_parent = "request_id"
    _workflow_parent_lines = "line_ids"

    request_id = fields.Many2one("sqms.erasure", required=True, index=True, ondelete="restrict")
    res_model = fields.Char(string="Model", required=True, readonly=True, export_string_translation=False)
    name = fields.Char(string="Kind of Record", compute="_compute_name")
    own_count = fields.Integer(string="His Own", readonly=True, help="Records that are about this person.")
    named_count = fields.Integer(
        string="Mentions", readonly=True, help="Records about others, or beside his own, that may name him."
    )
    is_kept = fields.Boolean(string="Leave As It Is", help="With the legal duty to keep it.")
    kept_reason = fields.Char(string="Why")

    _kept_has_reason = models.Constraint(
        "CHECK(is_kept IS NOT TRUE OR COALESCE(kept_reason, '') <> '')", "Please say why it is left as it is."
    )
    _one_per_kind = models.UniqueIndex("(request_id, res_model)")

    _privacy_fields = {"kept_reason": "keep", "res_model": "keep"}

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            line.name = self.env["ir.model"].sudo()._get(line.res_model).name or line.res_model
