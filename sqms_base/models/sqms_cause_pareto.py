from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from ..lib import pareto_svg
from ..lib.local_time import local_midnight
from ..lib.pareto import pareto
from .sqms_nonconformity import GRADES
from .sqms_quality_cost import BOOKED

READERS = ("sqms_base.group_sqms_officer", "sqms_base.group_sqms_top", "sqms_base.group_sqms_certifier")
MOST = 12
PERIODS = {"90": 90, "365": 365, "1095": 1095, "all": None}


class SqmsCause(models.Model):
    """Which kinds of causes are behind most nonconformities, and behind most of what they cost.

    1. A nonconformity counts once for each kind among its root causes; what it costs is shared out equally among
       these kinds, so that all rows together are the whole cost.
    2. What is booked counts, and what was taken back balances it; in the currency of the company, at the rate of the
       day of each cost.
    3. Root causes without a kind are a row of their own: they can be counted, and somebody can put that right.
    4. Officers, top management and certifiers see it, each for the companies that he works in.
    """

    _inherit = "sqms.cause"

    @api.model
    def pareto_screen(self, filters=None):
        """What the screen shows for these filters: rows, totals, choices and words.

        :param filters: `{"period": "90", "365", "1095" or "all", "process": id, "grade": key, "by": "count" or
            "cost"}`, all optional
        :raise AccessError: the person is in none of the groups
        """
        filters = self._pareto_filters(filters)
        found, cases = self._pareto_rows(filters)
        process = self.env["sqms.process"]
        processes = process.search_fetch([], ["display_name"]) if process.has_access("read") else process
        grades = dict(self.env["sqms.nonconformity"]._fields["grade"]._description_selection(self.env))
        return {
            "rows": found,
            "cases": cases,
            "total": self._pareto_text(sum(row["value"] for row in found), filters),
            "vital": sum(1 for row in found if row["vital"]),
            "filters": filters,
            "periods": [
                {"key": "90", "label": self.env._("Last 90 days")},
                {"key": "365", "label": self.env._("Last 12 months")},
                {"key": "1095", "label": self.env._("Last 3 years")},
                {"key": "all", "label": self.env._("All time")},
            ],
            "processes": [{"id": record.id, "name": record.display_name} for record in processes],
            "grades": [{"key": key, "label": grades[key]} for key, _label in GRADES],
            "currency": self.env.company.currency_id.name,
            "svg": self._pareto_svg(filters, found),
        }

    @api.model
    def pareto_records(self, filters=None, keys=()):
        """The nonconformities behind one row, as an action.

        :param keys: the kinds of the row; a kind of False or nothing: those without one
        """
        filters = self._pareto_filters(filters)
        if not isinstance(keys, list | tuple) or not all(key in (False, None) or type(key) is int for key in keys):
            raise UserError(self.env._("This row is not known."))
        kinds = [("verdict", "=", "root"), ("type_id", "in", [key or False for key in keys])]
        names = self.env["sqms.cause.type"].search([("id", "in", [key for key in keys if key])]).mapped("name")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Nonconformities: %(kinds)s", kinds=", ".join(names) or self.env._("no kind chosen yet")
            ),
            "res_model": "sqms.nonconformity",
            "views": [(False, "list"), (False, "form")],
            "domain": [*self._pareto_domain(filters), ("cause_ids", "any", kinds)],
            "context": {"create": False},
        }

    @api.model
    def _pareto_filters(self, filters):
        """What was asked for, whatever a client sends; for those who may see it."""
        if not self.env.su and not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("The Pareto is for officers, top management and certifiers."))
        filters = filters if isinstance(filters, dict) else {}
        period, process, grade = filters.get("period"), filters.get("process"), filters.get("grade")
        return {
            "period": period if isinstance(period, str) and period in PERIODS else "365",
            "process": process if type(process) is int and process > 0 else False,
            "grade": grade if isinstance(grade, str) and grade in dict(GRADES) else False,
            "by": "cost" if filters.get("by") == "cost" else "count",
        }

    @api.model
    def _pareto_domain(self, filters):
        """The nonconformities in question."""
        domain = Domain("state", "!=", "dismissed")
        days = PERIODS[filters["period"]]
        if days:
            since = fields.Date.context_today(self) - timedelta(days=days)
            domain &= Domain("found_at", ">=", local_midnight(since, self.env.user.tz or "UTC"))
        if filters["process"]:
            domain &= Domain("process_id", "=", filters["process"])
        if filters["grade"]:
            domain &= Domain("grade", "=", filters["grade"])
        return domain

    @api.model
    def _pareto_rows(self, filters):
        """`(rows, number of nonconformities)`, one query for all of it."""
        found = self.env.execute_query_dict(self._pareto_query(filters))
        kinds = self.env["sqms.cause.type"].with_context(active_test=False)
        kinds = kinds.browse([row["type_id"] for row in found if row["type_id"]])
        labels = {kind.id: kind.name for kind in kinds.sudo()}
        bones = dict(self._fields["category"]._description_selection(self.env))
        bone_of = {kind.id: bones[kind.category] for kind in kinds.sudo()}
        count = {row["type_id"]: row["cases"] for row in found}
        cost = {row["type_id"]: self._pareto_cost(row["costs"]) for row in found}
        values = cost if filters["by"] == "cost" else count
        rows = pareto(
            [(type_id or False, labels.get(type_id) or self.env._("No kind chosen yet"), max(value, 0))
             for type_id, value in values.items()],
            MOST,
            self.env._("Other kinds"),
        )  # fmt: skip
        for row in rows:
            row["keys"] = row.get("keys") or [row["key"]]
            row["is_other"] = row["key"] is None
            row["bone"] = bone_of.get(row["key"], "")
            row["cases"] = sum(count[key or None] for key in row["keys"])
            row["cost"] = self._pareto_money(sum(cost[key or None] for key in row["keys"]))
            row["text"] = self._pareto_text(row["value"], filters)
        return rows, found[0]["whole"] if found else 0

    @api.model
    def _pareto_query(self, filters):
        """Kinds with the number of their nonconformities and what these cost, by currency of the company."""
        causes = self._search(Domain("verdict", "=", "root"), active_test=False)
        cases = self.env["sqms.nonconformity"]._search(self._pareto_domain(filters))
        expense = self.env["sqms.quality.cost"]
        # Who may not read what it cost sees no cost.
        booked = Domain("nonconformity_id", "!=", False) & Domain("state", "in", BOOKED)
        is_open = booked if expense.has_access("read") else Domain.FALSE
        expenses = expense.sudo(self.env.su or not expense.has_access("read"))._search(is_open)
        self.flush_model()
        self.env["sqms.nonconformity"].flush_model()
        expense.flush_model()
        return SQL(
            """
            WITH pairs AS (
                SELECT DISTINCT nonconformity_id, type_id
                  FROM sqms_cause
                 WHERE id IN %(causes)s AND nonconformity_id IN %(cases)s
            ), shares AS (
                SELECT nonconformity_id, count(*) AS kinds FROM pairs GROUP BY nonconformity_id
            ), spent AS (
                SELECT pairs.type_id, company.currency_id, sum(cost.amount_company / shares.kinds) AS amount
                  FROM pairs
                  JOIN shares ON shares.nonconformity_id = pairs.nonconformity_id
                  JOIN sqms_quality_cost cost
                    ON cost.nonconformity_id = pairs.nonconformity_id AND cost.id IN %(expenses)s
                  JOIN res_company company ON company.id = cost.company_id
                 GROUP BY pairs.type_id, company.currency_id
            ), counted AS (
                SELECT type_id, count(*) AS cases FROM pairs GROUP BY type_id
            )
            SELECT counted.type_id,
                   counted.cases,
                   (SELECT count(*) FROM shares) AS whole,
                   jsonb_object_agg(spent.currency_id, spent.amount)
                       FILTER (WHERE spent.currency_id IS NOT NULL) AS costs
              FROM counted
              LEFT JOIN spent ON spent.type_id IS NOT DISTINCT FROM counted.type_id
             GROUP BY counted.type_id, counted.cases
            """,
            causes=causes.subselect(),
            cases=cases.subselect(),
            expenses=expenses.subselect(),
        )

    @api.model
    def _pareto_cost(self, costs):
        """Amounts by currency of the companies as one, in the currency of the company at hand."""
        company, today = self.env.company, fields.Date.context_today(self)
        return sum(
            self.env["res.currency"].browse(int(id_))._convert(float(amount), company.currency_id, company, today)
            for id_, amount in (costs or {}).items()
        )

    @api.model
    def _pareto_money(self, amount):
        return format_amount(self.env, amount, self.env.company.currency_id)

    @api.model
    def _pareto_text(self, value, filters):
        return self._pareto_money(value) if filters["by"] == "cost" else str(value)

    @api.model
    def _pareto_svg(self, filters=None, rows=None):
        """The chart for a printed page, self-contained."""
        filters = self._pareto_filters(filters)
        if rows is None:
            rows, _cases = self._pareto_rows(filters)
        words = {
            "title": self.env._("Pareto of root causes"),
            "values": self.env._("Cost") if filters["by"] == "cost" else self.env._("Nonconformities"),
            "share": self.env._("cumulative share"),
            "empty": self.env._("No root cause in this period."),
        }
        return pareto_svg.svg(rows, words)
