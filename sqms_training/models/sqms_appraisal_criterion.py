from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.appraisal import SCALES
from .optional_score import OptionalScore
from .sqms_appraisal_scheme import watch_weights


class SqmsAppraisalCriterion(models.Model):
    """One thing that people of a job are appraised by, and how much it counts."""

    _name = "sqms.appraisal.criterion"
    _description = "Criterion of an Appraisal"
    _inherit = ["sqms.ledger.mixin"]
    _order = "scheme_id, sequence, id"
    _check_company_auto = True

    scheme_id = fields.Many2one(
        "sqms.appraisal.scheme", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Criterion", required=True, translate=True)
    description = fields.Text(
        "What It Means", translate=True, help="What a good one does, so that two people mean alike."
    )
    weight = fields.Integer("Weight (%)", required=True, aggregator="sum")
    is_must = fields.Boolean("Must", help="Below its minimum nobody is fit, whatever the rest says.")
    minimum = OptionalScore("At Least", aggregator=None, help="On the scale of the scheme.")
    # what helps when it is low
    skill_id = fields.Many2one("hr.skill", "Skill Behind It", index="btree_not_null", ondelete="restrict")
    skill_level_id = fields.Many2one("hr.skill.level", "Level Needed", index="btree_not_null", ondelete="restrict")
    course_id = fields.Many2one(
        "sqms.training.course", "Course That Helps", index="btree_not_null", ondelete="restrict", check_company=True
    )

    _weight_positive = models.Constraint(
        "CHECK(weight BETWEEN 1 AND 100)", "A criterion counts between 1 and 100 percent."
    )
    _ledger_fields = (
        "scheme_id", "name", "description", "weight", "is_must", "minimum", "skill_id", "skill_level_id", "course_id",
    )  # fmt: skip

    def init(self):
        super().init()
        watch_weights(self, "INSERT OR DELETE OR UPDATE OF weight, scheme_id", "scheme_id")

    @api.constrains("is_must", "minimum", "scheme_id")
    def _check_minimum(self):
        for criterion in self:
            low, high, _step = SCALES[criterion.scheme_id.scale]
            if criterion.is_must and criterion.minimum is False:
                raise ValidationError(self.env._("“%s” is a must: please say from which score on.", criterion.name))
            if criterion.minimum is not False and not low <= criterion.minimum <= high:
                raise ValidationError(
                    self.env._(
                        "The minimum of “%(name)s” lies between %(low)s and %(high)s.",
                        name=criterion.name, low=low, high=high,
                    )
                )  # fmt: skip

    @api.constrains("skill_id", "skill_level_id")
    def _check_level(self):
        for criterion in self.filtered("skill_level_id"):
            if criterion.skill_level_id.skill_type_id != criterion.skill_id.skill_type_id:
                raise ValidationError(
                    self.env._("The level of “%s” does not belong to the skill behind it.", criterion.name)
                )

    # -- the set as a whole ------------------------------------------------------------

    def _create(self, data_list):
        # Defaults from the context are merged below `create`.
        schemes = self.env["sqms.appraisal.scheme"].browse({data["stored"].get("scheme_id") for data in data_list})
        schemes._refuse_change({"criterion_ids"})
        criteria = super()._create(data_list)
        criteria.scheme_id._check_weights()
        return criteria

    def write(self, vals):
        schemes = self.scheme_id | self.env["sqms.appraisal.scheme"].browse(vals.get("scheme_id") or [])
        schemes._refuse_change({"criterion_ids"} if vals else set())
        result = super().write(vals)
        if {"weight", "scheme_id"}.intersection(vals):
            schemes._check_weights()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self.scheme_id._refuse_change({"criterion_ids"})
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def unlink(self):
        schemes = self.scheme_id
        schemes._refuse_change({"criterion_ids"})
        result = super().unlink()
        schemes.exists()._check_weights()
        return result
