from odoo import api, models
from odoo.fields import Domain


class SqmsClauseMap(models.AbstractModel):
    """What belongs to nobody or to nothing: clauses, documents, processes."""

    _inherit = "sqms.clause.map"

    @api.model
    @api.readonly
    def get_orphans(self):
        """Lists to work through, with the rights of the one who asks.

        :return: `[{key, label, count, action}]`
        """
        self._check_sees()
        return [
            {
                "key": key,
                "label": label,
                "count": self.env[model].search_count(domain),
                "action": self._orphans_action(label, model, domain),
            }
            for key, label, model, domain in self._orphans_lists()
            if self.env[model].has_access("read")
        ]

    @api.model
    def _orphans_lists(self):
        """`[(key, label, model, domain)]`; an addon adds its own to the result of `super()`."""
        unowned, unproven = self._orphans_clauses()
        mine = Domain("company_id", "=", self.env.company.id)
        return [
            ("clause_owner", self.env._("Clauses without an owner"), "sqms.clause", Domain("id", "in", unowned)),
            ("clause_rule", self.env._("Clauses without an evidence rule"), "sqms.clause",
             Domain("id", "in", unproven)),
            ("document_clause", self.env._("Documents that serve no clause"), "sqms.document",
             mine & Domain("current_version_id", "!=", False) & Domain("clause_ids", "=", False)),
            ("process_clause", self.env._("Processes that serve no clause"), "sqms.process",
             mine & Domain("clause_ids", "=", False)),
            ("process_owner", self.env._("Processes without an owner"), "sqms.process",
             mine & Domain("owner_id", "=", False)),
        ]  # fmt: skip

    def _orphans_clauses(self):
        """Ids of the applicable clauses that nobody owns, and of those that no rule looks at."""
        company = self.env.company
        standards = self.env["sqms.standard"].search(self._map_standards(company))
        clauses = self.env["sqms.clause"].search(Domain("standard_id", "in", standards.ids))
        status, decided = clauses._evidence(clauses, company)
        applicable = [
            clause.id
            for clause in clauses
            if clause.id in status and not status[clause.id]["is_heading"] and status[clause.id]["state"] != "excluded"
        ]
        unowned = [clause for clause in applicable if clause not in decided or not decided[clause].owner_id]
        return unowned, [clause for clause in applicable if not status[clause]["verdicts"]]

    def _orphans_action(self, label, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": model,
            "domain": list(domain),
            "views": [[False, "list"], [False, "form"]],
            "context": {"create": False},
        }
