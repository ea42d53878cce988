from odoo import models

COUNTED = (("is_complaint", "=", True), ("complaint_state", "!=", "merged"))
MOST = 8


class SqmsReviewComplaint(models.Model):
    """What complaints tell, beyond their number (R58; ISO 10004): the vital few, what came again, how satisfied.

    Pareto by category, repeated complaints by category, and satisfaction with the handling with n and interval.
    """

    _inherit = "sqms.review"

    def _review_complaints(self, period):
        content = super()._review_complaints(period)
        model, date_field = "helpdesk.ticket", "complaint_received_at"
        if content["empty"]:
            return content
        repeat = [*COUNTED, ("complaint_is_repeat", "=", True)]
        received, before = self._review_twice(period, model, date_field, *COUNTED)
        again, again_before = self._review_twice(period, model, date_field, *repeat)
        return self._review_merge(
            content,
            self._review_content(
                figures=[
                    self._review_share("complaints_repeated", self.env._("Repeated Complaints"), again, received,
                                       before=(again_before, before), better="lower"),
                    *self._review_satisfaction_figures(period),
                ],
                tables=[
                    self._review_by(period, model, "complaint_category_id",
                                    self.env._("Repeated complaints by category"), *repeat, date_field=date_field),
                ],
                charts=[self._review_pareto(period, model, date_field)],
            ),
        )  # fmt: skip

    def _review_pareto(self, period, model, date_field):
        between = self._review_between(model, date_field, "now", period)
        counts = (
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("company_id", "=", period.company.id), *between, *COUNTED], ["complaint_category_id"], ["__count"]
            )
        )
        rows = [
            {"label": category.sudo().display_name or self.env._("not said"), "value": count}
            for category, count in sorted(counts, key=lambda row: -row[1])
        ]
        if len(rows) > MOST:
            rest = sum(row["value"] for row in rows[MOST - 1 :])
            rows = [*rows[: MOST - 1], {"label": self.env._("Others"), "value": rest}]
        return rows and self._review_chart(self.env._("Complaints received, by category"), "pareto", rows)

    def _review_satisfaction_figures(self, period):
        """Of those who answered in the period, how many were satisfied; of those reached, how many answered."""
        model = "sqms.satisfaction.answer"
        asked = [("campaign_id", "=", False), ("is_delivered", "=", True)]
        answered = [("campaign_id", "=", False), ("csat", ">", 0)]
        total, total_before = self._review_twice(period, model, "answered_at", *answered)
        good, good_before = self._review_twice(period, model, "answered_at", *answered, ("csat", ">=", 4))
        reached, reached_before = self._review_twice(period, model, "invited_at", *asked)
        spoke, spoke_before = self._review_twice(period, model, "invited_at", *asked, ("state", "=", "answered"))
        if not (total or total_before or reached or reached_before):
            return []
        return [
            self._review_share("complaints_satisfied", self.env._("Satisfied with the Handling (4 and 5 of 5)"), good,
                               total, before=(good_before, total_before), better="higher", is_sample=True),
            self._review_share("complaints_response", self.env._("Surveys Answered"), spoke, reached,
                               before=(spoke_before, reached_before), better="higher"),
        ]  # fmt: skip
