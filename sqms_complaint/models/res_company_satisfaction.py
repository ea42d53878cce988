from odoo import fields, models


class ResCompanySatisfaction(models.Model):
    """Whom the company asks after a complaint, how often and for how long."""

    _inherit = "res.company"

    satisfaction_is_on = fields.Boolean(
        string="Ask After Each Complaint", default=True,
        help="After each closed complaint the customer is asked once how it was handled.",
    )  # fmt: skip
    satisfaction_percent = fields.Integer(
        string="Of All, Ask (%)", default=100,
        help="A draw that nobody can bend decides which complaints; the others are kept as not asked.",
    )  # fmt: skip
    satisfaction_at_least = fields.Integer(
        string="But at Least (a Month)", default=30,
        help="When few complaints are closed, the share is raised so that about so many are asked in a month.",
    )  # fmt: skip
    satisfaction_cooldown_days = fields.Integer(
        string="Leave in Peace (Days)", default=30,
        help="A customer asked about one complaint is not asked about another one for so long.",
    )  # fmt: skip
    satisfaction_deadline_days = fields.Integer(string="Open for (Days)", default=21)
    satisfaction_reminders = fields.Integer(string="Reminders at Most", default=1)
    satisfaction_reminder_days = fields.Integer(string="Remind After (Days)", default=5)

    _satisfaction_percent = models.Constraint(
        "CHECK(satisfaction_percent BETWEEN 0 AND 100)", "Ask between 0 and 100 % of the customers."
    )
    _satisfaction_days = models.Constraint(
        "CHECK(satisfaction_cooldown_days >= 0 AND satisfaction_deadline_days BETWEEN 1 AND 365 "
        "AND satisfaction_reminder_days >= 1 AND satisfaction_reminders BETWEEN 0 AND 5 "
        "AND satisfaction_at_least >= 0)",
        "A survey is open for 1 to 365 days, with up to 5 reminders, a day or more apart.",
    )

    def _satisfaction_survey(self):
        """The questionnaire after a complaint, or none if it was taken away."""
        survey = self.env.ref("sqms_complaint.survey_satisfaction", raise_if_not_found=False)
        return (survey or self.env["survey.survey"]).sudo().filtered("active")
