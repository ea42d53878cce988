from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.workflow_pass import workflow_fields
from .sqms_reminder_mixin import AT_ONCE


class SqmsRiskReview(models.Model):
    """Risks and opportunities are looked at again in time.

    1. On the day of the review its owner gets an activity, once for each date.
    2. A rating closes the activity and sets the next date; so does closing the risk.
    """

    _name = "sqms.risk"
    _inherit = ["sqms.risk", "sqms.reminder.mixin"]

    _reminder_activity_type = "sqms_base.mail_activity_type_risk"

    @api.model
    def _domain_review_due(self, ahead=0):
        """Open ones whose review is due today, or in so many days, in their company."""
        due = Domain.OR(
            Domain("company_id", "in", ids) & Domain("date_next_review", "<=", day + timedelta(days=ahead))
            for day, ids in self.env["res.company"]._sqms_days().items()
        )
        return due & Domain("state", "!=", "closed")

    @api.model
    def _cron_review(self):
        """Daily: an activity for each review that is due and was not told of yet."""
        not_told = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS DISTINCT FROM %s", SQL.identifier(alias, "reminded_for"),
                SQL.identifier(alias, "date_next_review"),
            )
        )  # fmt: skip
        due = self.sudo().search(self._domain_review_due() & not_told)
        for start in range(0, len(due), AT_ONCE):
            risks = due[start : start + AT_ONCE]
            told = risks._remind_owners(
                {risk.id: risk.date_next_review for risk in risks},
                lambda env: env._("Rate this risk or opportunity again"),
            )
            for day, alike in told.sudo().grouped("date_next_review").items():
                with workflow_fields(alike, "reminded_for"):
                    alike.write({"reminded_for": day})

    def write(self, vals):
        result = super().write(vals)
        if "date_next_review" in vals:
            self._open_reminders().filtered(
                lambda reminder: str(reminder.date_deadline) != str(vals["date_next_review"])
            ).unlink()
        return result
