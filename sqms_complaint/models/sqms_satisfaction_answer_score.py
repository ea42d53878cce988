from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..lib import satisfaction_score

METRICS = ("csat", "nps", "ces")


class SqmsSatisfactionAnswerScore(models.Model):
    """Scores of answers: never without n and interval, none where nobody answered."""

    _inherit = "sqms.satisfaction.answer"

    campaign_id = fields.Many2one(
        "sqms.satisfaction.campaign", readonly=True, index="btree_not_null", ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    segment = fields.Char(readonly=True)

    _campaign_uniq = models.UniqueIndex(
        "(campaign_id, partner_id) WHERE campaign_id IS NOT NULL", "This customer has been drawn once already."
    )
    _origin_check = models.Constraint(
        "CHECK(num_nonnulls(ticket_id, campaign_id) = 1)", "An answer is about a complaint or of a campaign."
    )

    @api.model
    def _score_tables(self, domain, by=()):
        """The scores in all, then for each member of each field of `by`.

        :return: `[{"label": text or None, "invited", "delivered", "answered", "response", "scores": {metric: {"value",
            "low", "high", "n", "warnings"}}}]`; everything is JSON, None where there is no figure
        """
        tables = [self._score_table(None, self._tally(domain, [])[()])]
        for field in by:
            tally = self._tally(domain, [field])
            rows = [(self._member_label(field, key[0]), found) for key, found in tally.items()]
            tables += [self._score_table(label, found) for label, found in sorted(rows, key=lambda row: str(row[0]))]
        return tables

    def _tally(self, domain, by):
        """What scores are made of, in one query for all metrics: `{members: {...}}`."""
        rows = self._read_group(
            [*domain, ("state", "!=", "skipped")], [*by, "state", "is_delivered", "csat", "nps", "ces"], ["__count"]
        )
        tally = {} if by else {(): _empty()}
        for *members, state, delivered, csat, nps, ces, count in rows:
            own = tally.setdefault(tuple(members), _empty())
            own["invited"] += count
            own["delivered"] += count if delivered else 0
            if state == "answered":
                own["answered"] += count
                for metric, mark in zip(METRICS, (csat, nps, ces), strict=True):
                    if mark is not False and mark is not None:
                        own[metric] += [mark] * count
        return tally

    @api.model
    def _score_table(self, label, found):
        response = satisfaction_score.response_rate(found["answered"], found["delivered"])
        scores = {
            "csat": satisfaction_score.csat_score(found["csat"], response=response),
            "nps": satisfaction_score.nps_score(*satisfaction_score.nps_groups(found["nps"]), response=response),
            "ces": satisfaction_score.mean_score(found["ces"], response=response),
        }
        return {
            "label": label,
            "invited": found["invited"],
            "delivered": found["delivered"],
            "answered": found["answered"],
            "response": response,
            "scores": {
                metric: {**score._asdict(), "warnings": list(score.warnings)} for metric, score in scores.items()
            },
        }

    @api.model
    def _member_label(self, field, member):
        if isinstance(member, models.BaseModel):
            return member.display_name if member else self.env._("None")
        return member or self.env._("None")

    @api.model
    def _score_page(self, tables):
        """The scores as a page for screen and print."""
        rows = [self._score_row(table) for table in tables or []]
        return self.env["ir.qweb"]._render(
            "sqms_complaint.satisfaction_scores", {"rows": rows, "labels": self._labels()}
        )

    @api.model
    def _labels(self):
        return {
            "csat": self.env._("CSAT (4 and 5 of 5)"),
            "nps": self.env._("NPS (-100 to 100)"),
            "ces": self.env._("CES (mean, 1 to 7)"),
        }

    def _score_row(self, table):
        cells = {metric: self._score_cell(metric, score) for metric, score in table["scores"].items()}
        return {
            **table,
            "response_text": "–" if table["response"] is None else f"{self._number(table['response'])} %",
            "cells": cells,
        }

    def _score_cell(self, metric, score):
        unit = " %" if metric == "csat" else ""
        if score["value"] is None:
            return {"value": "–", "interval": "", "n": 0, "warnings": [self.env._("no answers")]}
        words = {
            "few": self.env._("fewer than %s answers", satisfaction_score.FEW_ANSWERS),
            "low_response": self.env._("response below %s %%", satisfaction_score.LOW_RESPONSE),
        }
        interval = (
            ""
            if score["low"] is None
            else self.env._("%(low)s to %(high)s", low=self._number(score["low"]), high=self._number(score["high"]))
        )
        return {
            "value": self._number(score["value"]) + unit,
            "interval": interval,
            "n": score["n"],
            "warnings": [words[key] for key in score["warnings"] if key in words],
        }

    def _number(self, value):
        return formatLang(self.env, value, digits=1)


def _empty():
    return {"invited": 0, "delivered": 0, "answered": 0, "csat": [], "nps": [], "ces": []}
