from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, formatLang, get_lang

from ..lib import chart_svg
from ..lib.review_figure import judge, trend, wilson

ROWS = 12
ARROWS = {"up": "▲", "down": "▼", "same": "="}


class Amount(str):
    """A number that is already in words: it stands at the right of its column."""


class SqmsReviewContent(models.Model):
    """What sections are put together from: figures, tables, charts and sentences, as plain data in words.

    A figure is `{key, label, value, text, unit, decimals, better, n, n_text, interval, before, n_before, trend,
    trend_text, target, target_text, status, status_text}`; None is not known and is never written as zero.
    """

    _inherit = "sqms.review"

    # -- content ----------------------------------------------------------------------

    def _review_content(self, figures=(), tables=(), charts=(), sentences=(), empty=""):
        """What a section shows.

        :param empty: why there is nothing to show; kept only if there is nothing
        """
        figures, tables, charts = ([part for part in parts if part] for parts in (figures, tables, charts))
        sentences = [sentence for sentence in sentences if sentence]
        has_data = any(figure["value"] is not None for figure in figures) or any(table["rows"] for table in tables)
        return {
            "figures": figures,
            "tables": [table for table in tables if table["rows"]],
            "charts": charts,
            "sentences": sentences,
            "empty": "" if has_data or sentences else empty or self.env._("Nothing has been recorded."),
        }

    @staticmethod
    def _review_merge(*contents):
        """Several contents as one; empty only if all of them are."""
        merged = {
            name: [part for content in contents for part in content[name]]
            for name in ("figures", "tables", "charts", "sentences")
        }
        has_data = any(not content["empty"] for content in contents)
        merged["empty"] = "" if has_data else " ".join(dict.fromkeys(c["empty"] for c in contents if c["empty"]))
        for content in contents:
            merged |= {name: value for name, value in content.items() if name not in merged}
        return merged

    # -- figures ----------------------------------------------------------------------

    def _review_figure(
        self, key, label, value, *, unit="", decimals=0, n=None, before=None, n_before=None, better="", target=None,
        interval=None, note="",
    ):  # fmt: skip
        """One figure with its trend, target and badge.

        :param unit: "", "%", "h" or "money" (of the company)
        :param n: of how many things it is; a full count needs none
        :param interval: `(low, high)` of a sample at 95 %
        """
        low, high = interval or (None, None)
        status = judge(value, target, better, low, high)
        direction, difference, meaning = trend(value, before, better, decimals)
        words = {
            "on": self.env._("On target"), "below": self.env._("Below target"), "unclear": self.env._("Not clear"),
        }  # fmt: skip
        return {
            "key": key, "label": label, "value": value, "unit": unit, "decimals": decimals, "better": better, "n": n,
            "text": self._review_number(value, unit, decimals) if value is not None else self.env._("not measured"),
            "n_text": note or (self.env._("n = %s", self._review_number(n)) if n is not None else ""),
            "interval": [low, high] if interval else None,
            "interval_text": self._review_range(low, high, unit, decimals) if interval else "",
            "before": before, "n_before": n_before,
            "before_text": self._review_number(before, unit, decimals) if before is not None else "",
            "trend": direction, "trend_meaning": meaning,
            "trend_text": self._review_trend(direction, difference, decimals, unit),
            "target": target,
            "target_text": self._review_target(target, unit, decimals, better),
            "status": status, "status_text": words.get(status, ""),
        }  # fmt: skip

    def _review_share(self, key, label, found, total, *, before=None, is_sample=False, decimals=1, note="", **look):
        """A share in percent of a full count, or of a sample with its interval.

        :param before: `(found, total)` of the period before
        """
        value = round(100 * found / total, decimals) if total else None
        was, of = before or (0, 0)
        interval = wilson(found, total) if is_sample and total else None
        return self._review_figure(
            key, label, value, unit="%", decimals=decimals, n=total,
            before=round(100 * was / of, decimals) if of else None, n_before=of,
            interval=tuple(round(100 * end, decimals) for end in interval) if interval else None,
            note=note or self.env._("%(found)s of %(total)s", found=self._review_number(found),
                                    total=self._review_number(total)),
            **look,
        )  # fmt: skip

    def _review_tally(self, key, label, count, before=None, better="", target=None, of=None, note=""):
        """A number of things that were counted wholly.

        :param of: out of how many, where that is known
        """
        note = note or (self.env._("of %s", self._review_number(of)) if of is not None else self.env._("full count"))
        return self._review_figure(
            key, label, count, n=count if of is None else of, before=before, n_before=before, better=better,
            target=target, note=note,
        )  # fmt: skip

    def _review_number(self, value, unit="", decimals=0):
        if value is None:
            return ""
        if unit == "money":
            return formatLang(self.env, value, digits=decimals, currency_obj=self.company_id.currency_id)
        number = formatLang(self.env, value, digits=decimals)
        return f"{number} {unit}" if unit else number

    def _review_range(self, low, high, unit, decimals):
        return self.env._(
            "%(low)s to %(high)s",
            low=self._review_number(low, "", decimals), high=self._review_number(high, unit, decimals),
        )  # fmt: skip

    def _review_trend(self, direction, difference, decimals, unit):
        if not direction:
            return ""
        if direction == "same":
            return self.env._("= as before")
        amount = self._review_number(abs(difference), "" if unit == "%" else unit, decimals)
        words = self.env._("up %s", amount) if direction == "up" else self.env._("down %s", amount)
        return f"{ARROWS[direction]} {words}"

    def _review_target(self, target, unit, decimals, better):
        if target is None:
            return ""
        decimals = 0 if float(target).is_integer() else decimals
        sign = {"higher": "≥ ", "lower": "≤ "}.get(better, "")
        if (unit == "%" and target == 100) or not target:
            sign = ""
        return self.env._("target %s", sign + self._review_number(target, unit, decimals))

    # -- tables and charts ---------------------------------------------------------------

    def _review_table(self, title, head, rows, of=None):
        """A table of words; what is over and above the first rows is counted.

        :param of: how many rows there are in all, when only the first were read
        """
        numeric = [
            bool(rows) and all(isinstance(row[place], (int, float, Amount)) for row in rows)
            for place in range(len(head))
        ]
        rows = [[str(cell if cell is not None and cell is not False else "") for cell in row] for row in rows]
        more = max(0, (len(rows) if of is None else of) - ROWS)
        return {
            "title": title, "head": list(head), "numeric": numeric, "rows": rows[:ROWS],
            "more": self.env._("and %s more", more) if more else "",
        }  # fmt: skip

    def _review_chart(self, title, kind, rows, *, unit="", decimals=0, note="", **more):
        """A chart as data; nothing at all where no value is known."""
        return {
            "title": title, "note": note, "unit": unit, "decimals": decimals,
            "chart": {"kind": kind, ("points" if kind == "line" else "rows"): rows, "title": title, **more},
        }  # fmt: skip

    def _draw_chart(self, picture, width=620, zoom=1):
        """The SVG of a chart that was kept as data.

        :param zoom: paper is read from farther away: everything larger, letters too
        """
        unit = picture.get("unit") or ""
        suffix = "" if unit in ("", "money") else f" {unit}"
        chart = dict(picture["chart"])
        svg = chart_svg.draw(
            chart, show=lambda value: f"{value:,.10g}{suffix}", empty=self.env._("Nothing has been recorded."),
            width=width / zoom,
        )  # fmt: skip
        return Markup(chart_svg.zoomed(svg, zoom))

    # -- what is read ------------------------------------------------------------------

    def _review_count(self, period, model, *domain):
        """How many there are in the company, whoever prepares the review."""
        return self.env[model].sudo().search_count([("company_id", "=", period.company.id), *domain])

    def _review_twice(self, period, model, date_field, *domain):
        """`(in the period, in the period before)`, by a date or an instant of the records."""
        return tuple(
            self._review_count(period, model, *self._review_between(model, date_field, which, period), *domain)
            for which in ("now", "before")
        )

    def _review_between(self, model, date_field, which, period):
        is_date = self.env[model]._fields[date_field].type == "date"
        if which == "now":
            first, last = (period.date_from, period.date_to) if is_date else (period.start, period.end)
        else:
            first, last = (period.before_from, period.before_to) if is_date else (period.before_start, period.start)
        return [(date_field, ">=", first), (date_field, "<=" if is_date else "<", last)]

    def _review_has(self, model):
        """Whether the company has anything at all of this kind, ever: none of it is told as such, not as zero."""
        domain = [("company_id", "=", self.company_id.id)]
        return bool(self.env[model].sudo().with_context(active_test=False).search_count(domain, limit=1))

    def _review_months(self, period, model, date_field, *domain, measure="__count"):
        """`[(first day of the month, value)]` of both periods, at most 24 months, without gaps."""
        records = self.env[model].sudo().with_context(tz=period.company._sqms_tz())
        span = Domain(date_field, ">=", self._review_between(model, date_field, "before", period)[0][2])
        span &= Domain(*self._review_between(model, date_field, "now", period)[1])
        found = dict(
            records._read_group(
                Domain("company_id", "=", period.company.id) & span & Domain(list(domain)),
                [f"{date_field}:month"], [measure],
            )
        )  # fmt: skip
        found = {(day.date() if hasattr(day, "date") else day): value for day, value in found.items() if day}
        months, day = [], period.before_from.replace(day=1)
        while day <= period.date_to:
            months.append((day, found.get(day, 0)))
            day += relativedelta(months=1)
        return months[-24:]

    def _review_line(self, title, months, *, note="", **more):
        points = [{"label": self._review_day(day, "yMMM"), "value": value} for day, value in months]
        return self._review_chart(title, "line", points, note=note, **more)

    def _review_day(self, day, skeleton="yMMMd"):
        """A day as people write it: Dec 23, 2026 or 2026年12月23日."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_skeleton(skeleton, day, locale=locale) if day else ""
