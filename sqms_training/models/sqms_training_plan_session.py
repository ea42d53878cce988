from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from ..lib.training_plan import share_out

WITHOUT_SESSION = ("reading", "work")


class SqmsTrainingPlanSession(models.Model):
    """From an approved plan to training: sessions and enrolments.

    1. Free seats of sessions that are announced are filled first; for the others sessions are made, of a size that
       the plan gives, as few and as even as possible.
    2. Courses that are only read or learnt at the workplace need no session: people are enrolled and begin.
    3. Who is under way in the course already keeps his enrolment. Who has failed is enrolled anew.
    4. Nobody is enrolled in what he teaches himself; his line stays open.
    """

    _inherit = "sqms.training.plan"

    session_count = fields.Integer("Sessions", compute="_compute_session_count")

    def _compute_session_count(self):
        rows = (
            self.env["sqms.training.plan.line"]
            .sudo()
            ._read_group(
                [("plan_id", "in", self._origin.ids), ("session_id", "!=", False)],
                ["plan_id"],
                ["session_id:count_distinct"],
            )
        )
        counts = {plan.id: count for plan, count in rows}
        for plan in self:
            plan.session_count = counts.get(plan._origin.id, 0)

    def action_make_sessions(self):
        """Enrol everybody whose line has a course and no enrolment that is still open."""
        if not self._is_planner():
            raise AccessError(self.env._("HR and training officers make sessions out of a plan."))
        self.check_access("write")
        enrolled = self._make_sessions()
        if not enrolled:
            raise UserError(self.env._("There is nothing to schedule: no open line has a course."))
        return self.action_open_sessions() if len(self) == 1 and self.session_count else None

    def _make_sessions(self):
        """:return: how many lines were enrolled"""
        for plan in self:
            if plan.state != "approved":
                raise UserError(
                    self.env._(
                        "%(plan)s is “%(state)s”: sessions are made when it is approved.",
                        plan=plan.display_name,
                        state=plan._workflow_state_label(),
                    )
                )
        # Two people who press the button at once: the second finds everybody enrolled.
        self._workflow_lock_rows()
        self.invalidate_recordset(["line_ids"])
        self.line_ids.invalidate_recordset(["state", "enrolment_id"])
        enrolled = 0
        for plan in self:
            waiting = plan.line_ids.filtered(lambda line: line.state in ("open", "failed") and line.course_id)
            in_turn = waiting.sorted(lambda line: (line.due_on or line.plan_id.date_to, line.id))
            for course, lines in in_turn.grouped("course_id").items():
                enrolled += plan._enrol_lines(course, lines)
        return enrolled

    def _enrol_lines(self, course, lines):
        reason = self.env._("Training plan %s", self.number)
        enrolments = self.env["sqms.training.enrolment"]
        for session, people in self._places(course, lines.employee_id):
            enrolments |= course._enrol(people, session=session, reason=reason)
        of_employee = {enrolment.employee_id: enrolment for enrolment in enrolments}
        enrolled = lines.filtered(lambda line: line.employee_id in of_employee)
        with workflow_fields(self, "line_ids"):
            for line in enrolled:
                line.enrolment_id = of_employee[line.employee_id]
            enrolled.flush_recordset(["enrolment_id"])
        return len(enrolled)

    def _places(self, course, people):
        """Who goes where: pairs of a session (or none) and people."""
        none = self.env["sqms.training.session"]
        under_way = self._under_way(course, people)
        people -= under_way | course.trainer_id
        places = [(none, under_way)] if under_way else []
        if not people:
            return places
        if self._needs_no_session(course):
            return [*places, (none, people)]
        there = course.session_ids.filtered(
            lambda session: (
                session.state in ("planned", "open")
                and (not session.date_start or session.date_start > fields.Datetime.now())
            )
        ).sorted(lambda session: (not session.date_start, session.date_start or session.create_date, session.id))
        # Nobody is taught by himself: who holds one of the sessions waits for another.
        people -= there.trainer_id
        free = [session.seats - session.seats_taken if session.seats else None for session in there]
        taken, sizes = share_out(len(people), free, self.session_size)
        made = none.create(
            [{"course_id": course.id, "company_id": self.company_id.id, "seats": self.session_size} for _ in sizes]
        )
        start = 0
        for session, count in zip(there | made, (*taken, *sizes), strict=True):
            if count:
                places.append((session, people[start : start + count]))
            start += count
        return places

    def _under_way(self, course, people):
        known = self.env["sqms.training.enrolment"].search(
            [
                ("course_id", "=", course.id),
                ("employee_id", "in", people.ids),
                "|", ("state", "=", "running"), "&", ("state", "=", "enrolled"), ("session_id", "!=", False),
            ]
        )  # fmt: skip
        return known.employee_id

    def _needs_no_session(self, course):
        kinds = course.module_ids.mapped("kind")
        return bool(kinds) and all(kind in WITHOUT_SESSION for kind in kinds)

    def action_open_sessions(self):
        self.ensure_one()
        sessions = self.line_ids.session_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sessions of %s", self.display_name),
            "res_model": "sqms.training.session",
            "view_mode": "list,form",
            "domain": [("id", "in", sessions.ids)],
        }

    def action_open_lines(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_training.sqms_training_plan_line_action"),
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id, "search_default_group_course": 1},
        }
