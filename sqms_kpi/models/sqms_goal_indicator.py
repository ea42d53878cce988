from odoo import models
from odoo.tools import SQL

from odoo.addons.sqms_base.models.sqms_indicator import QUANTITIES

from ..lib.figures import figure


class SqmsGoalIndicator(models.Model):
    """The figure of a goal: its indicator over the finished months of the goal's period, in its company.

    1. Counts and sums are added up; of ratios and means what is above and below the line is, never the shares.
    2. A ratio without denominator, and an indicator that counted in two ways in that time, have no figure. Nor has
       a median over several months: it is not known from those of the months.
    """

    _inherit = "sqms.goal.indicator"

    def _goal_values(self):
        values = super()._goal_values()
        if not self:
            return values
        self.env["sqms.measure"].flush_model()
        self.env["sqms.goal"].flush_model(["date_from", "date_to"])
        self.flush_model(["goal_id", "company_id", "indicator_id"])
        for line, ways, kind, factor, numerator, denominator in self.env.execute_query(self._goal_values_query()):
            numerator = int(numerator) if kind in ("count", "ratio") and numerator is not None else numerator
            known = ways == 1 and numerator is not None
            value, n = figure(kind, factor, numerator, denominator) if known else (None, 0)
            if value is not None:
                values[line] = (value, n)
        return values

    def _goal_values_query(self):
        return SQL(
            """
            SELECT line.id,
                   COUNT(DISTINCT (measure.kind, measure.factor)),
                   MIN(measure.kind),
                   MIN(measure.factor),
                   CASE WHEN MIN(measure.kind) = 'median' AND COUNT(*) FILTER (WHERE measure.n > 0) > 1 THEN NULL
                        WHEN MIN(measure.kind) IN %(quantities)s THEN SUM(measure.total)
                        ELSE SUM(measure.numerator)
                    END,
                   SUM(CASE WHEN measure.kind IN ('sum', 'median') THEN measure.n ELSE measure.denominator END)::int
              FROM sqms_goal_indicator line
              JOIN sqms_goal goal ON goal.id = line.goal_id
              JOIN sqms_measure measure
                ON measure.indicator_id = line.indicator_id
               AND measure.company_id = line.company_id
               AND measure.period >= date_trunc('month', goal.date_from)::date
               AND measure.period <= goal.date_to
               AND measure.is_final
             WHERE line.id IN %(lines)s
             GROUP BY line.id
            """,
            lines=tuple(self.ids),
            quantities=QUANTITIES,
        )
