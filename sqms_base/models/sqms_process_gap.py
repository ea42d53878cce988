from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list


class SqmsProcessGap(models.Model):
    """What is still missing of a process, in words.

    A process without owner, clause, document, indicator, link to another process, or without the one who is
    accountable for it today is listed until it has them. The words do not depend on what the reader may open.
    """

    _inherit = "sqms.process"

    missing = fields.Char(string="What Is Missing", compute="_compute_missing")
    has_gap = fields.Boolean(string="Something Is Missing", compute="_compute_missing", search="_search_has_gap")
    has_no_accountable = fields.Boolean(
        string="Nobody Accountable", compute="_compute_missing", search="_search_has_no_accountable"
    )
    accountable_name = fields.Char(string="Accountable", compute="_compute_missing")

    @api.depends(
        "owner_id", "clause_ids", "document_ids", "indicator_ids", "flow_in_ids", "flow_out_ids", "responsibility_ids",
        "responsibility_ids.date_from", "responsibility_ids.date_to", "responsibility_ids.role",
        "responsibility_ids.employee_id.active",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_missing(self):
        gaps = self._origin._gaps()
        names = self.env["sqms.responsibility"]._accountable(self._origin, self._origin._local_days())
        for process in self:
            words = gaps.get(process._origin.id, {})
            process.missing = format_list(self.env, list(words.values())) if words else ""
            process.has_gap = bool(words)
            process.has_no_accountable = "accountable" in words
            process.accountable_name = names.get(process._origin.id, "")

    def _gaps(self):
        """`{process id: {what: words}}` of what is missing; the same questions whatever the number of processes."""
        processes = self.sudo().with_context(active_test=False)
        accountable = self.env["sqms.responsibility"]._accountable(processes, processes._local_days())
        words = {
            "owner": self.env._("no owner"),
            "accountable": self.env._("nobody accountable"),
            "clause": self.env._("no clause"),
            "document": self.env._("no document"),
            "indicator": self.env._("no indicator"),
            "flow": self.env._("no link to another process"),
        }
        found = {}
        for process in processes:
            lacks = {
                "owner": not process.owner_id.active,
                "accountable": process.id not in accountable,
                "clause": not process.clause_ids,
                "document": not process.document_ids,
                "indicator": not process.indicator_ids,
                "flow": not (process.flow_in_ids or process.flow_out_ids),
            }
            found[process.id] = {what: words[what] for what, is_so in lacks.items() if is_so}
        return found

    def _search_has_gap(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = Domain.OR(
            [
                Domain("owner_id", "=", False),
                Domain("owner_id.active", "=", False),
                Domain("clause_ids", "=", False),
                Domain("document_ids", "=", False),
                Domain("indicator_ids", "=", False),
                Domain("flow_in_ids", "=", False) & Domain("flow_out_ids", "=", False),
                self._no_accountable_domain(),
            ]
        )
        return Domain.OR([missing if wanted else ~missing for wanted in value])

    def _search_has_no_accountable(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = self._no_accountable_domain()
        return Domain.OR([missing if wanted else ~missing for wanted in value])

    @api.model
    def _no_accountable_domain(self):
        held = [
            Domain("company_id", "in", ids) & self.env["sqms.responsibility"]._held_domain(day)
            for day, ids in self.env["res.company"]._sqms_days().items()
        ]
        rows = (
            Domain.OR(held)
            & Domain("role", "=", "accountable")
            & Domain("activity_id", "=", False)
            & (Domain("job_id", "!=", False) | Domain("employee_id.active", "=", True))
        )
        return ~Domain("responsibility_ids", "any!", rows)
