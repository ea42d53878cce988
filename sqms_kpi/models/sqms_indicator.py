import json
import logging
from itertools import product

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.local_time import local_day
from odoo.addons.sqms_base.models.sqms_indicator import FACTORS, QUANTITIES, SHARES

from ..lib import workbook
from ..lib.figures import figure
from ..lib.months import month_of, months_between, shift

_logger = logging.getLogger(__name__)

OFFICER = "sqms_kpi.group_kpi_officer"
HORIZON = 24  # months that are counted again every night
STATEMENT_SECONDS = 120
SHOWN_MONTHS = 13


class SqmsIndicator(models.Model):
    """Indicators computed.

    1. The figures of the last 24 months are counted again every night, and on demand.
    2. What has not changed is not written. A finished month that changes leaves a restatement.
    3. One definition that cannot be counted does not stop the others; it says so on its form.
    """

    _inherit = "sqms.indicator"

    measure_ids = fields.One2many("sqms.measure", "indicator_id", readonly=True, copy=False)
    measure_count = fields.Integer(compute="_compute_measure_count")
    restatement_ids = fields.One2many("sqms.measure.restatement", "indicator_id", readonly=True, copy=False)
    computed_at = fields.Datetime(string="Computed On", readonly=True, copy=False)
    compute_error = fields.Char(string="Why It Is Not Counted", readonly=True, copy=False)
    chart = fields.Text(compute="_compute_latest", export_string_translation=False)
    latest_label = fields.Char(string="Last Month", compute="_compute_latest")
    latest_month = fields.Char(string="Month", compute="_compute_latest")
    latest_n = fields.Integer(string="n", compute="_compute_latest")
    change_label = fields.Char(string="Change", compute="_compute_latest")
    change_meaning = fields.Selection(
        [("better", "Better"), ("worse", "Worse"), ("same", "Neither")], string="Trend", compute="_compute_latest"
    )

    # -- what people see -------------------------------------------------------

    def _compute_measure_count(self):
        counts = dict(
            self.env["sqms.measure"]._read_group([("indicator_id", "in", self.ids)], ["indicator_id"], ["__count"])
        )
        for indicator in self:
            indicator.measure_count = counts.get(indicator, 0)

    @api.depends("decimals", "unit", "direction", "measure_ids.value")
    @api.depends_context("company", "lang")
    def _compute_latest(self):
        """The last finished month against the one before, and the months that lead there, in the current company."""
        current = month_of(local_day(fields.Datetime.now(), self.env.company._sqms_tz()))
        measures = self.env["sqms.measure"].search(
            [
                ("indicator_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("period", ">=", shift(current, -SHOWN_MONTHS)),
                ("period", "<", current),
            ],
            order="period",
        )
        by_indicator = measures.grouped("indicator_id")
        for indicator in self:
            own = by_indicator.get(indicator._origin, measures.browse())
            last, before = own[-1:], own[-2:-1]
            indicator.latest_label = indicator._format(last.value if last else False, with_unit=True)
            indicator.latest_month = last.month or False
            indicator.latest_n = last.n
            indicator.change_label, indicator.change_meaning = indicator._change(last, before)
            indicator.chart = json.dumps([{"key": indicator.name or "", "values": own._chart_points()}])

    def _change(self, last, before):
        """What has become of the figure since the month before, in words and as a judgement."""
        if not before or last.value is False or before.value is False:
            return False, False
        change = round(last.value - before.value, self.decimals)
        if not change or self.direction == "neutral":
            meaning = "same"
        else:
            meaning = "better" if (change > 0) == (self.direction == "higher") else "worse"
        sign = "▲" if change > 0 else "▼" if change < 0 else "＝"
        return f"{sign} {self._format(abs(change))}", meaning

    def action_open_measures(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_kpi.sqms_measure_action"),
            "display_name": self.display_name,
            "domain": [("indicator_id", "=", self.id)],
            "context": {
                "search_default_final": 1,
                "graph_groupbys": ["period:month"],
                "pivot_row_groupby": ["period:month"],
            },
        }

    def action_workbook(self):
        """The workbook of the chosen indicators, as a download."""
        self.check_access("read")
        ids = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "url": f"/sqms_kpi/workbook?ids={ids}", "target": "download"}

    def _workbook(self):
        """The figures on record as bytes of a workbook, in the language at hand and for the current company."""
        measures = self.env["sqms.measure"].search(
            [("indicator_id", "in", self.ids), ("company_id", "=", self.env.company.id)], order="period"
        )
        by_indicator = measures.grouped("indicator_id")
        sheets = [indicator._prepare_sheet(by_indicator.get(indicator, measures.browse())) for indicator in self]
        return workbook.build(sheets, self._workbook_words())

    def _prepare_sheet(self, measures):
        words = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("family", "direction", "unit")
        }
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in ("family", "direction", "owner_id", "version")
        }
        return workbook.Sheet(
            code=self.code,
            name=self.name,
            unit=words["unit"][self.unit] if self.unit != "number" else "",
            decimals=self.decimals,
            facts=(
                (labels["family"], words["family"][self.family]),
                (labels["direction"], words["direction"][self.direction]),
                (labels["owner_id"], self.sudo().owner_id.name or ""),
                (labels["version"], str(self.version)),
            ),
            rows=[measure._workbook_row() for measure in measures],
        )

    def _workbook_words(self):
        env = self.env
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return workbook.Words(
            overview=env._("Overview"),
            title=env._("Indicators of %s", env.company.name),
            made=env._("As of %s. A month without cases has no value.", now.strftime("%Y-%m-%d %H:%M")),
            code=env._("Code"),
            name=env._("Indicator"),
            period=env._("Month"),
            numerator=env._("Numerator"),
            denominator=env._("Denominator"),
            value=env._("Value"),
            n=env._("n"),
            month_format="yyyy-mm",
        )

    # -- ask ---------------------------------------------------------------------

    def measure(self, date_from, date_to, by=()):
        """The figures of this indicator by month, counted now, in its company or else in the current one.

        :param date_from: a day of the first month
        :param date_to: a day of the last month
        :param by: dimensions that the source declares
        :return: list of `{"period", <dimension>..., "numerator", "denominator", "value", "n"}`. Months without
            records are in it: a count is zero, a ratio has no value (`None`). With dimensions, the members
            are those that occur in any of the months.
        """
        self.ensure_one()
        self.check_access("read")
        self.env["sqms.measure"].check_access("read")
        indicator, company = self.sudo(), self.company_id or self.env.company
        months = months_between(fields.Date.to_date(date_from), fields.Date.to_date(date_to))
        formula = indicator._formula()
        if set(by) - set(formula.dimensions):
            raise UserError(self.env._("%(indicator)s cannot be broken down by %(dimensions)s.",
                                       indicator=self.display_name, dimensions=", ".join(by)))  # fmt: skip
        if not months:
            return []
        engine = self.env["sqms.indicator.engine"]
        cells = engine._count({self.id: formula}, company.sudo(), months, company._sqms_tz(), by).cells
        members = sorted({key[3:] for key in cells}, key=repr) if by else [()]
        return [
            indicator._measured(
                month, dict(zip(by, member, strict=True)), *cells.get((self.id, company.id, month, *member), (0, 0))
            )
            for month, member in product(months, members)
        ]

    def _measured(self, month, member, numerator, denominator):
        value, n = figure(self.kind, FACTORS[self.unit], numerator, denominator)
        return {
            "period": month,
            **member,
            "numerator": numerator,
            "denominator": denominator if self.kind in SHARES else None,
            "value": value,
            "n": n,
        }

    # -- compute -----------------------------------------------------------------

    def action_compute(self):
        """Count the chosen indicators anew, for the companies at hand."""
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Figures are computed by an indicator officer."))
        self.check_access("read")
        self._compute_measures(self.env.companies)
        failed = self.filtered("compute_error")
        message = self.env._("%s indicators are up to date.", len(self - failed))
        if failed:
            message = self.env._("Not counted: %s. The reason stands on the form.", ", ".join(failed.mapped("code")))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_compute(self):
        """Source by source, the one that waited longest first: a run that breaks off is taken up where it ended."""
        indicators = self.search([("active", "=", True)], order="computed_at NULLS FIRST, id")
        sources = indicators.grouped("source")
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(sources))
        for alike in sources.values():
            alike._compute_measures(companies)
            self.env["ir.cron"]._commit_progress(1)

    def _compute_measures(self, companies):
        """Count and store, one statement for each source and time zone."""
        companies = companies.sudo()
        for alike in self.sudo().grouped("source").values():
            formulas = alike._sound_formulas()
            for zone, neighbours in companies.grouped(lambda company: company._sqms_tz()).items():
                alike.browse(formulas)._compute_source(formulas, neighbours, zone)
        self.invalidate_recordset()

    def _sound_formulas(self):
        """`{indicator id: Formula}`; what no longer passes the whitelist is marked and left out."""
        formulas = {}
        for indicator in self:
            try:
                formulas[indicator.id] = indicator._formula()
            except UserError as error:
                indicator._mark_failed(error)
        return formulas

    def _compute_source(self, formulas, companies, zone):
        """Together; and if the database refuses, one by one, so that the culprit alone is left out."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._store_counts(formulas, companies, zone)
        except (psycopg2.Error, UserError, ValueError) as error:
            if isinstance(error, psycopg2.OperationalError) and not isinstance(error, psycopg2.errors.QueryCanceled):
                raise  # a conflict with another transaction is not the definition's fault
            if len(self) == 1:
                self._mark_failed(error)
                return
            for indicator in self:
                indicator._compute_source({indicator.id: formulas[indicator.id]}, companies, zone)

    def _store_counts(self, formulas, companies, zone):
        last = month_of(local_day(fields.Datetime.now(), zone))
        months = months_between(shift(last, 1 - HORIZON), last)
        self.env.cr.execute(SQL("SET LOCAL statement_timeout = %s", STATEMENT_SECONDS * 1000))
        counts = self.env["sqms.indicator.engine"]._count(formulas, companies, months, zone, with_past=True)
        self.env.cr.execute("SET LOCAL statement_timeout TO DEFAULT")
        measures = self.env["sqms.measure"]
        stored = measures._first_stored(self, companies)
        now = fields.Datetime.now()
        measures._store(
            indicator._prepare_measure_values(company, month, counts, now, last)
            for indicator in self
            for company in indicator.company_id & companies or (companies if not indicator.company_id else ())
            for month in months
            if month
            >= min(counts.since.get(company.id, shift(last, 1)), stored.get((indicator, company), shift(last, 1)))
        )
        self.write({"computed_at": now, "compute_error": False})

    def _prepare_measure_values(self, company, month, counts, now, last):
        numerator, denominator = counts.cells.get((self.id, company.id, month), (0, 0))
        value, n = figure(self.kind, FACTORS[self.unit], numerator, denominator)
        return {
            "indicator_id": self.id,
            "company_id": company.id,
            "period": month,
            # A quantity is no number of records; these stay whole numbers.
            "numerator": n if self.kind in QUANTITIES else numerator,
            "denominator": denominator if self.kind in SHARES else 0,
            "total": float(numerator) if self.kind in QUANTITIES else 0.0,
            "n": n,
            "value": value,
            "kind": self.kind,
            "factor": FACTORS[self.unit],
            "version": self.version,
            "is_final": month < last,
            "computed_at": now,
        }

    def _mark_failed(self, error):
        _logger.warning("Indicator %s is not counted: %s", self.code, error)
        reason = str(error) if isinstance(error, UserError) else self.env._("The database refused to count it.")
        self.write({"compute_error": reason, "computed_at": fields.Datetime.now()})

    @api.constrains("company_id")
    def _check_company_of_measures(self):
        for indicator in self:
            if indicator.company_id and indicator.measure_ids.company_id - indicator.company_id:
                raise ValidationError(
                    self.env._("%s has figures of another company. Copy it instead.", indicator.display_name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_measured(self):
        for indicator in self.sudo():
            if indicator.measure_count:
                raise UserError(
                    self.env._("%s has figures. Archive it: it is no longer counted, and what it showed is kept.",
                               indicator.display_name)
                )  # fmt: skip
