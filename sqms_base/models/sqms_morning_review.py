from datetime import timedelta

from odoo import models

from .sqms_review import OFFICER, TOP
from .sqms_review_next import REMIND_DAYS


class SqmsMorningReview(models.AbstractModel):
    """Management reviews that wait: to be prepared for officers, to be held for top management."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_reviews()]

    def _morning_reviews(self):
        day, _end = self._morning_day()
        sources = []
        if self._has_group(OFFICER):
            soon = [("state", "=", "planned"), ("date", "<=", day + timedelta(days=REMIND_DAYS))]
            sources.append(self._morning_source("sqms.review", soon, self._show_reviews_to_prepare, due="date"))
        if self._has_group(TOP):
            soon = [("state", "=", "prepared"), ("date", "<=", day + timedelta(days=REMIND_DAYS))]
            sources.append(self._morning_source("sqms.review", soon, self._show_reviews_to_hold, due="date"))
        if not sources:
            return None
        return self._morning_section(
            "reviews", sources, sequence=60, icon="fa-gavel", title=self.env._("Management review"),
            more={"xmlid": "sqms_base.sqms_review_action"},
        )  # fmt: skip

    def _show_reviews_to_prepare(self, reviews):
        return self._show_reviews(reviews, self.env._("Prepare"), self.env._("to be prepared"))

    def _show_reviews_to_hold(self, reviews):
        return self._show_reviews(reviews, self.env._("Hold"), self.env._("prepared, to be held"))

    def _show_reviews(self, reviews, button, words):
        return [
            self._morning_item(
                review, review.display_name, {"xmlid": "sqms_base.sqms_review_action"}, due=review.date,
                subtitle=words, icon="fa-gavel", button=button,
            )
            for review in reviews
        ]  # fmt: skip
