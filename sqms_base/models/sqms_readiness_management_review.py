from odoo import models
from odoo.tools import format_date


class SqmsReadinessManagementReview(models.AbstractModel):
    """Top management has looked at the system within the interval that the company set."""

    _inherit = "sqms.readiness"

    def _more_readiness_checks(self):
        return [
            *super()._more_readiness_checks(),
            self._readiness_check(
                "management_review", 70, self.env._("Management review"), self._check_management_review,
                "sqms_base.sqms_review_action", icon="fa-gavel",
            ),
        ]  # fmt: skip

    def _check_management_review(self, company):
        reviews = self.env["sqms.review"]
        last = reviews.sudo().search(
            [("company_id", "=", company.id), ("held_at", "!=", False)], order="date desc", limit=1
        )
        if not last:
            return False, self.env._("No management review has been held yet.")
        overdue = reviews._overdue_since(company)
        day = format_date(self.env, last.date)
        if overdue:
            return False, self.env._(
                "The last one was held on %(day)s; the next was due on %(due)s.",
                day=day, due=format_date(self.env, overdue),
            )  # fmt: skip
        return True, self.env._("%(review)s was held on %(day)s.", review=last.number or last.name, day=day)
