from odoo import models
from odoo.tools import plaintext2html

WAITS_FOR_CUSTOMER = "customer"  # the code of the reason of the platform's clocks


class HelpdeskTicketAsk(models.Model):
    """Asking the customer: a public message, and it is his turn.

    1. Deadlines wait for the answer where their regime allows it, and only there; the others go on.
    2. They go on as soon as it is no longer the customer's turn: he wrote, a step was taken, an agent says so.
    """

    _inherit = "helpdesk.ticket"

    def action_ask_customer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask the customer"),
            "res_model": "sqms.complaint.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _complaint_ask_customer(self, text):
        """Put a question to the customer in public.

        :return: the deadlines that wait for the answer
        """
        self.ensure_one()
        address = self._get_letter_address()
        partner = self.partner_id if address and self.partner_id.email_normalized == address else self.partner_id[:0]
        self.message_post(
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
            outgoing_email_to=False if partner else address,
        )
        waiting = self._complaint_clocks_honouring()
        waiting.pause(WAITS_FOR_CUSTOMER)
        self.complaint_turn = "customer"
        return waiting

    def _complaint_clocks_honouring(self):
        """The running deadlines that wait while the customer is asked."""
        clocks = self.env["sqms.clock"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("met_at", "=", False),
             ("start_at", "!=", False)],
            order="due_at, id",
        )  # fmt: skip
        return clocks.filtered(lambda clock: WAITS_FOR_CUSTOMER in clock._step_data()["pauses"])

    def write(self, vals):
        if "complaint_turn" not in vals and "complaint_state" not in vals:
            return super().write(vals)
        waited = self.filtered(lambda ticket: ticket.complaint_turn == "customer")
        done = super().write(vals)
        answered = waited.filtered(lambda ticket: ticket.complaint_turn != "customer")
        if answered:
            paused = answered._complaint_clocks_honouring().filtered("paused")
            paused.resume(WAITS_FOR_CUSTOMER)
        return done
