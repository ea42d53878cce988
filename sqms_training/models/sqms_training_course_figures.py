from odoo import api, fields, models
from odoo.tools import format_amount

from .sqms_training_session_figures import points_given


class SqmsTrainingCourse(models.Model):
    """What a course brought over all of its sessions."""

    _inherit = "sqms.training.course"

    session_count = fields.Integer("Sessions Coming", compute="_compute_counts")
    enrolment_count = fields.Integer("Under Way", compute="_compute_counts")
    passed_count = fields.Integer("Passed", compute="_compute_counts")
    reaction_label = fields.Char("Feedback", compute="_compute_reaction")
    cost_label = fields.Char("Spent", compute="_compute_cost_label")

    @api.depends("enrolment_ids.state", "session_ids.state")
    def _compute_counts(self):
        # Everybody reads how many; who, is a matter of rules.
        enrolments = self.env["sqms.training.enrolment"].sudo()
        rows = enrolments._read_group([("course_id", "in", self.ids)], ["course_id", "state"], ["__count"])
        counts = {(course.id, state): count for course, state, count in rows}
        coming = {
            course.id: count
            for course, count in self.env["sqms.training.session"]
            .sudo()
            ._read_group(
                [("course_id", "in", self.ids), ("state", "in", ("planned", "open", "held"))],
                ["course_id"],
                ["__count"],
            )
        }
        for course in self:
            course.session_count = coming.get(course.id, 0)
            course.enrolment_count = sum(counts.get((course.id, state), 0) for state in ("enrolled", "running"))
            course.passed_count = counts.get((course.id, "passed"), 0)

    @api.depends("enrolment_ids.reacted_at")
    @api.depends_context("lang")
    def _compute_reaction(self):
        points = points_given(self.env, [("course_id", "in", self.ids)], "course_id")
        for course in self:
            found = points.get(course.id)
            course.reaction_label = found and self.env._(
                "%(mean).1f of 5 (n = %(count)s)", mean=found[0], count=found[1]
            )

    @api.depends("session_ids.cost", "session_ids.cost_actual")
    @api.depends_context("lang")
    def _compute_cost_label(self):
        rows = (
            self.env["sqms.training.session"]
            .sudo()
            ._read_group(
                [("course_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["course_id"],
                ["cost:sum", "cost_actual:sum"],
            )
        )
        sums = {course.id: (planned, spent) for course, planned, spent in rows}
        for course in self:
            planned, spent = sums.get(course.id, (0, 0))
            currency = course.currency_id
            course.cost_label = (planned or spent) and self.env._(
                "%(spent)s of %(planned)s planned",
                spent=format_amount(self.env, spent, currency),
                planned=format_amount(self.env, planned, currency),
            )

    def _open(self, xmlid, **context):
        action = self.env["ir.actions.actions"]._for_xml_id(f"sqms_training.{xmlid}")
        return {**action, "domain": [("course_id", "in", self.ids)], "context": context}

    def action_open_sessions(self):
        return self._open("sqms_training_session_action", default_course_id=self[:1].id)

    def action_open_enrolments(self):
        return self._open("sqms_training_enrolment_action", default_course_id=self[:1].id)
