from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.lean import pooled_efficiency
from ..lib.local_time import local_day, local_midnight
from .sqms_improvement import CERTIFIER, OFFICER, TOP

PERIODS = ("twelve", "year", "last_year")
FIGURES = (
    "saving_verified", "verified_at", "waste_type", "improvement_type", "before_value_minutes", "before_lead_minutes",
    "after_value_minutes", "after_lead_minutes", "times_per_month",
)  # fmt: skip


class SqmsImprovementBoard(models.Model):
    """What improvements have saved: one set of figures for the board, the review and the page of a report.

    1. Savings are verified ones, by the day of their verification in the time zone of the company; whatever is not
       verified adds zero.
    2. Process cycle efficiency of several improvements is all value-added time of all lead time, by how often each is
       done; improvements without lead time before and after are left out of both.
    3. The adoption rate is that of the ideas decided in the period.
    """

    _inherit = "sqms.improvement"

    @api.model
    def _savings(self, company, date_from, date_to):
        """The figures of a company for a period of whole days, as far as the user at hand may read them.

        :param date_from, date_to: first and last day
        :return: `{"currency", "verified": {"amount", "n"}, "months": [{"month", "label", "amount", "n"}],
            "wastes": [{"waste", "label", "amount", "n"}], "types": [{"type", "label", "amount", "n"}],
            "pce": {"before", "after", "n"} (percent, or None), "adoption": {"adopted", "decided", "percent"},
            "proposed": {"n"}, "open": {"n"}, "under_way": {"n", "expected"}}`;
            open and under way are those of now
        """
        own = Domain("company_id", "=", company.id)
        done = self.search_fetch(self._savings_domain(company, date_from, date_to), FIGURES, order="verified_at, id")
        zone = company._sqms_tz()
        words = {name: dict(self._fields[name]._description_selection(self.env))
                 for name in ("waste_type", "improvement_type")}  # fmt: skip
        months = self._months(date_from, date_to)
        by_month = done.grouped(lambda idea: local_day(idea.verified_at, zone).replace(day=1))
        measured = done.filtered(lambda idea: idea.before_lead_minutes and idea.after_lead_minutes)
        decided = dict(
            self._read_group(own & self._between("decided_at", company, date_from, date_to), ["decision"], ["__count"])
        )
        number = sum(decided.values())
        now = {
            state: (count, expected)
            for state, count, expected in self._read_group(own, ["state"], ["__count", "saving_expected:sum"])
        }
        return {
            "currency": company.currency_id.name,
            "verified": self._sum(done),
            "months": [
                {
                    "month": month.isoformat(),
                    "label": format_date(self.env, month, date_format="MMM yyyy"),
                    **self._sum(by_month.get(month, self.browse())),
                }
                for month in months
            ],
            "wastes": self._sums(done, "waste_type", "waste", words["waste_type"], self.env._("No waste named")),
            "types": self._sums(done, "improvement_type", "type", words["improvement_type"], ""),
            "pce": {**{when: measured._pooled(when) for when in ("before", "after")}, "n": len(measured)},
            "adoption": {
                "adopted": decided.get("adopted", 0),
                "decided": number,
                "percent": 100.0 * decided.get("adopted", 0) / number if number else None,
            },
            "proposed": {"n": self.search_count(own & self._between("create_date", company, date_from, date_to))},
            "open": {"n": sum(now.get(state, (0, 0))[0] for state in ("proposed", "assessed"))},
            "under_way": {
                "n": sum(now.get(state, (0, 0))[0] for state in ("adopted", "implemented")),
                "expected": sum(now.get(state, (0, 0))[1] for state in ("adopted", "implemented")),
            },
        }

    @api.model
    def _savings_domain(self, company, date_from, date_to):
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "verified")
            & self._between("verified_at", company, date_from, date_to)
        )

    @api.model
    def _between(self, name, company, date_from, date_to):
        """Whole days of the company."""
        zone = company._sqms_tz()
        return Domain(name, ">=", local_midnight(date_from, zone)) & Domain(
            name, "<", local_midnight(date_to + timedelta(days=1), zone)
        )

    def _months(self, date_from, date_to):
        first = date_from.replace(day=1)
        number = (date_to.year - first.year) * 12 + date_to.month - first.month + 1
        return [first + relativedelta(months=index) for index in range(number)]

    def _sum(self, ideas):
        return {"amount": round(sum(ideas.mapped("saving_verified")), 2), "n": len(ideas)}

    def _sums(self, ideas, name, key, words, nothing):
        """The largest first."""
        rows = [
            {key: value, "label": words.get(value, nothing), **self._sum(own)}
            for value, own in ideas.grouped(name).items()
        ]
        return sorted(rows, key=lambda row: (-row["amount"], row["label"]))

    def _pooled(self, when):
        return pooled_efficiency(
            [
                (idea[f"{when}_value_minutes"], idea[f"{when}_lead_minutes"], idea.times_per_month)
                for idea in self
            ]
        )  # fmt: skip

    # -- the board ---------------------------------------------------------------------

    @api.model
    @api.readonly
    def savings_board(self, period="twelve"):
        """What the board “Waste and Savings” shows of the company at hand.

        :param period: "twelve" (months, the running one included), "year" or "last_year"
        :raise AccessError: for those who do not read all improvements
        """
        if not any(self.env.user.has_group(group) for group in (OFFICER, TOP, CERTIFIER)):
            raise AccessError(self.env._("This board is for quality officers, management and certifiers."))
        company = self.env.company
        first, last = self._board_period(period, company._sqms_today())
        figures = self._savings(company, first, last)
        return {
            **figures,
            "period": self.env._(
                "%(first)s to %(last)s", first=format_date(self.env, first), last=format_date(self.env, last)
            ),
            "company": company.name,
            "currency_id": company.currency_id.id,
            "domains": {
                "verified": list(self._savings_domain(company, first, last)),
                "decided": list(
                    Domain("company_id", "=", company.id) & self._between("decided_at", company, first, last)
                ),
                "open": [("company_id", "=", company.id), ("state", "in", ("proposed", "assessed"))],
                "under_way": [("company_id", "=", company.id), ("state", "in", ("adopted", "implemented"))],
            },
            "month_domains": {
                month.isoformat(): list(
                    self._savings_domain(
                        company, max(first, month), min(last, month + relativedelta(months=1, days=-1))
                    )
                )
                for month in self._months(first, last)
            },
        }

    @api.model
    def _board_period(self, period, today):
        if period == "year":
            return today.replace(month=1, day=1), today
        if period == "last_year":
            first = today.replace(year=today.year - 1, month=1, day=1)
            return first, first.replace(month=12, day=31)
        return today.replace(day=1) - relativedelta(months=11), today
