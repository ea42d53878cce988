from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.merge_pass import merges


class SqmsComplaintMerge(models.Model):
    """That one complaint was merged into another: who, when and why, and what is needed to undo it.

    1. It is written by the merge itself and never deleted. Undone, it stays and says by whom and why.
    2. A complaint is merged once at a time; undone, it can be merged again.
    """

    _name = "sqms.complaint.merge"
    _description = "Merge of Complaints"
    _inherit = ["sqms.complaint.pair.mixin", "sqms.ledger.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _pair_fields = ("source_id", "target_id")

    source_id = fields.Many2one(
        "helpdesk.ticket", "Merged Complaint", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    target_id = fields.Many2one(
        "helpdesk.ticket", "Merged Into", required=True, readonly=True, index=True, ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="source_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "Merged By", required=True, readonly=True, ondelete="restrict")
    merged_at = fields.Datetime("Merged On", required=True, readonly=True)
    reason = fields.Text(readonly=True)
    is_same_customer = fields.Boolean(
        readonly=True,
        help="What was said and sent moved along, and the customer finds the one complaint under both numbers.",
    )
    snapshot = fields.Json(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    moved_words = fields.Char("Moved", compute="_compute_moved_words")
    undone_at = fields.Datetime("Undone On", readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    undo_reason = fields.Text("Why It Was Undone", readonly=True)

    _once = models.UniqueIndex("(source_id) WHERE undone_at IS NULL", "This complaint is merged already.")
    _two = models.Constraint("CHECK(source_id <> target_id)", "A complaint is not merged into itself.")

    _ledger_fields = ("source_id", "target_id", "user_id", "reason", "is_same_customer", "undone_by_id", "undo_reason")
    _ledger_personal_fields = ("reason", "undo_reason")

    @api.depends("source_id", "target_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = f"{merge.source_id.number or ''} → {merge.target_id.number or ''}"

    @api.depends("snapshot")
    @api.depends_context("lang")
    def _compute_moved_words(self):
        """“12 messages, 3 files”, in the order of the kinds."""
        labels = {kind.name: self.env._(kind.label) for kind in self.env["helpdesk.ticket"]._complaint_merge_kinds()}
        for merge in self:
            moved = (merge.sudo().snapshot or {}).get("moved", {})
            merge.moved_words = ", ".join(
                self.env._("%(what)s: %(number)s", what=label, number=len(moved[name]))
                for name, label in labels.items()
                if moved.get(name)
            )

    # -- written by the merge alone --------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_merging()
        return super().create(vals_list)

    def write(self, vals):
        self._check_merging()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("That complaints were merged stays known; a merge can be undone."))

    def _check_merging(self):
        if not merges():
            raise UserError(self.env._("Complaints are merged, and merges undone, by the buttons of the complaint."))

    def action_open_source(self):
        self.ensure_one()
        self.source_id.check_access("read")
        return self.source_id.action_open_complaint()
