from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..lib.evidence import Found, path_of, roll_up, worst

NOTHING = Found(0)
FRAME = ["standard_id", "parent_id", "number"]


class SqmsClause(models.Model):
    """Whether a clause is lived, asked when somebody looks.

    1. A clause counts if nothing stands under it, or if rules of its own hold for it. The others are headings:
       they show what stands under them.
    2. An excluded clause is excluded with everything under it, for the reason given there.
    3. All rules of a clause hold together: the worst one is its colour.
    4. A clause that applies and that no rule looks at is red: nobody has said what would prove it.
    5. Nothing is stored; a handful of statements answer for any number of clauses.
    """

    _inherit = "sqms.clause"

    @api.model
    def _evidence_status(self, clauses, company):
        """What the evidence of these clauses says, in the words of the user.

        :return: `{clause id: {"state", "reason", "count", "newest", "counts", "is_heading", "verdicts"}}`; state is
            green, amber, red, excluded, or none for a heading with nothing under it
        """
        return self._evidence(clauses, company)[0]

    @api.model
    def _evidence(self, clauses, company, are_all=False):
        """The status of the clauses, and what the company has decided on each: `{clause id: obligation}`.

        :param are_all: whether they are all the active clauses of their standards
        """
        frame = clauses.sudo() if are_all else self._evidence_frame(clauses)
        rules, by_clause = self._evidence_rules(frame, company)
        decided = self._evidence_decisions(frame, company)
        parents = {clause.id: clause.parent_id.id for clause in frame}
        counting = set(parents) - (set(parents.values()) - set(by_clause))
        today = rules._today(company)
        asked = rules.browse({rule for clause in counting for rule in by_clause.get(clause, ())})
        found, broken = self.env["sqms.evidence.engine"]._count(asked, company, frame, today)
        status = {}
        for clause in counting:
            reason = self._evidence_exclusion(clause, parents, decided)
            if reason is not None:
                status[clause] = self._evidence_row("excluded", reason)
                continue
            verdicts = self._evidence_verdicts(clause, rules.browse(by_clause.get(clause, ())), found, broken, today)
            status[clause] = self._evidence_own(verdicts)
        self._evidence_headings(parents, status, decided)
        return {clause.id: status[clause.id] for clause in clauses if clause.id in status}, decided

    def _evidence_frame(self, clauses):
        """All active clauses of the standards at hand: a heading needs what stands under it."""
        standards = clauses.sudo().standard_id.ids
        return self.sudo().search_fetch(
            Domain("standard_id", "in", standards) & Domain("active", "=", True), FRAME, order="number_key, id"
        )

    def _evidence_rules(self, frame, company):
        """The rules that hold in the company, and `{clause id: rule ids in their order}`."""
        rules = self.env["sqms.evidence.rule"].sudo().with_context(active_test=False)
        rules = rules.search_fetch(
            Domain("clause_ids", "in", frame.ids)
            & Domain("company_id", "in", [False, company.id])
            & Domain("active", "=", True),
            ["name", "model"],
        )
        by_clause, known = defaultdict(list), set(frame.ids)
        for rule in rules:
            for clause in rule.clause_ids.ids:
                if clause in known:
                    by_clause[clause].append(rule.id)
        return rules, by_clause

    def _evidence_decisions(self, frame, company):
        """What the company has made of the clauses: `{clause id: obligation}`."""
        obligations = self.env["sqms.obligation"].sudo()
        return {
            obligation.clause_id.id: obligation
            for obligation in obligations.search_fetch(
                Domain("clause_id", "in", frame.ids) & Domain("company_id", "=", company.id),
                ["clause_id", "applicability", "exclusion_reason", "owner_id"],
                order="id",
            )
        }

    def _evidence_exclusion(self, clause, parents, decided):
        """Why the clause does not apply, or None if it does."""
        for above in path_of(clause, parents):
            if above in decided and decided[above].applicability == "excluded":
                return decided[above].exclusion_reason or self.env._("Excluded")
        return None

    def _evidence_verdicts(self, clause, rules, found, broken, today):
        verdicts = []
        for rule in rules:
            if rule.id in broken:
                verdicts.append(rule._verdict_broken())
                continue
            key = rule.id, clause if rule.is_linked else 0
            verdicts.append(rule._verdict(found.get(key, NOTHING), today))
        return verdicts

    def _evidence_own(self, verdicts):
        state = worst(verdict["state"] for verdict in verdicts)
        if not state:
            return self._evidence_row("red", self.env._("No evidence rule: nobody has said what would prove it"))
        told = [verdict["reason"] for verdict in verdicts if verdict["state"] == state]
        return self._evidence_row(state, " · ".join(told), verdicts)

    def _evidence_row(self, state, reason, verdicts=()):
        days = [verdict["newest"] for verdict in verdicts if verdict["newest"]]
        return {
            "state": state,
            "reason": reason,
            "count": sum(verdict["total"] for verdict in verdicts),
            "newest": max(days, default=None),
            "verdicts": list(verdicts),
            "is_heading": False,
        }

    def _evidence_headings(self, parents, status, decided):
        """Counts for all, and the rows of those that only head others."""
        counts = roll_up(parents, {clause: row["state"] for clause, row in status.items()})
        for clause, numbers in counts.items():
            applicable = numbers["green"] + numbers["amber"] + numbers["red"]
            if clause not in status:
                state = worst(name for name in ("red", "amber", "green") if numbers[name])
                if state:
                    reason = self.env._("%(green)s of %(all)s clauses green", green=numbers["green"], all=applicable)
                else:
                    state = "excluded" if numbers["excluded"] else "none"
                    reason = self._evidence_exclusion(clause, parents, decided) or ""
                status[clause] = {**self._evidence_row(state, reason), "is_heading": True}
            status[clause]["counts"] = numbers
        for clause in set(status):
            if not status[clause]["is_heading"]:
                for above in path_of(clause, parents)[1:]:
                    if status[above]["is_heading"]:
                        self._evidence_sum(status[above], status[clause])

    def _evidence_sum(self, heading, row):
        heading["count"] += row["count"]
        days = [day for day in (heading["newest"], row["newest"]) if day]
        heading["newest"] = max(days, default=None)
