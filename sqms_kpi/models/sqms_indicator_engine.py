from functools import partial
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.local_time import local_midnight

from ..lib.months import borders


class Counts(NamedTuple):
    """What one source holds.

    :param cells: `{(indicator id, company id, month, *members): (numerator, denominator)}`, no empty cells
    :param since: `{company id: first month with any record of the source}`; months[0] if there are older ones
    """

    cells: dict
    since: dict


class SqmsIndicatorEngine(models.AbstractModel):
    """Formulas to SQL: the one file that knows the ORM's query builder from inside.

    1. All indicators on one model and date, of companies in one time zone, are one grouped statement.
    2. It runs as superuser, so that a figure is the same for everybody, and counts only formulas that
       passed the whitelist a moment ago.
    3. Companies are kept apart by the statement itself, whoever runs it.
    """

    _name = "sqms.indicator.engine"
    _description = "Indicator Engine"

    def _count(self, formulas, companies, months, zone, by=(), with_past=False):
        """Count.

        :param formulas: `{indicator id: Formula}`, all of the same model and date field
        :param companies: companies of one time zone
        :param months: consecutive months
        :param by: paths of dimensions that the source declares
        :param with_past: look also whether there are records before the first month
        :return: Counts
        """
        sample = next(iter(formulas.values()))
        model = self.env[sample.model].sudo().with_context(active_test=False, tz=zone, lang=None)
        timed = model._fields[sample.date_field].type == "datetime"
        edges = borders(months, partial(local_midnight, zone=zone) if timed else None)
        query = self._scope(model, sample, companies, edges, with_past)
        if query.is_empty():
            return Counts({}, {})
        keys = [
            model._read_group_groupby(model._table, sample.company_field, query),
            self._bucket(model, sample.date_field, edges, timed, query),
            *(model._read_group_groupby(model._table, path, query) for path in by),
        ]
        counts = [count for formula in formulas.values() for count in self._counts(model, formula, query)]
        query.groupby = SQL(", ").join(keys)
        rows = self.env.execute_query(query.select(*keys, SQL("COUNT(*)"), *counts))
        return self._read(rows, formulas, months, len(keys))

    def _scope(self, model, formula, companies, edges, with_past):
        scope = Domain(formula.company_field, "in", companies.ids) & Domain(formula.date_field, "<", edges[-1])
        if not with_past:
            scope &= Domain(formula.date_field, ">=", edges[0])
        return model._search(scope)

    def _bucket(self, model, date_field, edges, timed, query):
        """The number of the month, counted from one; zero is before the first."""
        kind = SQL("timestamp[]") if timed else SQL("date[]")
        column = model._field_to_sql(model._table, date_field, query)
        return SQL("width_bucket(%s, %s::%s)", column, edges[:-1], kind)

    def _counts(self, model, formula, query):
        """The figure above and the figure below the line: two numbers of records, or a quantity and a number."""
        above, below = (
            domain.optimize_full(model)._to_sql(model, model._table, query)
            for domain in (formula.domain & formula.numerator, formula.domain)
        )
        if formula.kind == "median":
            column = model._field_to_sql(model._table, formula.quantity, query)
            yield SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s) FILTER (WHERE %s)::float8", column, below)
        elif formula.quantity:
            # Added up as numerics: floats would come to another last digit in another order of the rows.
            column = model._field_to_sql(model._table, formula.quantity, query)
            yield SQL("COALESCE(SUM(%s::numeric) FILTER (WHERE %s), 0)::float8", column, below)
        else:
            yield SQL("COUNT(*) FILTER (WHERE %s)", above)
        if formula.quantity_below:
            column = model._field_to_sql(model._table, formula.quantity_below, query)
            yield SQL("COALESCE(SUM(%s::numeric) FILTER (WHERE %s), 0)::int", column, below)
        else:
            yield SQL("COUNT(*) FILTER (WHERE %s)", below)

    def _read(self, rows, formulas, months, width):
        cells, since = {}, {}
        for company, bucket, *rest in rows:
            month = months[max(bucket, 1) - 1]
            since[company] = min(month, since.get(company, month))
            members, counts = tuple(rest[: width - 2]), rest[width - 1 :]
            for indicator, numerator, denominator in zip(formulas, counts[::2], counts[1::2], strict=True):
                if bucket and denominator:
                    cells[(indicator, company, month, *members)] = (numerator, denominator)
        return Counts(cells, since)
