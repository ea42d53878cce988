from odoo import fields, models

from .helpdesk_ticket import OFFICERS

ASKED_AT_ONCE = 5


class HelpdeskTicketTurn(models.Model):
    """Who is asked to do something next, beyond the handler: an activity, due today."""

    _inherit = "helpdesk.ticket"

    def _complaint_ask(self, summary, people):
        """Activities for the next thing that somebody must do, in one go.

        :param people: `{complaint id: users}`
        """
        kind = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].sudo().create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": ticket.id,
                    "user_id": user.id,
                    "summary": summary,
                    "date_deadline": fields.Date.context_today(ticket),
                }
                for ticket in self
                for user in people.get(ticket.id, ())
            ]
        )

    def _complaint_ask_leaders(self, summary):
        if self:
            self._complaint_ask(summary, self._complaint_leaders())

    def _complaint_leaders(self):
        """`{complaint id: who leads}`: the team's leader, else a few officers; nobody who is complained about."""
        involved, officers = self._complaint_involved(), None
        leaders = {}
        for ticket in self.sudo():
            leader = ticket.team_id.user_id
            if leader.active and leader not in involved[ticket.id]:
                leaders[ticket.id] = leader
                continue
            if officers is None:
                officers = self.env.ref(OFFICERS).sudo().all_user_ids.sorted("id")
            fitting = officers.filtered(
                lambda user, ticket=ticket: (
                    user.active
                    and not user.share
                    and ticket.company_id in user.company_ids
                    and user not in involved[ticket.id]
                )
            )
            leaders[ticket.id] = fitting[:ASKED_AT_ONCE]
        return leaders
