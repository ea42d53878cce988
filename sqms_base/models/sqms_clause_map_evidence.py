from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain

from ..lib.morning import plain_domain


class SqmsClauseMap(models.AbstractModel):
    """The records behind a colour, with the rights of the one who asks."""

    _inherit = "sqms.clause.map"

    @api.model
    @api.readonly
    def get_evidence(self, clause_id):
        """What the rules of a clause found, and how much of it the user may open.

        :return: `{title, state, reason, rules: [{id, name, state, reason, total, readable, hidden}]}`
        """
        clause = self._map_clause(clause_id)
        row = clause._evidence_status(clause, self.env.company)[clause.id]
        rules = self.env["sqms.evidence.rule"].sudo().browse([verdict["rule"] for verdict in row["verdicts"]])
        return {
            "title": f"{clause.display_name} {clause.name}",
            "state": row["state"],
            "reason": row["reason"],
            "rules": [
                self._evidence_card(rule, verdict, clause) for rule, verdict in zip(rules, row["verdicts"], strict=True)
            ],
        }

    @api.model
    def get_records_action(self, rule_id, clause_id, wrong=False):
        """The list of the records a rule looked at, or of those that are not in order.

        :raise MissingError: if the rule does not look at this clause
        """
        clause = self._map_clause(clause_id)
        rule = (
            self.env["sqms.evidence.rule"]
            .sudo()
            .search(
                Domain("id", "=", rule_id)
                & Domain("clause_ids", "in", clause.ids)
                & Domain("company_id", "in", [False, self.env.company.id])
            )
        )
        if not rule:
            raise MissingError(self.env._("This rule no longer looks at %s.", clause.display_name))
        domain = self._evidence_domain(rule, clause)
        if wrong:
            domain &= self._evidence_wrong(rule)
        return {
            "type": "ir.actions.act_window",
            "name": f"{clause.number} · {rule.name}",
            "res_model": rule.model,
            "domain": plain_domain(domain),
            "views": [[False, "list"], [False, "form"]],
            "context": {"create": False, "active_test": False},
        }

    @api.model
    def _map_clause(self, clause_id):
        """A clause that the user may read, in a map that he may see."""
        self._check_sees()
        clause = self.env["sqms.clause"].browse(clause_id).exists()
        if not clause:
            raise MissingError(self.env._("This clause is no longer there."))
        clause.check_access("read")
        return clause

    def _evidence_card(self, rule, verdict, clause):
        readable = self._evidence_records(rule, clause, count=True) if verdict["total"] else 0
        return {
            "id": rule.id,
            "name": rule.name,
            "state": verdict["state"],
            "reason": verdict["reason"],
            "total": verdict["total"],
            "readable": readable,
            "hidden": max(verdict["total"] - readable, 0),
        }

    def _evidence_records(self, rule, clause, count=False, limit=None):
        """The records of a rule that the user may read; nothing of models that are closed to him."""
        model = self.env[rule.model].with_context(active_test=False)
        if not model.has_access("read"):
            return 0 if count else model
        domain = self._evidence_domain(rule, clause)
        if count:
            return model.search_count(domain)
        order = f"{rule.date_field} desc, id desc" if rule.date_field else "id desc"
        return model.search(domain, order=order, limit=limit)

    def _evidence_domain(self, rule, clause):
        company = self.env.company
        plan = rule._plan(company)
        domain = plan.domain & Domain(plan.company, "in", company.ids)
        return domain & Domain(plan.link, "in", clause.ids) if plan.link else domain

    def _evidence_wrong(self, rule):
        marked = rule._plan(self.env.company).marked
        if rule.kind == "exists":
            return Domain.TRUE
        return ~marked if rule.kind == "ratio" else marked
