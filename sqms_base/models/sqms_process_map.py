from odoo import api, models
from odoo.exceptions import AccessError

from ..lib.process_map_svg import svg


class SqmsProcessMap(models.Model):
    """The landscape of processes, drawn. One drawing for screen, PDF and web page."""

    _inherit = "sqms.process"

    @api.model
    def _map_svg(self, company, links=False):
        """The map of a company as one SVG without anything from elsewhere.

        It shows the processes that the user at hand may read; names are escaped.

        :param links: whether each box leads to its process (on the screen), or is only drawn (print, web)
        """
        processes = self._in_company(company)
        return self._draw(processes, company, links)

    def _draw(self, processes, company, links):
        flows = self.env["sqms.process.flow"].search(
            [("source_id", "in", processes.ids), ("target_id", "in", processes.ids)]
        )
        return svg(
            [
                {
                    "id": process.id,
                    "code": process.code,
                    "name": process.name,
                    "kind": process.kind,
                    "person": process.accountable_name,
                    "missing": process.missing,
                    "is_draft": process.state == "draft",
                    "meets_customer": process.is_customer_facing,
                    "href": f"/odoo/sqms-processes/{process.id}" if links else "",
                }
                for process in processes
            ],
            [{"source": flow.source_id.id, "target": flow.target_id.id, "name": flow.name} for flow in flows],
            self._map_words(company, len(processes)),
        )

    def _map_words(self, company, count):
        return {
            "title": self.env._("Process map of %s", company.sudo().name),
            "summary": self.env._("%s processes: management above, core in the middle, support below", count),
            "draft": self.env._("Draft"),
            "meets_customer": self.env._("meets the customer"),
            "hands_over": self.env._("hands over"),
            "something_missing": self.env._("something is missing"),
            "empty": self.env._("No process has been described yet."),
            "bands": {
                "management": self.env._("Managing the company"),
                "core": self.env._("Serving the customer"),
                "support": self.env._("Supporting the work"),
            },
            "pillars": {
                "need": self.env._("What customers need"),
                "satisfied": self.env._("Satisfied customers"),
            },
        }

    @api.model
    @api.readonly
    def map_screen(self):
        """What the screen “Process Map” shows: a drawing for each company at hand, and the gaps as a list."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("This page is for the people of the company."))
        maps = []
        for company in self.env.companies:
            processes = self._in_company(company)
            maps.append(
                {
                    "company": company.name,
                    "count": len(processes),
                    "svg": self._draw(processes, company, links=True),
                    "gaps": [
                        {"id": process.id, "name": process.display_name, "missing": process.missing}
                        for process in processes
                        if process.has_gap
                    ],
                }
            )
        return {"maps": maps, "may_write": self.has_access("create")}
