from collections import Counter

import pytz
from babel.dates import format_skeleton

from odoo import models
from odoo.tools import babel_locale_parse, get_lang
from odoo.tools.image import image_data_uri

from ..lib.review_headline import headline, tiles

PACK = "sqms_base.report_review_pack"
MARGINS = {"top": 14, "bottom": 24, "left": 15, "right": 15}
SIGNS = {"on": "✔", "below": "▼", "unclear": "●"}
# What moves of itself leads the first page, in this order; a chart of another section steps in where one has none.
LEADING = (
    "nonconformities", "processes", "objectives", "complaints", "costs", "risks", "improvements", "audits",
    "monitoring", "satisfaction", "resources",
)  # fmt: skip


class SqmsReviewPrint(models.Model):
    """The management review pack: one page that says how things stand, a part for each input, signatures.

    1. It is made of the frozen inputs alone, in the language of the reader: the figures on paper are those of the
       digest in the foot, on whatever day it is printed.
    2. The first sentence follows the rule in `lib/review_headline.py`.
    """

    _inherit = "sqms.review"

    def _print_pdf(self):
        self.ensure_one()
        self.check_access("read")
        pack = self._pack()
        return self.env["sqms.print"]._render(
            "sqms_base.review_pack",
            {"review": self, "pack": pack, "draw": self._draw_chart, "signs": SIGNS},
            stamp={"foot": self._pack_foot(), "watermark": self._pack_watermark()},
            headings=[(2, section["title"]) for section in pack["sections"]],
            margins=MARGINS,
        )

    def _pack_watermark(self):
        return self.env._("DRAFT") if self.state == "planned" else ""

    def _pack_foot(self):
        if not self.freeze_number:
            return [(self.env._("No figures have been frozen yet."), "")]
        company = self.company_id.sudo()
        local = pytz.utc.localize(self.as_of).astimezone(pytz.timezone(company._sqms_tz()))
        clock = format_skeleton("Hm", local, locale=babel_locale_parse(get_lang(self.env).code))
        instant = f"{self._review_day(local.date())} {clock}"
        digest = " ".join(self.digest[place : place + 4] for place in (0, 4, 8))
        period = self._review_period(self.as_of)
        before = self._pack_days(period.before_from, period.before_to)
        return [
            (
                self.env._("Figures frozen %(instant)s · digest %(digest)s · trend against %(before)s",
                           instant=instant, digest=digest, before=before),
                "",
            ),
            (" · ".join(filter(None, (self.number, company.name))), self._workflow_state_label()),
        ]  # fmt: skip

    def _pack_days(self, first, last):
        return self.env._(
            "%(first)s to %(last)s",
            first=self._review_day(first),
            last=self._review_day(last),
        )

    def _pack(self):
        """All that stands in the pack, as plain data."""
        sections = [
            {**row._content(), "key": row.key, "clause": row.clause, "comment": row.comment or ""}
            for row in self.input_ids.sorted("sequence")
        ]
        figures = self._pack_figures(sections)
        chosen = tiles(figures)
        company = self.company_id.sudo()
        return {
            "company": company.name,
            "logo": image_data_uri(company.logo) if company.logo and not company.uses_default_logo else "",
            "title": self.name,
            "period": self._pack_days(self.date_from, self.date_to),
            "where": " · ".join(filter(None, (self._review_day(self.date), self.place))),
            "headline": self._pack_headline(figures),
            "lead": self._pack_lead(figures),
            "tiles": [chosen[place : place + 3] for place in range(0, len(chosen), 3)],
            "charts": self._pack_charts(sections),
            "changed": self._pack_changed(sections, figures),
            "decisions": self._pack_decisions(),
            "last": next((section["decisions"] for section in sections if section.get("decisions")), None),
            "sections": [section for section in sections if not section["empty"]],
            "empty": [section for section in sections if section["empty"]],
        }

    @staticmethod
    def _pack_figures(sections):
        """All figures in the order of the sections, each once."""
        found = {}
        for section in sections:
            for figure in section["figures"]:
                found.setdefault(figure["key"], {**figure, "section": section["title"]})
        return list(found.values())

    def _pack_headline(self, figures):
        kind, improved, worst = headline(figures)
        if kind == "both":
            return self.env._("“%(improved)s” improved, but “%(worst)s” misses its target.",
                              improved=improved["label"], worst=worst["label"])  # fmt: skip
        if kind == "worst":
            return self.env._("“%(worst)s” misses its target most.", worst=worst["label"])
        if kind == "improved":
            return self.env._("“%(improved)s” improved; nothing that was measured misses its target.",
                              improved=improved["label"])  # fmt: skip
        return {
            "on_target": self.env._("Everything that has a target is on target."),
            "unclear": self.env._("No target is clearly missed, and not all are clearly met."),
            "no_target": self.env._("Nothing that was measured has a target."),
            "nothing": self.env._("Nothing was measured in this period."),
        }[kind]

    def _pack_lead(self, figures):
        """Two or three sentences: the figures behind the headline, and how many targets are met."""
        _kind, improved, worst = headline(figures)
        words = []
        if worst:
            words.append(
                self.env._("%(label)s: %(value)s, %(target)s.", label=worst["label"], value=worst["text"],
                           target=worst["target_text"])
            )  # fmt: skip
        if improved:
            words.append(
                self.env._("%(label)s: %(value)s after %(before)s.", label=improved["label"], value=improved["text"],
                           before=improved["before_text"])
            )  # fmt: skip
        judged = Counter(figure["status"] for figure in figures if figure["status"])
        if judged:
            words.append(
                self.env._(
                    "Of %(count)s figures with a target %(on)s are on target, %(below)s below, %(unclear)s not clear.",
                    count=sum(judged.values()), on=judged["on"], below=judged["below"], unclear=judged["unclear"],
                )
            )  # fmt: skip
        return " ".join(words)

    @staticmethod
    def _pack_charts(sections):
        """Two charts for the first page, from two sections."""
        found = {section["key"]: section["charts"][0] for section in sections if section["charts"]}
        lines = [key for key in found if found[key]["chart"]["kind"] == "line"]
        order = [*lines, *LEADING, *found]
        return [found[key] for key in dict.fromkeys(key for key in order if key in found)][:2]

    def _pack_changed(self, sections, figures):
        """What moved most against the period before, and what people said to the figures."""
        moved = [figure for figure in figures if figure["trend"] in ("up", "down") and figure["value"] is not None]
        moved.sort(
            key=lambda figure: abs(figure["value"] - figure["before"]) / (abs(figure["before"]) or 1), reverse=True
        )
        rows = [
            (
                figure["label"],
                self.env._("%(value)s after %(before)s (%(trend)s).", value=figure["text"],
                           before=figure["before_text"], trend=figure["trend_text"]),
            )
            for figure in moved[:3]
        ]  # fmt: skip
        said = [(section["title"], section["comment"]) for section in sections if section["comment"]]
        return [*rows, *said[: 5 - len(rows)]]

    def _pack_decisions(self):
        kinds = dict(self.decision_ids._fields["kind"]._description_selection(self.env))
        return [
            {
                "name": decision.name,
                "kind": kinds.get(decision.kind, ""),
                "who": decision.sudo().owner_id.name,
                "when": self.env._("by %s", self._review_day(decision.date_due)),
            }
            for decision in self.decision_ids
        ]

    def action_print(self):
        self.ensure_one()
        return self.env.ref("sqms_base.action_report_review_pack").report_action(self, config=False)
