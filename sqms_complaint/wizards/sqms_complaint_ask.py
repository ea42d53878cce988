from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsComplaintAsk(models.TransientModel):
    """A question to the customer. The agent reads before sending how it reaches him, and which deadlines wait."""

    _name = "sqms.complaint.ask"
    _description = "Question to the Customer"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, readonly=True, ondelete="cascade",
        domain=[("is_complaint", "=", True)],
    )  # fmt: skip
    question = fields.Text(required=True)
    way = fields.Char("How It Reaches the Customer", compute="_compute_way")
    waiting = fields.Char("Deadlines", compute="_compute_waiting")

    @api.depends("ticket_id")
    def _compute_way(self):
        for ask in self:
            ticket = ask.ticket_id
            address = ticket._get_letter_address()
            if address:
                ask.way = self.env._("Public: mailed to %s, and on the status page.", address)
            elif ticket.complaint_phone:
                ask.way = self.env._(
                    "Public: on the status page only, there is no email address. Please call %s as well.",
                    ticket.complaint_phone,
                )
            else:
                ask.way = self.env._("Public: on the status page only, where the customer looks with the code.")

    @api.depends("ticket_id")
    def _compute_waiting(self):
        for ask in self:
            running = ask.ticket_id.clock_badges or []
            honouring = ask.ticket_id._complaint_clocks_honouring()
            waits = honouring.sudo().step_id.mapped("name")
            goes_on = [badge["name"] for badge in running if badge["id"] not in honouring.ids]
            sentences = []
            if waits:
                sentences.append(self.env._("Waits for the answer: %s.", ", ".join(waits)))
            if goes_on:
                sentences.append(self.env._("Goes on all the same: %s.", ", ".join(goes_on)))
            ask.waiting = " ".join(sentences)

    def action_send(self):
        self.ensure_one()
        self.ticket_id.check_access("write")
        if self.ticket_id.complaint_closed_at:
            raise UserError(self.env._("%s is closed: nothing is asked any more.", self.ticket_id.number))
        self.ticket_id._complaint_ask_customer(self.question)
        return {"type": "ir.actions.act_window_close"}
