from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sqms_base.models.sqms_keep_mixin import heed_guards


class SqmsTrainingExamAttempt(models.Model):
    """One finished attempt at an exam, as it was judged at that moment.

    1. It is written once, when the attempt is finished, and stays: what is done to the answers later changes nothing.
    2. Each attempt counts once, and each number is given once in an enrolment.
    3. Whoever may read the enrolment reads it. What was answered to which question stays in the survey.
    """

    _name = "sqms.training.exam.attempt"
    _description = "Attempt at an Exam"
    _order = "enrolment_id, number desc"
    _check_company_auto = True

    enrolment_id = fields.Many2one(
        "sqms.training.enrolment", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    employee_id = fields.Many2one(related="enrolment_id.employee_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="enrolment_id.company_id", store=True, index=True, precompute=True)
    exam_id = fields.Many2one("sqms.training.exam", required=True, readonly=True, index=True, ondelete="restrict")
    input_id = fields.Many2one(
        "survey.user_input", "Answers", readonly=True, ondelete="set null", groups="survey.group_survey_user"
    )
    number = fields.Integer("Attempt", required=True, readonly=True, aggregator=None)
    begun_at = fields.Datetime("Begun On", readonly=True)
    ended_at = fields.Datetime("Ended On", required=True, readonly=True)
    score = fields.Float("Score (%)", readonly=True, aggregator="avg")
    passed = fields.Boolean(readonly=True)
    is_late = fields.Boolean("Handed In Late", readonly=True)
    invigilator_id = fields.Many2one(
        "res.users", "Opened By", readonly=True, index="btree_not_null", ondelete="restrict",
        help="The exam of somebody without a login was opened by this person.",
    )  # fmt: skip

    _number_uniq = models.UniqueIndex("(enrolment_id, number)", "Each attempt has a number of its own.")
    _input_uniq = models.UniqueIndex("(input_id) WHERE input_id IS NOT NULL", "Each attempt counts once.")
    _score_range = models.Constraint("CHECK(score >= 0 AND score <= 100)", "A score lies between 0 and 100 %.")

    @api.depends("number", "enrolment_id")
    def _compute_display_name(self):
        for attempt in self:
            attempt.display_name = f"{attempt.enrolment_id.display_name} · {attempt.number}"

    def write(self, vals):
        if vals.keys() - {"company_id", "employee_id"} or not self.env.su:
            raise UserError(self.env._("An attempt stays as it was judged."))
        return super().write(vals)

    def unlink(self):
        return super(SqmsTrainingExamAttempt, heed_guards(self, "sqms_training")).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An attempt stays as it was judged."))
