from odoo import fields, models

# Hours by grade, where the company says nothing else.
CONTAIN_HOURS = {"minor": 72, "major": 24, "critical": 4}


class ResCompanyNonconformity(models.Model):
    """Within how many hours a nonconformity is contained, by its grade; what is empty is as in `CONTAIN_HOURS`."""

    _inherit = "res.company"

    # Not required: a company can be made while this addon is installed and not loaded yet.
    sqms_contain_hours_minor = fields.Float(string="Minor Ones Contained Within", default=CONTAIN_HOURS["minor"])
    sqms_contain_hours_major = fields.Float(string="Major Ones Contained Within", default=CONTAIN_HOURS["major"])
    sqms_contain_hours_critical = fields.Float(
        string="Critical Ones Contained Within", default=CONTAIN_HOURS["critical"]
    )

    _sqms_contain_hours_positive = models.Constraint(
        "CHECK(sqms_contain_hours_minor >= 0 AND sqms_contain_hours_major >= 0 AND sqms_contain_hours_critical >= 0)",
        "The hours until it is contained are not less than none.",
    )

    def _contain_hours(self, grade):
        """Hours until one of this grade is contained; those of new ones, what is reported keeps its deadline."""
        if grade not in CONTAIN_HOURS:
            return 0.0
        return self[f"sqms_contain_hours_{grade}"] or float(CONTAIN_HOURS[grade])
