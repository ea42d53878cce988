from odoo import models
from odoo.exceptions import AccessError

HR_GROUPS = "hr.group_hr_user,sqms_training.group_training_officer"
# Who writes what; everything else is for HR.
OPEN_TO = {
    "line_ids": ("employee", "manager", "calibrator", "hr"),
    "self_words": ("employee",),
    "manager_words": ("manager",),
    "calibrated_words": ("calibrator",),
    "calibrated_fit": ("calibrator",),
    "delegate_id": ("manager", "hr"),
    "return_reason": ("calibrator", "hr"),
    "employee_verdict": ("employee", "stand_in"),
    "employee_comment": ("employee", "stand_in"),
}


class SqmsAppraisalHands(models.Model):
    """Whose hands an appraisal passes through, and what each of them writes.

    1. The employee writes his own view, and what he says when he is heard. In his own appraisal he is nothing but the
       employee, whatever roles he has elsewhere.
    2. The manager, or who is named in his place, writes the manager's view.
    3. The calibrator does; where none is named, HR.
    4. HR names the people and, for an employee without login, notes what he says.
    """

    _inherit = "sqms.appraisal"

    def _hands(self, user=None):
        """As what the user works on this appraisal: a set of "employee", "manager", "calibrator", "hr", "stand_in"."""
        self.ensure_one()
        user = user or self.env.user
        known = self.sudo()
        if user == known.user_id:
            return {"employee"}
        hands = set()
        if user in (known.manager_id | known.delegate_id):
            hands.add("manager")
        is_hr = user.has_groups(HR_GROUPS) and not user.has_group("sqms_base.group_sqms_certifier")
        if user == known.calibrator_id or (is_hr and not known.calibrator_id and "manager" not in hands):
            hands.add("calibrator")
        if is_hr:
            hands.add("hr")
            if not known.user_id:
                hands.add("stand_in")
        return hands

    def write(self, vals):
        if not self.env.su:
            for appraisal in self:
                appraisal._refuse_hands(vals)
        answered = {"employee_verdict", "employee_comment"}.intersection(vals)
        result = super().write(vals)
        if answered:
            self._note_hearing()
        return result

    def _refuse_hands(self, names):
        """Refuse fields that are not for this person; what steps and the system fill in has its own guards."""
        hands = self._hands()
        plain = set(names) - set(self._workflow_managed) - {self._workflow_field}
        for name in sorted(plain):
            allowed = OPEN_TO.get(name, ("hr",))
            if not hands.intersection(allowed):
                raise AccessError(
                    self.env._(
                        "“%(field)s” of %(record)s is not yours to write.",
                        field=self._fields[name]._description_string(self.env),
                        record=self.display_name,
                    )
                )
