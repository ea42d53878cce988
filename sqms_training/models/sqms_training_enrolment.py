from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.privacy import TEXT
from odoo.addons.sqms_base.lib.transition import Transition

from .hr_employee_skill import WRITER_GROUPS

_lt = LazyTranslate(__name__)

STATES = [
    ("enrolled", "Enrolled"),
    ("running", "Under Way"),
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("absent", "Absent"),
    ("cancelled", "Cancelled"),
]
OPEN = ("enrolled", "running")
EFFECTS = [("effective", "Effective"), ("partly", "Partly Effective"), ("not_effective", "Not Effective")]
# What the course said when the enrolment started.
FROZEN = (
    "skill_type_id", "skill_id", "skill_level_id", "validity_months", "grace_days", "exam_survey_id",
    "exam_pass_percent", "exam_attempts", "effectiveness_days", "cost",
)  # fmt: skip
EXAM = ("exam_attempts_done", "exam_score", "exam_passed_at", "exam_counted")
EFFECT = ("effect_due_on", "effect_result", "effect_reason", "effect_by_id", "effect_at", "effect_asked_at")
REACTION = ("reaction", "reaction_comment", "reacted_at")


class SqmsTrainingEnrolment(models.Model):
    """One employee in one course: what was attended, what was passed, what came of it.

    1. It is measured by what the course was when it started.
    2. It is passed when every mandatory part and the exam are passed, and never by one who was absent.
    3. A pass grants the certificate once, and only once; nobody grants his own.
    4. Some time afterwards the manager says whether it helped in the work.
    """

    _name = "sqms.training.enrolment"
    _description = "Enrolment"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["employee_id.name", "course_id.name"]
    _check_company_auto = True

    course_id = fields.Many2one(
        "sqms.training.course", required=True, index=True, ondelete="restrict", check_company=True
    )
    session_id = fields.Many2one(
        "sqms.training.session", index="btree_not_null", ondelete="restrict", check_company=True, tracking=True,
        domain="[('course_id', '=', course_id), ('state', 'in', ('planned', 'open', 'held'))]",
        help="Left empty, the employee waits for a session, or learns by himself.",
    )  # fmt: skip
    employee_id = fields.Many2one("hr.employee", required=True, index=True, ondelete="restrict", check_company=True)
    department_id = fields.Many2one(related="employee_id.department_id")
    date_start = fields.Datetime(related="session_id.date_start", string="Session Begins", store=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    reason = fields.Char("Why", help="What this training is for.")
    state = fields.Selection(
        STATES, required=True, default="enrolled", readonly=True, copy=False, tracking=True, index=True,
        group_expand=True,
    )  # fmt: skip
    started_at = fields.Datetime("Started On", readonly=True, copy=False)
    ended_at = fields.Datetime("Ended On", readonly=True, copy=False)
    end_reason = fields.Text("Why It Ended", copy=False, help="To let it fail, miss or be cancelled: why.")
    # what it is measured by, as the course was when it started
    skill_type_id = fields.Many2one("hr.skill.type", "Type", readonly=True, copy=False, ondelete="restrict")
    skill_id = fields.Many2one("hr.skill", "Grants", readonly=True, copy=False, index=True, ondelete="restrict")
    skill_level_id = fields.Many2one("hr.skill.level", "Level", readonly=True, copy=False, ondelete="restrict")
    validity_months = fields.Integer("Valid for (Months)", readonly=True, copy=False)
    grace_days = fields.Integer("Days of Grace", readonly=True, copy=False)
    effectiveness_days = fields.Integer("Look After (Days)", readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(readonly=True, copy=False)
    part_ids = fields.One2many("sqms.training.enrolment.part", "enrolment_id", "Parts", copy=False)
    # the exam
    exam_survey_id = fields.Many2one(
        "survey.survey", "Exam", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    exam_pass_percent = fields.Float("Passed From (%)", readonly=True, copy=False)
    exam_attempts = fields.Integer("Attempts", readonly=True, copy=False)
    exam_attempts_done = fields.Integer("Attempts Taken", readonly=True, copy=False)
    exam_score = fields.Float("Best Score (%)", readonly=True, copy=False, aggregator="avg")
    exam_passed_at = fields.Datetime("Exam Passed On", readonly=True, copy=False)
    exam_counted = fields.Json(readonly=True, copy=False, export_string_translation=False)
    # what came of it
    certificate_id = fields.Many2one(
        "hr.employee.skill", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    granted_at = fields.Datetime("Granted On", readonly=True, copy=False)
    # did it help (asked some time afterwards)
    effect_due_on = fields.Date("Look After It On", readonly=True, copy=False)
    effect_asked_at = fields.Datetime("Manager Asked On", readonly=True, copy=False)
    effect_result = fields.Selection(EFFECTS, "Effect in the Work", readonly=True, copy=False, tracking=True)
    effect_reason = fields.Text("What Shows It", readonly=True, copy=False, help="What shows it in the work.")
    effect_by_id = fields.Many2one(
        "res.users", "Judged By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    effect_at = fields.Datetime("Judged On", readonly=True, copy=False)
    # how it was received; who said what stays with the one who said it
    reaction = fields.Integer(readonly=True, copy=False, groups=fields.NO_ACCESS, aggregator=None)
    reaction_comment = fields.Text(readonly=True, copy=False, groups=fields.NO_ACCESS)
    reacted_at = fields.Datetime("Feedback Given On", readonly=True, copy=False)

    _certificate_uniq = models.UniqueIndex(
        "(certificate_id) WHERE certificate_id IS NOT NULL", "A certificate comes from one enrolment."
    )
    _open_uniq = models.UniqueIndex(
        "(course_id, employee_id) WHERE state IN ('enrolled', 'running')",
        "This employee is enrolled in this course already.",
    )
    _reaction_range = models.Constraint(
        "CHECK(reacted_at IS NULL OR reaction BETWEEN 1 AND 5)", "A course is given one to five points."
    )
    _effect_idx = models.Index("(effect_due_on, id) WHERE effect_result IS NULL AND effect_due_on IS NOT NULL")
    _holder_idx = models.Index("(employee_id, state)")
    _figures_idx = models.Index("(company_id, ended_at)")

    _ledger_fields = (
        "course_id", "session_id", "employee_id", "company_id", "reason", "state", "started_at", "ended_at",
        "end_reason", *FROZEN, "exam_attempts_done", "exam_score", "exam_passed_at", "certificate_id", "granted_at",
        "effect_due_on", "effect_result", "effect_reason", "effect_by_id", "effect_at",
    )  # fmt: skip
    _ledger_personal_fields = ("reason", "end_reason", "effect_reason")
    _privacy_fields = dict.fromkeys(("reason", "end_reason", "effect_reason", "reaction_comment"), TEXT)
    _workflow_initial = ("enrolled",)
    _workflow_fixed = ("course_id", "employee_id", "company_id")
    _workflow_managed = (
        "started_at", "ended_at", *FROZEN, *EXAM, "certificate_id", "granted_at", *EFFECT, *REACTION,
    )  # fmt: skip
    _workflow_locked = {
        **dict.fromkeys(OPEN, ("session_id", "reason", "end_reason")),
        **dict.fromkeys(("passed", "failed", "absent", "cancelled"), ()),
    }
    _workflow = (
        Transition("start", _lt("Start"), source=("enrolled",), target="running", groups=WRITER_GROUPS),
        Transition("finish", _lt("Pass"), source=("running",), target="passed", groups=WRITER_GROUPS),
        Transition("fail", _lt("Fail"), source=("running",), target="failed", groups=WRITER_GROUPS,
                   required=("end_reason",), rare=True),
        Transition("miss", _lt("Absent"), source=OPEN, target="absent", groups=WRITER_GROUPS, rare=True),
        Transition("cancel", _lt("Cancel"), source=OPEN, target="cancelled", groups=WRITER_GROUPS,
                   required=("end_reason",), rare=True),
    )  # fmt: skip

    @api.depends("employee_id", "course_id")
    def _compute_display_name(self):
        for enrolment in self:
            enrolment.display_name = f"{enrolment.employee_id.name or ''} · {enrolment.course_id.name or ''}"
