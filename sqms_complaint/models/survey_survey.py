from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SurveySurvey(models.Model):
    """A questionnaire of satisfaction is sent by the system alone.

    1. Nobody invites by hand, takes part from a link that is passed on, or tries again: whom we ask would else be
       chosen by those who are judged.
    2. A test of the questions is possible and never counts.
    3. Once something was answered, the scales and what they measure stay.
    """

    _inherit = "survey.survey"

    sqms_is_satisfaction = fields.Boolean(
        string="Measures Satisfaction", copy=True, index="btree_not_null",
        help="The answers go to the figures of satisfaction. Invitations are then made by the system alone.",
    )  # fmt: skip

    def write(self, vals):
        if "sqms_is_satisfaction" in vals and not vals["sqms_is_satisfaction"]:
            self._sqms_refuse_measured()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_measured(self):
        self._sqms_refuse_measured()

    def _sqms_refuse_measured(self):
        """Refuse what would make answers mean something else than what was asked."""
        asked = self.env["sqms.satisfaction.answer"].sudo()
        for survey in self.sudo().filtered("sqms_is_satisfaction"):
            if asked.search_count([("survey_id", "=", survey.id)], limit=1):
                raise AccessError(
                    self.env._(
                        "“%s” has been sent to customers: what it measures stays. Please copy it and change the copy.",
                        survey.title,
                    )
                )

    def _create_answer(self, user=False, partner=False, email=False, test_entry=False, check_attempts=True, **vals):
        if not test_entry and any(self.sudo().mapped("sqms_is_satisfaction")):
            raise UserError(self.env._("Customers are invited to this survey by the system alone, each of them once."))
        return super()._create_answer(
            user=user, partner=partner, email=email, test_entry=test_entry, check_attempts=check_attempts, **vals
        )
