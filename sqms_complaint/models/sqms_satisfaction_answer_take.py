from odoo import fields, models

from .sqms_satisfaction_answer import DISSATISFIED


class SqmsSatisfactionAnswerTake(models.Model):
    """What the customer answered comes into the row; who is not satisfied is called back."""

    _inherit = "sqms.satisfaction.answer"

    def _take_answers(self, inputs):
        """The marks of finished surveys; each row in one write."""
        marks = inputs._satisfaction_marks()
        now = fields.Datetime.now()
        for answer in self.search([("user_input_id", "in", inputs.ids), ("state", "!=", "answered")]):
            answer.write({**_prepare_marks(marks[answer.user_input_id.id]), "answered_at": now})
            answer._tell_leader()

    def _tell_leader(self):
        """A dissatisfied customer is a matter of the team's leader, never of who handled the case."""
        self.ensure_one()
        ticket = self.ticket_id
        leader = self._leader() if self.csat and self.csat <= DISSATISFIED and ticket else None
        if leader:
            ticket.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.with_context(lang=leader.lang).env._(
                    "The customer is not satisfied with the handling (%s of 5): please look into it", self.csat
                ),
                user_id=leader.id,
            )

    def _leader(self):
        """The leader of the team; where he handled it himself, another officer of the team, or the quality manager."""
        team, handlers = self.ticket_id.team_id, self.user_id | self.ticket_id.user_id
        officers = team.user_ids.filtered(lambda user: user.has_group("sqms_complaint.group_complaint_officer"))
        manager = self.company_id._sqms_indicator_owner()
        return next((user for user in (*team.user_id, *officers, *manager) if user and user not in handlers), None)


def _prepare_marks(marks):
    values = {"state": "answered", "is_delivered": True, **marks}
    if "csat" in marks:
        values["csat_points"] = 100 if marks["csat"] >= 4 else 0
    if "nps" in marks:
        points = 100 if marks["nps"] >= 9 else -100 if marks["nps"] <= 6 else 0
        values["nps_points"] = points
        values["nps_group"] = {100: "promoter", 0: "passive", -100: "detractor"}[points]
    return values
