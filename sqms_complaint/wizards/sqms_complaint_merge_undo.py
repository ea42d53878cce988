from odoo import api, fields, models


class SqmsComplaintMergeUndo(models.TransientModel):
    """Say why a merge is undone."""

    _name = "sqms.complaint.merge.undo"
    _description = "Undo a Merge"

    ticket_id = fields.Many2one("helpdesk.ticket", "Merged Complaint", required=True, ondelete="cascade")
    target_id = fields.Many2one(related="ticket_id.complaint_merged_into_id", string="Merged Into")
    moved_words = fields.Char("Comes Back", compute="_compute_moved_words")
    reason = fields.Text("Why", required=True)

    @api.depends("ticket_id")
    def _compute_moved_words(self):
        for wizard in self:
            wizard.ticket_id._origin.check_access("read")
            wizard.moved_words = wizard.ticket_id._origin._merge_record().moved_words

    def action_undo(self):
        self.ensure_one()
        self.ticket_id._merge_undo(self.reason)
        return self.ticket_id.action_open_complaint()
