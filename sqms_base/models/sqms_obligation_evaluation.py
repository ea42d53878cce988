from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .sqms_obligation import COMPLIANCE

KEPT = ("evaluator_id", "date", "company_id", "standard_id")


class SqmsObligationEvaluation(models.Model):
    """One look at an obligation: who found what, when, and on what it rests.

    1. The system records who and when.
    2. It is never changed or deleted, its files neither. A mistake is put right by the next evaluation.
    3. What is excluded is not evaluated.
    """

    _name = "sqms.obligation.evaluation"
    _description = "Evaluation of an Obligation"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _sqms_check_files = True

    obligation_id = fields.Many2one(
        "sqms.obligation", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="obligation_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    standard_id = fields.Many2one(
        related="obligation_id.standard_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(string="Evaluated On", required=True, readonly=True, copy=False, index=True)
    evaluator_id = fields.Many2one(
        "res.users", string="Evaluated By", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    result = fields.Selection([choice for choice in COMPLIANCE if choice[0] != "not_evaluated"], required=True)
    basis = fields.Text(required=True, help="What was looked at, and what it showed.")
    date_next_review = fields.Date(
        string="Next Review", default=lambda self: fields.Date.context_today(self) + timedelta(days=365),
        help="When the obligation is to be looked at again.",
    )  # fmt: skip
    attachment_ids = fields.Many2many(
        "ir.attachment", "sqms_obligation_evaluation_attachment_rel", string="Evidence", bypass_search_access=True
    )

    _ledger_fields = ("obligation_id", "date", "evaluator_id", "result", "basis", "date_next_review", "attachment_ids")

    @api.depends("obligation_id", "date")
    def _compute_display_name(self):
        for evaluation in self:
            day = fields.Datetime.context_timestamp(evaluation, evaluation.date).date() if evaluation.date else ""
            evaluation.display_name = f"{evaluation.obligation_id.display_name} · {day}"

    @api.constrains("basis")
    def _check_basis(self):
        for evaluation in self:
            if not (evaluation.basis or "").strip():
                raise ValidationError(self.env._("Please say on what the evaluation rests."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            closed = [name for name in KEPT if vals.get(name)]
            if closed:
                raise UserError(
                    self.env._(
                        "“%(field)s” of an evaluation is filled in by the system and cannot be written.",
                        field=self._fields[closed[0]]._description_string(self.env),
                    )
                )
        system = {"evaluator_id": self.env.uid, "date": fields.Datetime.now()}
        evaluations = super().create([{**vals, **system} for vals in vals_list])
        evaluations._check_obligations()
        evaluations._keep_files()
        evaluations._set_next_review()
        return evaluations

    def _check_obligations(self):
        for evaluation in self:
            if evaluation.obligation_id.applicability == "excluded":
                raise UserError(
                    self.env._("%s is excluded and is not evaluated.", evaluation.obligation_id.display_name)
                )

    def _keep_files(self):
        """The files belong to the evaluation; one that hangs on another record is copied, so that it stays as it is."""
        # pylint: disable=missing-return,super-method-mismatch
        for evaluation in self.filtered("attachment_ids"):
            kept = evaluation.attachment_ids._sqms_kept_by(evaluation)
            super(SqmsObligationEvaluation, evaluation.sudo()).write({"attachment_ids": [(6, 0, kept.ids)]})

    def _set_next_review(self):
        for evaluation in self:
            evaluation.obligation_id.date_next_review = evaluation.date_next_review
        self.obligation_id._close_activities()

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse_change()

    def _refuse_change(self):
        if self:
            raise UserError(
                self.env._("An evaluation stays as it was made. Please evaluate the obligation again instead.")
            )
