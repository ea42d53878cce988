from odoo import api, fields, models

from ..models.helpdesk_ticket import OPEN_STATES


class SqmsComplaintMergeWizard(models.TransientModel):
    """Merge two complaints, seeing before what will move and what stays."""

    _name = "sqms.complaint.merge.wizard"
    _description = "Merge Complaints"

    ticket_id = fields.Many2one("helpdesk.ticket", "Complaint", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id")
    other_id = fields.Many2one(
        "helpdesk.ticket", "And", ondelete="cascade",
        domain=lambda self: [("is_complaint", "=", True), ("complaint_state", "in", OPEN_STATES)],
    )  # fmt: skip
    source_id = fields.Many2one("helpdesk.ticket", "Is Merged", compute="_compute_order")
    target_id = fields.Many2one("helpdesk.ticket", "Is Kept", compute="_compute_order")
    reason = fields.Text(help="Both complaints and the ledger keep it.")
    preview_words = fields.Text("What Happens", compute="_compute_preview")
    is_same_customer = fields.Boolean(compute="_compute_preview")
    refusal = fields.Text("What Speaks Against It", compute="_compute_preview")

    @api.depends("ticket_id", "other_id")
    def _compute_order(self):
        for wizard in self:
            source = target = wizard.other_id.browse()
            if wizard.ticket_id and wizard.other_id:
                source, target = wizard.ticket_id._merge_order(wizard.other_id)
            wizard.source_id, wizard.target_id = source, target

    @api.depends("source_id", "target_id", "reason")
    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for wizard in self:
            source, target = wizard.source_id._origin, wizard.target_id._origin
            wizard.refusal = wizard.preview_words = False
            wizard.is_same_customer = True
            if not (source and target):
                continue
            # Whoever opens the wizard on complaints that he may not read is told nothing of them.
            (source | target).check_access("read")
            wizard.is_same_customer = source._merge_is_same_customer(target)
            wizard.refusal = "\n".join(source._merge_refusals(target, wizard.reason)) or False
            rows = source._complaint_merge_preview(wizard.is_same_customer)
            wizard.preview_words = "\n".join(
                self.env._("Moves: %s", row["text"]) if row["moves"] else self.env._("Stays: %s", row["text"])
                for row in rows
            )

    def action_merge(self):
        self.ensure_one()
        if self.source_id and self.target_id:
            self.source_id._merge_into(self.target_id, (self.reason or "").strip() or False)
        return (self.target_id or self.ticket_id).action_open_complaint()
