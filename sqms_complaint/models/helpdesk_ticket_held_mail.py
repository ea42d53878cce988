from odoo import fields, models


class HelpdeskTicketHeldMail(models.Model):
    """What waits beside a case: mails of people who do not belong to it."""

    _inherit = "helpdesk.ticket"

    held_mail_ids = fields.One2many("sqms.complaint.held.mail", "ticket_id", "Mails of Strangers", copy=False)
    held_mail_count = fields.Integer("Mails That Wait", compute="_compute_held_mail_count")

    def _compute_held_mail_count(self):
        complaints = self.filtered("is_complaint")
        counts = {}
        if complaints and self.env["sqms.complaint.held.mail"].has_access("read"):
            counts = dict(
                self.env["sqms.complaint.held.mail"]._read_group(
                    [("ticket_id", "in", complaints.ids), ("state", "=", "waiting")], ["ticket_id"], ["__count"]
                )
            )
        for ticket in self:
            ticket.held_mail_count = counts.get(ticket, 0)

    def action_open_held_mails(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.sqms_complaint_held_mail_action")
        return {**action, "domain": [("ticket_id", "=", self.id)], "context": {"search_default_waiting": 1}}
