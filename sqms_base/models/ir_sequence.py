from odoo import api, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _draw_series(self, code, prefix, company, date, count):
        """Draw numbers like `AUD/2026/0001` from a company's series, in one query.

        1. Each company has a series of its own, and each year starts again at 1.
        2. The series and the year's range are made when first needed; an administrator may change the
           prefix afterwards, what was given out stays.
        3. Two requests that need a new one at the same moment do not both make it: the second is replayed.

        :param code: technical name of the series
        :param prefix: what a new series puts before the year
        :param date: the day whose year counts
        :param count: how many numbers
        :return: list of `count` numbers, ascending
        """
        drawn = self._draw_known(code, company, date, count)
        if drawn:
            return drawn
        series = self.sudo()._get_series(code, prefix, company)
        span = series._get_span(date)
        if series.implementation != "standard":
            return [span.with_context(ir_sequence_date_range=span.date_from)._next() for _number in range(count)]
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{series.id:03d}_{span.id:03d}", count)
        )
        before, after = series._get_prefix_suffix(date=span.date_from, date_range=span.date_from)
        return [f"{before}{number:0{series.padding}d}{after}" for (number,) in rows]

    def _draw_known(self, code, company, date, count):
        """Numbers of a series whose year has begun already; none where something has to be made first."""
        self.env["ir.sequence"].flush_model()
        self.env["ir.sequence.date_range"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT known.name, known.prefix, known.suffix, known.padding, known.date_from,
                          nextval(known.relation)
                     FROM (SELECT s.name, s.prefix, s.suffix, s.padding, d.date_from,
                                  format('ir_sequence_%%s_%%s',
                                         lpad(s.id::text, greatest(3, length(s.id::text)), '0'),
                                         lpad(d.id::text, greatest(3, length(d.id::text)), '0')) AS relation
                             FROM ir_sequence s
                             JOIN ir_sequence_date_range d
                               ON d.sequence_id = s.id AND d.date_from <= %(date)s AND d.date_to >= %(date)s
                            WHERE s.code = %(code)s AND s.company_id = %(company)s AND s.active IS TRUE
                              AND s.implementation = 'standard' AND s.use_date_range IS TRUE
                            ORDER BY s.name, s.id, d.id LIMIT 1) AS known
               CROSS JOIN generate_series(1, %(count)s)""",
                code=code, company=company.id, date=date, count=count,
            )
        )  # fmt: skip
        if not rows:
            return []
        name, prefix, suffix, padding, first_day = rows[0][:5]
        words = self.new({"name": name, "prefix": prefix, "suffix": suffix})
        before, after = words._get_prefix_suffix(date=first_day, date_range=first_day)
        return [f"{before}{row[5]:0{padding}d}{after}" for row in rows]

    def _get_series(self, code, prefix, company):
        domain = [("code", "=", code), ("company_id", "=", company.id)]
        series = self.search(domain, limit=1)
        if not series:
            self._queue_up("res_company", company.id)
            series = self.create(
                {
                    "name": f"{prefix} {company.name}",
                    "code": code,
                    "company_id": company.id,
                    "prefix": f"{prefix}/%(range_year)s/",
                    "padding": 4,
                    "use_date_range": True,
                }
            )
        return series

    def _get_span(self, date):
        spans = self.env["ir.sequence.date_range"]
        domain = [("sequence_id", "=", self.id), ("date_from", "<=", date), ("date_to", ">=", date)]
        span = spans.search(domain, limit=1)
        if not span:
            self._queue_up("ir_sequence", self.id)
            span = self._create_date_range_seq(date)
        return span

    def _queue_up(self, table, row_id):
        # An UPDATE, not a mere lock: at REPEATABLE READ whoever waited for it fails to serialize and is
        # replayed with a snapshot that contains what was made meanwhile.
        self.env.cr.execute(
            SQL("UPDATE %s SET write_date = write_date WHERE id = %s", SQL.identifier(table), row_id),
            log_exceptions=False,
        )
