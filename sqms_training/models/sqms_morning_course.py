from odoo import fields, models
from odoo.fields import Domain

from .hr_employee_skill import WRITER_GROUPS
from .sqms_training_enrolment import OPEN

OWN = "sqms_training.sqms_training_enrolment_action_own"
ALL = "sqms_training.sqms_training_enrolment_action"
SESSIONS = "sqms_training.sqms_training_session_action"


class SqmsMorningCourse(models.AbstractModel):
    """My training; for a manager what he is to judge; for HR and trainers the sessions to be held or closed."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [
            *super()._morning_sections(),
            self._morning_training(),
            self._morning_effects(),
            self._morning_training_sessions(),
        ]

    def _morning_training(self):
        own = Domain("employee_id.user_id", "=", self.env.uid) & Domain("state", "in", OPEN)
        return self._morning_section(
            "training",
            [self._morning_source("sqms.training.enrolment", own, self._show_training, due="date_start")],
            sequence=45,
            icon="fa-graduation-cap",
            title=self.env._("My training"),
            more={"xmlid": OWN},
        )

    def _show_training(self, enrolments):
        return [
            self._morning_item(
                row,
                row.course_id.name,
                {"xmlid": OWN},
                due=row.date_start if row.state == "enrolled" else None,
                subtitle=" · ".join(filter(None, (row.session_id.location, row.missing))),
                icon="fa-graduation-cap",
                badge=self._training_badge(row),
                button=self.env._("Open"),
            )
            for row in enrolments
        ]

    def _training_badge(self, row):
        """In words, where no day says it."""
        if row.exam_survey_id and not row.exam_passed_at:
            return {"text": self.env._("Exam to take"), "tone": "warning", "icon": "fa-pencil"}
        if row.state == "running":
            return {"text": self.env._("Under way"), "tone": "info", "icon": "fa-play"}
        if not row.session_id:
            return {"text": self.env._("To begin"), "tone": "secondary", "icon": "fa-hourglass-start"}
        return None

    def _morning_effects(self):
        due = (
            self.env["sqms.training.enrolment"]._effect_due()
            & Domain("effect_due_on", "!=", False)
            & Domain("employee_id.parent_id.user_id", "=", self.env.uid)
            & Domain("employee_id.user_id", "!=", self.env.uid)
        )
        return self._morning_section(
            "training_effects",
            [self._morning_source("sqms.training.enrolment", due, self._show_effects, due="effect_due_on")],
            column="right",
            sequence=36,
            icon="fa-line-chart",
            title=self.env._("Did the training help?"),
            more=self._morning_all(ALL, due),
        )

    def _show_effects(self, enrolments):
        return [
            self._morning_item(
                row,
                row.employee_id.name,
                {"xmlid": ALL},
                due=row.effect_due_on,
                subtitle=row.course_id.name,
                avatar=self.env["hr.employee.public"].browse(row.employee_id.id),
                button=self.env._("Judge"),
                headline=self.env._("Did the training help? %s", row.display_name),
            )
            for row in enrolments
        ]

    def _morning_training_sessions(self):
        now = fields.Datetime.now()
        person = Domain("trainer_id.user_id", "=", self.env.uid)
        if self.env.user.has_groups(WRITER_GROUPS):
            person |= Domain("course_id.responsible_id", "in", (self.env.uid, False))
        waiting = person & (
            (Domain("state", "=", "held") & Domain("date_end", "<=", now))
            | (Domain("state", "=", "open") & Domain("date_start", "<=", now))
        )
        return self._morning_section(
            "training_sessions",
            [self._morning_source("sqms.training.session", waiting, self._show_training_sessions, due="date_start")],
            column="right",
            sequence=38,
            icon="fa-calendar-check-o",
            title=self.env._("Sessions to be held and closed"),
            more=self._morning_all(SESSIONS, waiting),
        )

    def _show_training_sessions(self, sessions):
        return [
            self._morning_item(
                row,
                row.course_id.name,
                {"xmlid": SESSIONS},
                due=row.date_end if row.state == "held" else row.date_start,
                subtitle=" · ".join(filter(None, (row.number, row.location, row._workflow_state_label()))),
                icon="fa-calendar-check-o",
                button=self.env._("Open"),
            )
            for row in sessions
        ]
