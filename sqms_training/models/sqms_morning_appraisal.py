from odoo import models
from odoo.fields import Domain

from .sqms_appraisal_hands import HR_GROUPS

ACTION = "sqms_training.sqms_appraisal_action"


class SqmsMorningAppraisal(models.AbstractModel):
    """Appraisals on the start page: my own turn, my people, those to calibrate."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [
            *super()._morning_sections(),
            self._morning_appraisals("own", self.env._("My appraisal"), self._own_turn(), 40),
            self._morning_appraisals("people", self.env._("My people to appraise"), self._people_turn(), 41),
            self._morning_appraisals("calibrate", self.env._("Appraisals to calibrate"), self._calibration_turn(), 42),
        ]

    def _own_turn(self):
        unheard = Domain("state", "=", "hearing") & Domain("heard_at", "=", False)
        return Domain("user_id", "=", self.env.uid) & (Domain("state", "=", "self") | unheard)

    def _people_turn(self):
        mine = Domain("delegate_id", "=", self.env.uid) | (
            Domain("delegate_id", "=", False) & Domain("manager_id", "=", self.env.uid)
        )
        return mine & Domain("state", "=", "manager") & Domain("user_id", "!=", self.env.uid)

    def _calibration_turn(self):
        turn = Domain("calibrator_id", "=", self.env.uid) & Domain("state", "=", "calibration")
        if self.env.user.has_groups(HR_GROUPS):
            unnamed = (
                Domain("calibrator_id", "=", False)
                & Domain("manager_id", "!=", self.env.uid)
                & Domain("delegate_id", "!=", self.env.uid)
                & Domain("company_id", "in", self.env.companies.ids)
            )
            heard = Domain("state", "=", "hearing") & Domain("heard_at", "!=", False)
            turn |= unnamed & (Domain("state", "=", "calibration") | heard)
        return turn & Domain("user_id", "!=", self.env.uid)

    def _morning_appraisals(self, key, title, domain, sequence):
        return self._morning_section(
            f"appraisals_{key}",
            [self._morning_source("sqms.appraisal", domain, self._show_appraisals, due="step_due_on")],
            sequence=sequence,
            icon="fa-balance-scale",
            title=title,
            more=self._morning_all(ACTION, domain),
        )

    def _show_appraisals(self, appraisals):
        return [
            self._morning_item(
                appraisal,
                appraisal.sudo().employee_id.name,
                {"xmlid": ACTION},
                due=appraisal.step_due_on,
                subtitle=appraisal._workflow_state_label(),
                note=appraisal.number,
                avatar=self.env["hr.employee.public"].browse(appraisal.sudo().employee_id.id),
            )
            for appraisal in appraisals
        ]
