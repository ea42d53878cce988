from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.sqms_base.lib.privacy import TEXT
from odoo.addons.sqms_base.lib.workflow_pass import passed

from ..lib.appraisal import SCALES
from .optional_score import OptionalMean, OptionalScore
from .sqms_appraisal import FITS

BANDS = [("1", "Lowest"), ("2", "Low"), ("3", "Middle"), ("4", "High"), ("5", "Highest")]
KINDS = [("self", "Employee"), ("manager", "Manager"), ("calibrated", "Calibrated")]
# (state in which it is written, whose it is)
HANDS = {"self": ("self", "employee"), "manager": ("manager", "manager"), "calibrated": ("calibration", "calibrator")}
LAID_DOWN = ("appraisal_id", "line_id", "kind")


class SqmsAppraisalRating(models.Model):
    """What one of the three says to one criterion, or (without one) to the whole.

    1. Each view is a row of its own, so that who may not read it yet finds it nowhere: not in a list, a sum, an
       export or the ledger.
    2. It is written by the person whose view it is while it is his turn; superuser and server action included.
    3. It is never deleted.
    """

    _name = "sqms.appraisal.rating"
    _description = "View in an Appraisal"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "appraisal_id desc, kind, line_id, id"
    _check_company_auto = True
    _workflow_parent = "appraisal_id"
    _workflow_parent_lines = "rating_ids"

    appraisal_id = fields.Many2one("sqms.appraisal", required=True, index=True, ondelete="restrict")
    line_id = fields.Many2one("sqms.appraisal.line", "Criterion", index="btree_not_null", ondelete="restrict")
    kind = fields.Selection(KINDS, required=True, index=True)
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True, index=True, precompute=True)
    employee_id = fields.Many2one(related="appraisal_id.employee_id", store=True, index=True, precompute=True)
    scheme_id = fields.Many2one(related="appraisal_id.scheme_id", store=True, precompute=True)
    department_id = fields.Many2one(related="appraisal_id.department_id", store=True, precompute=True)
    score = OptionalScore(aggregator="avg")
    note = fields.Text("Why")
    fit = fields.Selection(FITS, "For the Job")
    # of the whole, frozen when the person hands it on
    total = OptionalMean("Weighted Mean", readonly=True, digits=(6, 2), aggregator="avg")
    band = fields.Selection(BANDS, readonly=True, help="Where the mean lies on the scale of the scheme.")

    _line_uniq = models.UniqueIndex("(line_id, kind) WHERE line_id IS NOT NULL", "This view is there already.")
    _whole_uniq = models.UniqueIndex("(appraisal_id, kind) WHERE line_id IS NULL", "This view is there already.")
    _company_kind_idx = models.Index("(company_id, kind, department_id) WHERE line_id IS NULL")

    _ledger_fields = ("appraisal_id", "line_id", "kind", "score", "note", "fit", "total")
    _ledger_personal_fields = ("score", "note", "fit", "total")
    _privacy_fields = {"note": TEXT}

    @api.depends("appraisal_id", "line_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for rating in self:
            known = rating.sudo()
            rating.display_name = " · ".join(
                filter(None, (known.appraisal_id.display_name, known.line_id.name, kinds.get(rating.kind)))
            )

    @api.constrains("score", "line_id", "appraisal_id", "fit")
    def _check_score(self):
        for rating in self.sudo():
            low, high, _step = SCALES[rating.appraisal_id.scale]
            if rating.score is not False and not low <= rating.score <= high:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: a score lies between %(low)s and %(high)s.",
                        name=rating.line_id.name or rating.appraisal_id.display_name, low=low, high=high,
                    )
                )  # fmt: skip
            if rating.line_id and rating.line_id.appraisal_id != rating.appraisal_id:
                raise ValidationError(self.env._("This criterion belongs to another appraisal."))
            if rating.fit and (rating.line_id or rating.kind != "calibrated"):
                raise ValidationError(self.env._("Whether somebody is fit is said of the whole, by the calibration."))
            if rating.score is not False and not rating.line_id:
                raise ValidationError(self.env._("A score is given to a criterion; the mean follows from them."))

    # -- whose hand ------------------------------------------------------------------

    def _create(self, data_list):
        # Defaults from the context are merged below `create`.
        for data in data_list:
            stored = data["stored"]
            self._refuse_hand(self.env["sqms.appraisal"].browse(stored.get("appraisal_id") or []), stored.get("kind"))
            if stored.get("total") or stored.get("band"):
                self._refuse_total(self.env["sqms.appraisal"].browse(stored["appraisal_id"]))
        return super()._create(data_list)

    def write(self, vals):
        for rating in self:
            if any(name in vals and rating[name] != rating._as_written(name, vals[name]) for name in LAID_DOWN):
                raise AccessError(self.env._("A view stays with whom and what it was given for."))
            rating._refuse_hand(rating.sudo().appraisal_id, rating.kind)
            if {"total", "band"}.intersection(vals):
                self._refuse_total(rating.sudo().appraisal_id)
        return super().write(vals)

    def _as_written(self, name, value):
        field = self._fields[name]
        return self.env[field.comodel_name].browse(value or []) if field.relational else value

    def _refuse_hand(self, appraisal, kind):
        """Not even with all rights: a view is the view of a person."""
        appraisal = appraisal.sudo()
        if not appraisal or passed(appraisal, {"rating_ids"}):
            return
        state, hand = HANDS.get(kind, (None, None))
        if appraisal.state != state:
            raise AccessError(
                self.env._(
                    "%(record)s is “%(state)s”: this view is not written now.",
                    record=appraisal.display_name, state=appraisal._workflow_state_label(),
                )
            )  # fmt: skip
        if hand not in appraisal._hands(self.env.user):
            raise AccessError(self.env._("This view of %s is not yours to write.", appraisal.display_name))

    def _refuse_total(self, appraisal):
        if not passed(appraisal.sudo(), {"rating_ids"}):
            raise AccessError(self.env._("The weighted mean is worked out when the view is handed on."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was said in an appraisal stays in it."))
