from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .hr_employee_skill import WRITER_GROUPS
from .sqms_training_enrolment import OPEN

BATCH = 1000


class SqmsTrainingEnrolment(models.Model):
    """Afterwards: how it was received, whether it helped in the work, and once more where it did not.

    1. Who took part gives points once, while he remembers; nobody else reads who gave how many.
    2. When its day has come, the manager of the employee says whether it helped; HR and training officers may as
       well, the employee himself never. It is said once.
    """

    _inherit = "sqms.training.enrolment"

    document_ids = fields.Many2many("sqms.document", string="Documents", compute="_compute_document_ids")
    attachment_ids = fields.Many2many(related="course_id.attachment_ids", string="Files")
    missing = fields.Char("Still Missing", compute="_compute_missing")
    may_begin = fields.Boolean(compute="_compute_may", export_string_translation=False)
    may_react = fields.Boolean(compute="_compute_may", export_string_translation=False)
    may_judge = fields.Boolean(compute="_compute_may", export_string_translation=False)
    may_repeat = fields.Boolean(compute="_compute_may", export_string_translation=False)

    # -- what the screen says -----------------------------------------------------

    @api.depends("course_id.document_ids")
    @api.depends_context("uid")
    def _compute_document_ids(self):
        """Of the documents of the course those that this person may read."""
        readable = self.course_id.sudo().document_ids.with_env(self.env)._filtered_access("read")
        for enrolment in self:
            documents = enrolment.course_id.sudo().document_ids.with_env(self.env)
            enrolment.document_ids = documents & readable

    @api.depends("state", "part_ids.result", "exam_survey_id", "exam_passed_at", "course_id.exam_survey_id")
    @api.depends_context("lang")
    def _compute_missing(self):
        for enrolment in self:
            words = []
            if enrolment.state in OPEN:
                words = enrolment._missing_parts().sudo().mapped("name")
                exam = enrolment.exam_survey_id or (
                    enrolment.state == "enrolled" and enrolment.course_id.exam_survey_id
                )
                if exam and not enrolment.exam_passed_at:
                    words.append(self.env._("Exam"))
            enrolment.missing = " · ".join(words)

    @api.depends("state", "session_id", "employee_id", "reacted_at", "effect_due_on", "effect_result")
    @api.depends_context("uid")
    def _compute_may(self):
        officer = self.env.user.has_groups(WRITER_GROUPS)
        for enrolment in self:
            person = enrolment.employee_id.sudo()
            own = person.user_id == self.env.user
            leads = officer or person.parent_id.user_id == self.env.user
            enrolment.may_begin = own and enrolment.state == "enrolled" and not enrolment.session_id
            enrolment.may_react = (
                own and enrolment.state in ("running", "passed", "failed") and not enrolment.reacted_at
            )
            enrolment.may_judge = bool(
                leads
                and not own
                and enrolment.state == "passed"
                and enrolment.effect_due_on
                and enrolment.effect_due_on <= enrolment.company_id._sqms_today()
                and not enrolment.effect_result
            )
            enrolment.may_repeat = (leads and not own) and (
                enrolment.state in ("failed", "absent") or enrolment.effect_result == "not_effective"
            )

    # -- how it was received --------------------------------------------------------

    def action_react(self):
        self.ensure_one()
        return self._form("sqms.training.feedback", self.env._("How was it?"))

    def _react(self, points, comment=""):
        self.ensure_one()
        self.check_access("read")
        if not self.may_react:
            raise AccessError(
                self.env._("Feedback on %(enrolment)s is given once, by who took part.", enrolment=self.display_name)
            )
        if points not in range(1, 6):
            raise UserError(self.env._("Give one to five points."))
        row = self.sudo()
        row._workflow_lock_rows()
        with workflow_fields(row, "reaction", "reaction_comment", "reacted_at"):
            row.write({"reaction": points, "reaction_comment": comment, "reacted_at": fields.Datetime.now()})

    # -- did it help ----------------------------------------------------------------

    def action_judge(self):
        self.ensure_one()
        return self._form("sqms.training.judge", self.env._("Did it help in the work?"))

    def _judge(self, result, reason):
        """Say whether a training helped; once, with what shows it."""
        self.ensure_one()
        self.check_access("read")
        if not self.may_judge:
            raise AccessError(
                self.env._(
                    "The effect of %(enrolment)s is judged once, when its day has come, by the manager or HR.",
                    enrolment=self.display_name,
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say what shows it in the work."))
        row = self.sudo()
        row._workflow_lock_rows()
        row.invalidate_recordset(["effect_result"])
        if row.effect_result:
            raise UserError(self.env._("The effect of %(enrolment)s was judged already.", enrolment=row.display_name))
        values = {
            "effect_result": result,
            "effect_reason": reason.strip(),
            "effect_by_id": self.env.uid,
            "effect_at": fields.Datetime.now(),
        }
        with workflow_fields(row, *values):
            row.write(values)
        row.activity_ids.filtered(lambda activity: activity.user_id == self.env.user).action_done()

    @api.model
    def _effect_due(self):
        """Trainings whose effect is to be judged by now, on the day of their company."""
        return Domain("effect_result", "=", False) & Domain.OR(
            [
                Domain("company_id", "in", companies) & Domain("effect_due_on", "<=", day)
                for day, companies in self.env["res.company"]._sqms_days().items()
            ]
        )

    @api.model
    def _cron_ask_managers(self):
        """Ask each manager once, in one message for all of his people."""
        due = self.sudo().search(
            self._effect_due() & Domain("effect_asked_at", "=", False), limit=BATCH, order="effect_due_on, id"
        )
        people = defaultdict(self.browse)
        for enrolment in due:
            employee = enrolment.employee_id
            judge = employee.parent_id.user_id or enrolment.course_id.responsible_id
            if judge and judge != employee.user_id:
                people[judge] |= enrolment
        for judge, enrolments in people.items():
            self._ask_manager(judge, enrolments)
        with workflow_fields(due, "effect_asked_at"):
            due.write({"effect_asked_at": fields.Datetime.now()})
        if len(due) == BATCH:
            self.env.ref("sqms_training.ir_cron_training_effect")._trigger()
        return len(due)

    def _ask_manager(self, judge, enrolments):
        words = enrolments.with_context(lang=judge.lang)
        self.env["mail.thread"].sudo().with_context(lang=judge.lang).message_notify(
            partner_ids=judge.partner_id.ids,
            model=self._name,
            res_id=enrolments[0].id,
            subject=words.env._("Did the training help in the work?"),
            body="\n".join(
                [words.env._("Please say for each whether it helped:"), *(f"· {row.display_name}" for row in words)]
            ),
        )

    # -- once more ------------------------------------------------------------------

    def action_enrol_again(self):
        """A new enrolment after one that failed, was missed or did not help; it waits for a session."""
        self.ensure_one()
        self.check_access("read")
        if not self.may_repeat:
            raise AccessError(self.env._("The manager, HR or a training officer enrols %s again.", self.display_name))
        row = self.sudo()
        again = row.course_id._enrol(
            row.employee_id, reason=self.env._("Once more after %(state)s", state=row._again_after())
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": again.id,
            "views": [(False, "form")],
        }

    def _again_after(self):
        if self.state == "passed":
            return dict(self._fields["effect_result"]._description_selection(self.env))[self.effect_result]
        return self._workflow_state_label()

    def action_open_certificate(self):
        self.ensure_one()
        own = not self.env.user.has_groups(f"{WRITER_GROUPS},sqms_base.group_sqms_certifier")
        action = self.env["ir.actions.actions"]._for_xml_id(
            f"sqms_training.hr_employee_skill_action_{'own' if own else 'certificates'}"
        )
        return {
            **action,
            "res_id": self.certificate_id.id,
            "views": [(self.env.ref("sqms_training.hr_employee_skill_view_form_certificate").id, "form")],
        }

    def _form(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_enrolment_id": self.id},
        }
