import re

from markupsafe import Markup

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


class SqmsManualSystem(models.AbstractModel):
    """Chapters on how the company works: its processes, who does what in them, and where it wants to get."""

    _inherit = "sqms.manual"

    def _manual_sections(self):
        return [
            *super()._manual_sections(),
            self._manual_section(
                "processes", 40, self.env._("Processes"), "sqms_base.manual_processes", self._manual_processes
            ),
            self._manual_section(
                "responsibilities", 50, self.env._("Responsibilities"), "sqms_base.manual_responsibilities",
                self._manual_responsibilities,
            ),
            self._manual_section("goals", 60, self.env._("Goals"), "sqms_base.manual_goals", self._manual_goals),
        ]  # fmt: skip

    def _manual_company_processes(self, company):
        return self.env["sqms.process"].search([("company_id", "=", company.id)])

    def _manual_processes(self, manual):
        processes = self._manual_company_processes(manual["company"])
        readable = dict(self._manual_in_force_numbers(manual["company"]))
        drawing = self.env["sqms.process"]._map_svg(manual["company"]) if processes else ""
        return {
            "map": Markup(drawing),
            **_for_print(drawing),
            "rows": [
                {
                    "code": process.code,
                    "name": process.name,
                    "owner": process.owner_id.name,
                    "is_draft": process.state == "draft",
                    "inputs": _lines(process.inputs),
                    "outputs": _lines(process.outputs),
                    "documents": [
                        readable[document.id] for document in process.document_ids if document.id in readable
                    ],
                    "indicators": process.indicator_ids.mapped("display_name"),
                }
                for process in processes.sudo()
            ],
        }

    def _manual_in_force_numbers(self, company):
        """`(document id, “P-014 Refund procedure”)` of the documents in force that the user may read."""
        for edition, row in self._manual_in_force(company):
            yield edition.document_id.id, f"{row['number']} {row['title']}"

    def _manual_responsibilities(self, manual):
        processes = self._manual_company_processes(manual["company"])
        today = manual["company"]._sqms_today()
        roles = dict(self.env["sqms.responsibility"]._fields["role"]._description_selection(self.env))
        return {"rows": self.env["sqms.responsibility"]._matrix(processes, today), "roles": roles}

    def _manual_goals(self, manual):
        """The tree of what was approved and still runs."""
        goals = self.env["sqms.goal"].search(
            [("company_id", "=", manual["company"].id), ("state", "in", ("approved", "achieved", "missed"))]
        )
        return {
            "rows": [
                {
                    "name": goal.name,
                    "depth": max(0, (goal.parent_path or "").count("/") - 1),
                    "is_strategy": goal.kind == "strategy",
                    "weight": formatLang(self.env, goal.weight, digits=0) + " %" if goal.parent_id else "",
                    "owner": goal.owner_id.name,
                    "period": self._manual_period(goal),
                    "targets": goal.target_ids.mapped("label"),
                }
                for goal in goals.sudo()
            ]
        }

    def _manual_period(self, goal):
        first, last = (format_date(self.env, day, date_format="medium") for day in (goal.date_from, goal.date_to))
        if (goal.date_from.month, goal.date_from.day, goal.date_to.month, goal.date_to.day) == (1, 1, 12, 31):
            years = dict.fromkeys((goal.date_from.year, goal.date_to.year))
            return " – ".join(str(year) for year in years)
        return f"{first} – {last}"


def _for_print(drawing):
    """The drawing without a size of its own, and its height in percent of its width, for the box it is to fill."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', drawing)
    if not found:
        return {"print_map": Markup(drawing), "map_height": 50}
    width, height = (float(size) for size in found.groups())
    return {
        "print_map": Markup(drawing.replace(found.group(0), 'width="100%" height="100%"', 1)),
        "map_height": round(100 * height / width, 2),
    }


def _lines(text):
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
