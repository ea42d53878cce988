from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.privacy import KEEP, TEXT
from odoo.addons.sqms_base.lib.transition import Transition

from .optional_score import OptionalMean

_lt = LazyTranslate(__name__)

STATES = [
    ("draft", "Draft"),
    ("self", "Self-Appraisal"),
    ("manager", "Manager"),
    ("calibration", "Calibration"),
    ("hearing", "Employee Is Heard"),
    ("confirmed", "Confirmed"),
    ("cancelled", "Cancelled"),
]
OPEN = ("self", "manager", "calibration", "hearing")
RELEASED = ("hearing", "confirmed")
FITS = [("fit", "Fit"), ("development", "Fit with Development"), ("not_fit", "Not Fit")]
VERDICTS = [("agree", "Agrees"), ("disagree", "Disagrees")]
PEOPLE = ("manager_id", "delegate_id", "calibrator_id")
RESULT = ("score", "score_percent", "fit", "confirmed_at", "confirmed_by_id", "plan_id")


class SqmsAppraisal(models.Model):
    """How one employee does his job: his own view, his manager's, the calibrated one, confirmed by a person.

    1. He speaks first. His manager (or who is named in his place) follows, then somebody else calibrates.
    2. What the manager and the calibration say reaches him when it is released; then he is heard, and only then another
       person than his manager confirms it with a signature.
    3. Nobody appraises, calibrates or confirms himself, whatever his role.
    4. Scores come from people. Facts stand beside them, were copied when it started, and set no score.
    5. There is no chatter: what is said here is said in the appraisal, to those who may read it.
    """

    _name = "sqms.appraisal"
    _description = "Appraisal"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin"]
    _order = "date_to desc, id desc"
    _rec_names_search = ["number", "employee_id.name"]
    _check_company_auto = True
    _number_prefix = "APR"

    # of whom, by what
    employee_id = fields.Many2one("hr.employee", required=True, index=True, ondelete="restrict", check_company=True)
    user_id = fields.Many2one(
        "res.users", "Login of the Employee", related="employee_id.user_id", store=True, index=True,
        related_sudo=True, precompute=True, ondelete="restrict",
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    scheme_id = fields.Many2one(
        "sqms.appraisal.scheme", required=True, index=True, ondelete="restrict", check_company=True
    )
    scale = fields.Selection(related="scheme_id.scale", related_sudo=True)
    pass_score = fields.Float(related="scheme_id.pass_score", related_sudo=True)
    department_id = fields.Many2one(
        "hr.department", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="Where the employee worked when it started.",
    )  # fmt: skip
    job_id = fields.Many2one("hr.job", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True, index=True)
    # by whom
    manager_id = fields.Many2one(
        "res.users", "Appraised By", index="btree_not_null", ondelete="restrict", domain=[("share", "=", False)],
        help="The manager of the employee when it starts, or who is named in his place.",
    )  # fmt: skip
    delegate_id = fields.Many2one(
        "res.users", "In His Place", index="btree_not_null", ondelete="restrict", domain=[("share", "=", False)],
        copy=False,
    )  # fmt: skip
    calibrator_id = fields.Many2one(
        "res.users", "Calibrated By", index="btree_not_null", ondelete="restrict", domain=[("share", "=", False)],
        help="The manager's manager. Left empty, HR calibrates.",
    )  # fmt: skip
    # how far it is
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, index=True)
    step_due_on = fields.Date("Due", readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    reminded_on = fields.Date("Last Reminder", readonly=True, copy=False)
    started_at = fields.Datetime("Started On", readonly=True, copy=False)
    # what was said
    line_ids = fields.One2many("sqms.appraisal.line", "appraisal_id", "Scores", copy=False)
    rating_ids = fields.One2many("sqms.appraisal.rating", "appraisal_id", "Views", readonly=True, copy=False)
    fact_ids = fields.One2many("sqms.appraisal.fact", "appraisal_id", "Facts", readonly=True, copy=False)
    skip_reason = fields.Text("Why Without Self-Appraisal", copy=False)
    return_reason = fields.Text("Why It Goes Back", copy=False)
    cancel_reason = fields.Text("Why It Is Cancelled", copy=False)
    # how he was heard
    employee_verdict = fields.Selection(VERDICTS, "The Employee", copy=False)
    employee_comment = fields.Text("What He Says to It", copy=False)
    heard_at = fields.Datetime("Heard On", readonly=True, copy=False)
    heard_by_id = fields.Many2one(
        "res.users", "Noted By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    # what came of it, from the confirmation on
    score = OptionalMean("Confirmed Score", readonly=True, copy=False, digits=(6, 2), aggregator="avg")
    score_percent = OptionalMean("Score (% of the Scale)", readonly=True, copy=False, aggregator="avg")
    score_word = fields.Char("In Words", compute="_compute_score_word")
    fit = fields.Selection(FITS, "For the Job", readonly=True, copy=False, index=True)
    confirmed_at = fields.Datetime("Confirmed On", readonly=True, copy=False, index="btree_not_null")
    confirmed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    plan_id = fields.Many2one(
        "sqms.training.plan", "Development Plan", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    _period_uniq = models.UniqueIndex(
        "(employee_id, date_from, date_to) WHERE state != 'cancelled'",
        "This employee is appraised for this period already.",
    )
    _dates_ordered = models.Constraint("CHECK(date_from <= date_to)", "The period ends before it begins.")
    _due_idx = models.Index("(company_id, step_due_on) WHERE state IN ('self', 'manager', 'calibration', 'hearing')")
    _state_idx = models.Index("(company_id, state, department_id)")
    _last_idx = models.Index("(employee_id, confirmed_at) WHERE state = 'confirmed'")

    _ledger_fields = (
        "number", "employee_id", "company_id", "scheme_id", "department_id", "job_id", "date_from", "date_to",
        "manager_id", "delegate_id", "calibrator_id", "state", "step_due_on", "started_at", "skip_reason",
        "return_reason", "cancel_reason", "employee_verdict", "employee_comment", "heard_at", "heard_by_id", "score",
        "fit", "confirmed_at", "confirmed_by_id", "plan_id",
    )  # fmt: skip
    _ledger_personal_fields = ("skip_reason", "return_reason", "cancel_reason", "employee_verdict", "employee_comment",
                               "score", "fit")  # fmt: skip
    _privacy_fields = {
        **dict.fromkeys(("skip_reason", "return_reason", "cancel_reason", "employee_comment"), TEXT),
        "score_word": KEEP,
    }
    _signature_fields = (
        "number", "employee_id", "scheme_id", "job_id", "date_from", "date_to", "manager_id", "delegate_id",
        "calibrator_id", "rating_ids", "fact_ids", "employee_verdict", "employee_comment", "heard_at",
    )  # fmt: skip
    _signature_lines = {
        "rating_ids": ("kind", "line_id", "score", "note", "fit", "total"),
        "fact_ids": ("code", "value", "n"),
    }
    _workflow_managed = ("department_id", "job_id", "step_due_on", "reminded_on", "started_at", "heard_at",
                         "heard_by_id", *RESULT)  # fmt: skip
    _workflow_fixed = ("employee_id", "company_id")
    _workflow_locked = {
        "self": (*PEOPLE, "self_words", "line_ids", "rating_ids", "skip_reason", "cancel_reason"),
        "manager": (*PEOPLE, "manager_words", "line_ids", "rating_ids", "cancel_reason"),
        "calibration": (
            "calibrator_id", "calibrated_words", "calibrated_fit", "line_ids", "rating_ids", "return_reason",
            "cancel_reason",
        ),
        "hearing": ("employee_verdict", "employee_comment", "return_reason", "cancel_reason"),
        "confirmed": (),
        "cancelled": (),
    }  # fmt: skip
    _workflow = (
        Transition("start", _lt("Start"), ("draft",), "self", required=("manager_id",)),
        Transition("start_with_manager", _lt("Start with the Manager"), ("draft",), "manager",
                   required=("manager_id", "skip_reason")),
        Transition("submit_self", _lt("Hand to My Manager"), ("self",), "manager"),
        Transition("skip_self", _lt("Go On without Self-Appraisal"), ("self",), "manager", required=("skip_reason",),
                   rare=True),
        Transition("submit_manager", _lt("Hand to Calibration"), ("manager",), "calibration"),
        Transition("release", _lt("Show to the Employee"), ("calibration",), "hearing"),
        Transition("send_back", _lt("Back to the Manager"), ("calibration",), "manager", required=("return_reason",),
                   rare=True),
        Transition("reconsider", _lt("Calibrate Again"), ("hearing",), "calibration", required=("return_reason",),
                   rare=True),
        Transition("confirm", _lt("Confirm"), ("hearing",), "confirmed", signature="approver"),
        Transition("cancel", _lt("Cancel"), ("draft", *OPEN), "cancelled", required=("cancel_reason",), rare=True),
    )  # fmt: skip
    _morning_sign_due = "step_due_on"
    _morning_sign_action = "sqms_training.sqms_appraisal_action"

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "employee_id")
    def _compute_display_name(self):
        for appraisal in self:
            appraisal.display_name = " ".join(
                filter(None, (appraisal.number, appraisal.sudo().employee_id.name))
            )  # fmt: skip

    @api.depends("score", "scheme_id")
    @api.depends_context("lang")
    def _compute_score_word(self):
        for appraisal in self:
            score = appraisal.score
            appraisal.score_word = False if score is False else appraisal.sudo().scheme_id._word(score)

    @api.depends("state", "step_due_on")
    def _compute_is_late(self):
        for appraisal in self:
            due = appraisal.step_due_on
            appraisal.is_late = bool(
                due and appraisal.state in OPEN and due < appraisal.company_id.sudo()._sqms_today()
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("step_due_on", "<", company._sqms_today())
            for company in self.env["res.company"].sudo().search([])
        )
        return late & Domain("state", "in", OPEN)

    # -- who ------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("employee_id") and "manager_id" not in vals:
                vals.update(self._people_of(self.env["hr.employee"].browse(vals["employee_id"])))
        return super().create(vals_list)

    @api.model
    def _people_of(self, employee):
        """Who appraises and who calibrates an employee as the chart of the company is today."""
        manager = employee.sudo().parent_id
        user = manager.user_id - employee.sudo().user_id
        above = manager.parent_id.user_id - employee.sudo().user_id - user
        return {"manager_id": user.id, "calibrator_id": above.id}

    @api.onchange("employee_id")
    def _onchange_employee_id(self):
        for appraisal in self.filtered("employee_id"):
            appraisal.update(self._people_of(appraisal.employee_id._origin))

    @api.constrains("employee_id", *PEOPLE)
    def _check_people(self):
        for appraisal in self.sudo():
            own = appraisal.employee_id.user_id
            if own and own in (appraisal.manager_id | appraisal.delegate_id | appraisal.calibrator_id):
                raise ValidationError(
                    self.env._("%s is appraised here: nobody appraises or calibrates himself.", own.name)
                )
            if appraisal.calibrator_id and appraisal.calibrator_id in (appraisal.manager_id | appraisal.delegate_id):
                raise ValidationError(
                    self.env._("%s appraises: another person calibrates.", appraisal.calibrator_id.name)
                )
            if appraisal.employee_id.company_id != appraisal.company_id:
                raise ValidationError(self.env._("%s works in another company.", appraisal.employee_id.name))

    @api.constrains("scheme_id", "employee_id")
    def _check_scheme(self):
        for appraisal in self.sudo().filtered(lambda appraisal: appraisal.state == "draft"):
            scheme = appraisal.scheme_id
            if scheme.job_ids and appraisal.employee_id.job_id not in scheme.job_ids:
                raise ValidationError(
                    self.env._(
                        "“%(scheme)s” is not for the job of %(employee)s.",
                        scheme=scheme.display_name, employee=appraisal.employee_id.name,
                    )
                )  # fmt: skip

    def copy_data(self, default=None):
        raise UserError(self.env._("An appraisal is about one period. It is not copied."))

    # -- whose signature is asked for --------------------------------------------------

    def _signature_authors(self):
        """Neither the employee nor who appraised him confirms it."""
        return {
            appraisal.id: appraisal.user_id | appraisal.manager_id | appraisal.delegate_id for appraisal in self.sudo()
        }

    def _signature_sentence(self, meaning, record):
        if meaning != "approver":
            return super()._signature_sentence(meaning, record)
        return self.env._(
            "I have weighed %(record)s and what the employee says to it. The scores and the result are mine to "
            "answer for; no system has decided on them.",
            record=record,
        )

    @api.model
    def _morning_sign_domain(self):
        """Those that are heard and are his to confirm; HR has its own section for the others."""
        return Domain("state", "=", "hearing") & Domain("heard_at", "!=", False) & Domain(
            "calibrator_id", "=", self.env.uid
        )  # fmt: skip
