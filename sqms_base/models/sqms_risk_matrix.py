from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..lib import risk_matrix_svg
from ..lib.risk_level import grid
from .sqms_risk import LEVELS
from .sqms_risk_scale import BY_KIND

MOMENTS = {"after": ("likelihood", "impact"), "before": ("likelihood_before", "impact_before")}


class SqmsRiskMatrix(models.Model):
    """All open risks of a company in one picture: how likely by how grave, before and after treatment."""

    _inherit = "sqms.risk"

    @api.model
    @api.readonly
    def get_matrix(self, kind="risk", moment="after", process_id=None):
        """The matrix of the company at hand, with the rights of who asks.

        :param kind: "risk" or "opportunity"
        :param moment: "after" (the latest ratings) or "before" (the first ones)
        :param process_id: only those of one process; nothing for all
        :return: `{company, kind, moment, process, rows, likelihood, impact, levels, total, unrated, processes}`;
            `rows` as of `lib.risk_level.grid`, with the word of the level in each cell
        """
        self.browse().check_access("read")
        company = self.env.company
        return self._matrix(company, kind, moment, process_id)

    @api.model
    def _matrix(self, company, kind="risk", moment="after", process_id=None):
        if kind not in BY_KIND or moment not in MOMENTS:
            raise AccessError(self.env._("There is no such matrix."))
        counts, processes, unrated = self._matrix_counts(company, kind, moment, process_id)
        levels = dict(self._fields["level_before"]._description_selection(self.env))
        rows = grid(counts, company._sqms_risk_limits())
        by_level = dict.fromkeys(levels, 0)
        for cell in (cell for row in rows for cell in row):
            cell["label"] = levels[cell["level"]]
            by_level[cell["level"]] += cell["count"]
        scale = self.env["sqms.risk.scale"]
        return {
            "company": company.sudo().name,
            "company_id": company.id,
            "kind": kind,
            "moment": moment,
            "process": process_id or False,
            "rows": rows,
            "likelihood": self._matrix_axis(scale._steps(company, "likelihood")),
            "impact": self._matrix_axis(scale._steps(company, BY_KIND[kind])),
            "levels": [{"key": key, "label": levels[key], "count": by_level[key]} for key, _label in LEVELS],
            "total": sum(counts.values()),
            "unrated": unrated,
            "processes": processes,
        }

    def _matrix_axis(self, steps):
        return [{"value": step.value, "name": step.name, "description": step.description} for step in steps]

    def _matrix_counts(self, company, kind, moment, process_id):
        """One grouped question for the cells of all processes; the chosen one is picked from its answer."""
        likelihood, impact = MOMENTS[moment]
        found = self._read_group(self._matrix_domain(company.id, kind), [likelihood, impact, "process_id"], ["__count"])
        counts, unrated, processes = defaultdict(int), 0, {}
        for step, other, process, count in found:
            if process:
                processes[process.id] = process
            if process_id and process.id != process_id:
                continue
            if step and other:
                counts[step, other] += count
            else:
                unrated += count
        named = [{"id": process.id, "name": process.sudo().display_name} for process in processes.values()]
        return dict(counts), sorted(named, key=lambda row: row["name"]), unrated

    @api.model
    def _matrix_domain(self, company_id, kind):
        return Domain("company_id", "=", company_id) & Domain("kind", "=", kind) & Domain("state", "!=", "closed")

    @api.model
    def _matrix_svg(self, company, kind="risk", moment="after"):
        """The matrix as one SVG for screen and print; empty cells stay, so that it is recognised.

        :return: text of an `<svg>` that needs nothing from outside
        """
        return risk_matrix_svg.svg(self._matrix(company, kind, moment), self._matrix_words(kind, moment))

    def _matrix_words(self, kind, moment):
        moments = {"after": self.env._("after treatment"), "before": self.env._("before treatment")}
        kinds = {"risk": self.env._("Risks"), "opportunity": self.env._("Opportunities")}
        return {
            "title": self.env._("%(kind)s by likelihood and impact, %(moment)s",
                                kind=kinds[kind], moment=moments[moment]),
            "likelihood": self.env._("Likelihood"),
            "impact": self.env._("Impact") if kind == "risk" else self.env._("Benefit"),
            "total": self.env._("%(count)s in all"),
            "unrated": self.env._("%(count)s not rated yet"),
        }  # fmt: skip
