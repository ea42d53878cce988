from odoo import api, fields, models

FEW = 3  # fewer answers would tell who gave which


def points_given(env, domain, group):
    """`{record: (mean, n)}` of the points given, left out where too few gave any; one query."""
    rows = (
        env["sqms.training.enrolment"]
        .sudo()
        ._read_group(
            [*domain, ("reacted_at", "!=", False)],
            [group],
            ["reaction:avg", "__count"],
            having=[("__count", ">=", FEW)],
        )
    )
    return {record.id: (mean, count) for record, mean, count in rows}


class SqmsTrainingSession(models.Model):
    """What a session brought: how many passed, how it was received, what a participant cost."""

    _inherit = "sqms.training.session"

    passed_count = fields.Integer("Passed", compute="_compute_passed_count")
    reaction_label = fields.Char("Feedback", compute="_compute_reaction")
    reaction_words = fields.Text("What They Say", compute="_compute_reaction")
    cost_per_person = fields.Monetary("Cost per Participant", compute="_compute_cost_per_person")

    @api.depends("enrolment_ids.state")
    def _compute_passed_count(self):
        groups = (
            self.env["sqms.training.enrolment"]
            .sudo()
            ._read_group([("session_id", "in", self.ids), ("state", "=", "passed")], ["session_id"], ["__count"])
        )
        passed = {session.id: count for session, count in groups}
        for session in self:
            session.passed_count = passed.get(session.id, 0)

    @api.depends("enrolment_ids.reacted_at")
    @api.depends_context("lang")
    def _compute_reaction(self):
        points = points_given(self.env, [("session_id", "in", self.ids)], "session_id")
        said = (
            self.env["sqms.training.enrolment"]
            .sudo()
            .search_fetch(
                [("session_id", "in", list(points)), ("reaction_comment", "!=", False)],
                ["session_id", "reaction_comment"],
            )
        )
        for session in self:
            found = points.get(session.id)
            session.reaction_label = found and self.env._(
                "%(mean).1f of 5 (n = %(count)s)", mean=found[0], count=found[1]
            )
            # In the order of the words, which is nobody's order.
            session.reaction_words = "\n".join(
                sorted(row.reaction_comment for row in said if row.session_id == session)
            )

    @api.depends("cost", "cost_actual", "seats_taken")
    def _compute_cost_per_person(self):
        for session in self:
            session.cost_per_person = (session.cost_actual or session.cost) / (session.seats_taken or 1)
