from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models

REMIND_DAYS = 30


class SqmsReviewNext(models.Model):
    """Reviews come at planned intervals.

    1. When one is closed the next is planned, unless one is planned already: its period follows the period of the
       last, its meeting is one interval after the last meeting.
    2. Who prepared the last is reminded a month ahead to prepare the next.
    3. It is overdue when the interval has passed since the last meeting that was held.
    """

    _inherit = "sqms.review"

    def _plan_next(self):
        for review in self.sudo():
            months = review.company_id.sqms_management_review_months
            waiting = [("company_id", "=", review.company_id.id), ("state", "in", ("planned", "prepared"))]
            if not months or self.sudo().search_count(waiting, limit=1):
                continue
            following = self.sudo().create([review._prepare_next_values(months)])
            following._remind(review.preparer_ids)

    def _prepare_next_values(self, months):
        day = self.date + relativedelta(months=months)
        start = self.date_to + timedelta(days=1)
        end = start + relativedelta(months=months) - timedelta(days=1)
        if end >= day:
            end = max(start, day - timedelta(days=1))
        return {
            "name": self.with_context(lang=self.chair_id.lang or self.env.lang).env._(
                "Management review %s", day.strftime("%Y-%m")
            ),
            "company_id": self.company_id.id,
            "date": day,
            "date_from": start,
            "date_to": end,
            "place": self.place,
            "chair_id": self.chair_id.id,
            "participant_ids": [(6, 0, self.participant_ids.ids)],
            "agenda": self.agenda,
        }

    def _remind(self, people):
        """One activity for each who prepared the last one, a month before the meeting."""
        for review in self:
            for person in people.filtered("active"):
                review.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=review.date - timedelta(days=REMIND_DAYS),
                    summary=self.with_context(lang=person.lang).env._("Prepare %s", review.display_name),
                    user_id=person.id,
                )

    def _overdue_since(self, company):
        """The day since which the company has had no review although one was due; nothing if there is none."""
        months = company.sqms_management_review_months
        last = self.sudo().search(
            [("company_id", "=", company.id), ("held_at", "!=", False)], order="date desc", limit=1
        )
        if not last or not months:
            return None
        due = last.date + relativedelta(months=months)
        return due if due < company._sqms_today() else None
