import json
from functools import partial

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, babel_locale_parse, get_lang

from odoo.addons.sqms_base.lib.local_time import local_midnight
from odoo.addons.sqms_base.models.sqms_indicator import QUANTITIES, SHARES

from ..lib.months import borders
from .optional_float import OptionalFloat

COLUMNS = {
    "indicator_id": "int4",
    "company_id": "int4",
    "period": "date",
    "numerator": "int4",
    "denominator": "int4",
    "total": "float8",
    "n": "int4",
    "value": "float8",
    "kind": "varchar",
    "factor": "int4",
    "version": "int4",
    "is_final": "bool",
    "computed_at": "timestamp",
}
FIGURES = ("numerator", "denominator", "total", "n", "kind", "factor")
COMPARED = (*FIGURES, "version", "is_final")


class SqmsMeasure(models.Model):
    """The figure of an indicator in a company and month.

    1. The system counts it; nobody writes one.
    2. Numerator and denominator are kept, never the share alone: years and totals are added up from them.
    3. No cases, no value: the value of a ratio without denominator is empty, not zero.
    4. A figure counted after its month had ended is final. A final figure that changes later is restated:
       what it was, what it became and why stay on record.
    """

    _name = "sqms.measure"
    _description = "Measure"
    _order = "period desc, indicator_id, id"
    _check_company_auto = True

    indicator_id = fields.Many2one("sqms.indicator", required=True, ondelete="cascade", readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True, index=True)
    period = fields.Date(string="Month", required=True, readonly=True, help="The first day of the month.")
    month = fields.Char(string="Month in Words", compute="_compute_month")
    family = fields.Selection(related="indicator_id.family", store=True, readonly=True)
    numerator = fields.Integer(required=True, readonly=True)
    denominator = fields.Integer(required=True, readonly=True)
    total = fields.Float(readonly=True, help="What was added up, for a sum or a mean.")
    n = fields.Integer(string="n", required=True, readonly=True, help="The number of cases behind the value.")
    value = OptionalFloat(readonly=True, aggregator="avg")
    value_label = fields.Char(string="Shown Value", compute="_compute_value_label")
    kind = fields.Selection(
        [
            ("count", "Count"), ("ratio", "Ratio"), ("sum", "Sum"), ("mean", "Mean"), ("median", "Median"),
            ("quotient", "Quotient of Sums"),
        ],
        required=True, readonly=True,
    )  # fmt: skip
    factor = fields.Integer(required=True, readonly=True, aggregator=None)
    version = fields.Integer(string="Version of the Definition", required=True, readonly=True, aggregator=None)
    is_final = fields.Boolean(string="Final", readonly=True, help="Counted after the month had ended.")
    computed_at = fields.Datetime(string="Computed On", required=True, readonly=True)
    restatement_ids = fields.One2many("sqms.measure.restatement", "measure_id", readonly=True)

    _cell_uniq = models.Constraint("UNIQUE(indicator_id, company_id, period)", "There is one figure for each month.")
    _period_idx = models.Index("(period, company_id)")

    # -- computes ----------------------------------------------------------------

    @api.depends("period")
    @api.depends_context("lang")
    def _compute_month(self):
        locale = babel_locale_parse(get_lang(self.env).code)
        for measure in self:
            measure.month = measure.period and format_skeleton("yMMMM", measure.period, locale=locale)

    @api.depends("value", "indicator_id.decimals", "indicator_id.unit")
    @api.depends_context("lang")
    def _compute_value_label(self):
        for measure in self:
            measure.value_label = measure.indicator_id._format(measure.value, with_unit=True)

    @api.depends("indicator_id", "period")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for measure in self:
            measure.display_name = f"{measure.indicator_id.code} {measure.month}"

    def _chart_points(self):
        return [{"x": measure.month, "y": measure._rounded()} for measure in self]

    def _rounded(self):
        return None if self.value is False else round(self.value, self.indicator_id.decimals)

    def _workbook_row(self):
        self.ensure_one()
        return (
            self.period,
            self.total if self.kind in QUANTITIES else self.numerator,
            self.denominator if self.kind in SHARES else None,
            None if self.value is False else self.value,
            self.n,
        )

    # -- totals ------------------------------------------------------------------

    def _read_group_select(self, aggregate_spec, query):
        """Sites with 9 of 10 and 10 of 100 make 19 of 110, not the mean of 90 % and 10 %.

        Several indicators, or one whose formula changed its kind on the way, have no value in common. Nor have the
        medians of several months or companies: the middle of them all is not known from theirs.
        """
        if aggregate_spec not in ("value:avg", "value:sum"):
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            """
            CASE WHEN COUNT(DISTINCT (%(indicator)s, %(kind)s, %(factor)s)) > 1 THEN NULL
                 WHEN MIN(%(kind)s) = 'count' THEN SUM(%(numerator)s)::float8
                 WHEN MIN(%(kind)s) = 'sum' THEN SUM(%(total)s)
                 WHEN MIN(%(kind)s) = 'median'
                 THEN CASE WHEN COUNT(*) FILTER (WHERE %(n)s > 0) = 1 THEN MAX(%(total)s) FILTER (WHERE %(n)s > 0) END
                 WHEN MIN(%(kind)s) IN ('mean', 'quotient')
                 THEN MIN(%(factor)s)::float8 * SUM(%(total)s) / NULLIF(SUM(%(denominator)s), 0)
                 ELSE MIN(%(factor)s)::float8 * SUM(%(numerator)s) / NULLIF(SUM(%(denominator)s), 0)
             END
            """,
            **{
                name: self._field_to_sql(self._table, field, query)
                for name, field in {
                    "indicator": "indicator_id", "kind": "kind", "factor": "factor",
                    "numerator": "numerator", "denominator": "denominator", "total": "total", "n": "n",
                }.items()
            },
        )  # fmt: skip

    # -- explain -----------------------------------------------------------------

    def action_explain(self):
        """The records that were counted (below the line, for a ratio)."""
        return self._explain(fulfilled=False)

    def action_explain_numerator(self):
        """The records above the line of a ratio."""
        return self._explain(fulfilled=True)

    def _explain(self, fulfilled):
        """What the person at hand may open of it: the records' own access rules apply."""
        self.ensure_one()
        self.check_access("read")
        model, domain = self._counted(fulfilled)
        model = model.with_context(active_test=False)
        total = model.sudo().search_count(domain)
        visible = model.search_count(domain) if model.has_access("read") else 0
        if total and not visible:
            raise AccessError(
                self.env._(
                    "Your role opens none of the %(total)s records behind %(figure)s. Its owner can tell you more.",
                    total=total,
                    figure=self.display_name,
                )
            )
        words = self.env._("%(indicator)s, %(month)s", indicator=self.indicator_id.name, month=self.month)
        if visible < total:
            words = self.env._("%(figure)s: %(visible)s of %(total)s records are open to you",
                               figure=words, visible=visible, total=total)  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": words,
            "res_model": model._name,
            "views": [(False, "list"), (False, "form")],
            "domain": json.loads(json.dumps(list(domain))),
            "context": {"create": False, "active_test": False},
        }

    def _counted(self, fulfilled):
        """The source model and the domain of the records behind this figure, by the definition it was counted with.

        Times stand in the domain in UTC, as the server compares them.
        """
        indicator = self.indicator_id.sudo()
        formula = indicator._formula_of(self.version)
        model = self.env[formula.model]
        field = model._fields[formula.date_field]
        zone = self.company_id._sqms_tz()
        start, end = borders([self.period], partial(local_midnight, zone=zone) if field.type == "datetime" else None)
        domain = Domain(formula.company_field, "=", self.company_id.id)
        domain &= Domain(formula.date_field, ">=", field.to_string(start))
        domain &= Domain(formula.date_field, "<", field.to_string(end))
        domain &= formula.domain & formula.numerator if fulfilled else formula.domain
        return model.with_context(tz=zone), domain

    # -- store -------------------------------------------------------------------

    @api.model
    def _first_stored(self, indicators, companies):
        """`{(indicator, company): first month on record}`"""
        groups = self._read_group(
            [("indicator_id", "in", indicators.ids), ("company_id", "in", companies.ids)],
            ["indicator_id", "company_id"],
            ["period:min"],
        )
        return {(indicator, company): period for indicator, company, period in groups}

    @api.model
    def _store(self, rows):
        """Write what is new or has changed, and nothing else; final figures that change are restated."""
        columns = list(zip(*([row[name] for name in COLUMNS] for row in rows), strict=True))
        if not columns:
            return
        self.env["sqms.measure.restatement"].flush_model()
        self.flush_model()
        self.env.cr.execute(self._store_query(columns))
        self.invalidate_model()
        self.env["sqms.measure.restatement"].invalidate_model()

    def _store_query(self, columns):
        arrays = [
            SQL("%s::%s[]", list(column), SQL(kind)) for column, kind in zip(columns, COLUMNS.values(), strict=True)
        ]
        names, changed = _names("", COLUMNS), _names("EXCLUDED", COMPARED)
        return SQL(
            """
            WITH fresh AS (
                SELECT cell.*, indicator.family
                  FROM unnest(%(arrays)s) AS cell(%(names)s)
                  JOIN sqms_indicator indicator ON indicator.id = cell.indicator_id
            ), restated AS (
                INSERT INTO sqms_measure_restatement (
                           measure_id, indicator_id, company_id, period, reason,
                           old_numerator, old_denominator, old_n, old_value, old_version,
                           new_numerator, new_denominator, new_n, new_value, new_version,
                           create_uid, create_date, write_uid, write_date)
                    SELECT old.id, old.indicator_id, old.company_id, old.period,
                           CASE WHEN old.version = fresh.version THEN 'data' ELSE 'definition' END,
                           old.numerator, old.denominator, old.n, old.value, old.version,
                           fresh.numerator, fresh.denominator, fresh.n, fresh.value, fresh.version,
                           %(uid)s, fresh.computed_at, %(uid)s, fresh.computed_at
                      FROM fresh
                      JOIN sqms_measure old USING (indicator_id, company_id, period)
                     WHERE old.is_final AND (%(old_figures)s) IS DISTINCT FROM (%(new_figures)s)
            )
            INSERT INTO sqms_measure AS stored (%(names)s, family, create_uid, create_date, write_uid, write_date)
                 SELECT %(names)s, family, %(uid)s, computed_at, %(uid)s, computed_at
                   FROM fresh
            ON CONFLICT (indicator_id, company_id, period) DO UPDATE
                    SET (%(compared)s, value, computed_at, write_uid, write_date)
                      = (%(changed)s, EXCLUDED.value, EXCLUDED.computed_at, EXCLUDED.write_uid, EXCLUDED.write_date)
                  WHERE (%(stored)s) IS DISTINCT FROM (%(changed)s)
            """,
            arrays=SQL(", ").join(arrays),
            names=names,
            uid=self.env.uid,
            old_figures=_names("old", FIGURES),
            new_figures=_names("fresh", FIGURES),
            compared=_names("", COMPARED),
            changed=changed,
            stored=_names("stored", COMPARED),
        )


def _names(table, columns):
    identifiers = [
        SQL("%s.%s", SQL(table), SQL.identifier(name)) if table else SQL.identifier(name) for name in columns
    ]
    return SQL(", ").join(identifiers)
