from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models

from odoo.addons.sqms_base.models.sqms_indicator import QUANTITIES

from ..lib.figures import figure

UNITS = {"percent": "%", "hours": "h", "per_thousand": "‰"}


class SqmsReview(models.Model):
    """Indicators in the management review: the figure of the period, and of the period before.

    1. Finished months that lie within the period are added up: numerators and denominators, never shares.
    2. An indicator that counted in two ways in that time has no figure.
    3. Satisfaction stands with satisfaction, all others with monitoring and measurement.
    """

    _inherit = "sqms.review"

    def _review_satisfaction(self, period):
        return self._review_merge(super()._review_satisfaction(period), self._review_indicators(period, True))

    def _review_monitoring(self, period):
        return self._review_merge(super()._review_monitoring(period), self._review_indicators(period, False))

    def _review_indicators(self, period, is_satisfaction):
        now = self._review_measured(period.company, period.date_from, period.date_to, is_satisfaction)
        before = self._review_measured(period.company, period.before_from, period.before_to, is_satisfaction)
        figures = []
        for indicator in sorted(now.keys() | before.keys(), key=lambda indicator: (indicator.code, indicator.id)):
            value, n = now.get(indicator, (None, 0))
            was, n_before = before.get(indicator, (None, 0))
            digits = indicator.decimals
            figures.append(
                self._review_figure(
                    f"indicator_{indicator.id}", indicator.with_context(lang=self.env.lang).name,
                    round(value, digits) if value is not None else None,
                    unit=UNITS.get(indicator.unit, ""), decimals=digits, n=n,
                    before=round(was, digits) if was is not None else None, n_before=n_before,
                    better=indicator.direction if indicator.direction != "neutral" else "",
                )
            )  # fmt: skip
        return self._review_content(
            figures=figures, empty=self.env._("No indicator has a finished month in the period.")
        )

    def _review_measured(self, company, date_from, date_to, is_satisfaction):
        """`{indicator: (value, n)}` of the finished months from the first to the last whole one."""
        first = date_from if date_from.day == 1 else date_from.replace(day=1) + relativedelta(months=1)
        after = (date_to + timedelta(days=1)).replace(day=1)
        rows = self.env["sqms.measure"].sudo()._read_group(
            [
                ("company_id", "=", company.id), ("is_final", "=", True), ("period", ">=", first),
                ("period", "<", after), ("family", "=" if is_satisfaction else "!=", "satisfaction"),
                # The median of months is not the median of the period.
                ("kind", "!=", "median"),
            ],
            ["indicator_id", "kind", "factor"],
            ["numerator:sum", "denominator:sum", "total:sum", "n:sum"],
        )  # fmt: skip
        found, twice = {}, set()
        for indicator, kind, factor, numerator, denominator, total, n in rows:
            if indicator in found:
                twice.add(indicator)
            is_quantity = kind in QUANTITIES
            below = n if kind == "sum" else denominator
            found[indicator] = figure(kind, factor, total if is_quantity else numerator, below)
        return {
            indicator: pair
            for indicator, pair in found.items()
            if indicator not in twice and pair[0] is not None and indicator.active
        }
