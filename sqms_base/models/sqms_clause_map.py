from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_time

from ..lib.evidence import age_in_days, coverage

SEES_MAP = "sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"
NO_ROW = {"verdicts": ()}
COLOURS = ("green", "amber", "red", "excluded")


class SqmsClauseMap(models.AbstractModel):
    """The clauses of every standard, each green, amber or red, with the reason.

    1. It is worked out when somebody looks and stored nowhere: what changed a moment ago shows.
    2. Officers, top management and certifiers see it. Colours, counts and reasons are the same for all of them;
       the records behind them open with the rights of the one who looks.
    3. The number of statements does not depend on the number of clauses, rules or records.
    """

    _name = "sqms.clause.map"
    _description = "Clause Map"

    @api.model
    @api.readonly
    def get_map(self, standard_id=None):
        """Everything the screen shows, as plain data.

        :param standard_id: whose clauses are listed; the first standard if left out
        :return: `{at, day, standards: [...], standard: id or False, rows: [...], may}`
        :raise AccessError: for those who do not see the map
        """
        self._check_sees()
        company = self.env.company
        standards = self.env["sqms.standard"].search_fetch(self._map_standards(company), ["code", "name", "kind"])
        clauses = self.env["sqms.clause"].search_fetch(
            Domain("standard_id", "in", standards.ids),
            ["standard_id", "parent_id", "number", "name"],
            order="number_key, id",
        )
        status, decided = clauses._evidence(clauses, company, are_all=True)
        totals = self._map_totals(clauses, status)
        shown = [standard for standard in standards if totals.get(standard.id)]
        chosen = next((standard for standard in shown if standard.id == standard_id), shown[0] if shown else None)
        rows = clauses.filtered(lambda clause: clause.standard_id == chosen) if chosen else clauses.browse()
        return {
            "at": format_time(self.env, fields.Datetime.now(), tz=self.env.tz.zone, time_format="HH:mm"),
            "company": company.name,
            "standards": [self._map_standard(standard, totals[standard.id]) for standard in shown],
            "standard": chosen.id if chosen else False,
            "rows": self._map_rows(rows, status, decided, company),
            "may": self._map_may(),
        }

    @api.model
    def _check_sees(self):
        if not (self.env.su or self.env.user.has_groups(SEES_MAP)):
            raise AccessError(self.env._("The clause map is for those who run, head or examine the quality system."))

    @api.model
    def _map_may(self):
        return {
            "owner": self.env["sqms.obligation"].has_access("write"),
            "rule": self.env["sqms.evidence.rule"].has_access("create"),
        }

    @api.model
    def _map_standards(self, company):
        """The standards that concern the company and are in force."""
        return self.env["sqms.standard"]._domain_of(company) & Domain("status", "in", ["in_force"])

    def _map_totals(self, clauses, status):
        """`{standard id: counts of the clauses that count}`."""
        totals = {}
        for clause in clauses:
            row = status.get(clause.id)
            if row and not row["is_heading"]:
                counts = totals.setdefault(clause.standard_id.id, dict.fromkeys(COLOURS, 0))
                counts[row["state"]] += 1
        return totals

    def _map_standard(self, standard, counts):
        return {
            "id": standard.id,
            "code": standard.code,
            "name": standard.name,
            "kind": dict(standard._fields["kind"]._description_selection(self.env)).get(standard.kind),
            "counts": counts,
            "applicable": counts["green"] + counts["amber"] + counts["red"],
            "percent": coverage(counts),
        }

    def _map_rows(self, clauses, status, decided, company):
        today = self.env["sqms.evidence.rule"]._today(company)
        rules = self.env["sqms.evidence.rule"].sudo().browse(
            {verdict["rule"] for clause in clauses for verdict in status.get(clause.id, NO_ROW)["verdicts"]}
        )  # fmt: skip
        rules.fetch(["name", "action_label", "kind"])
        return [
            self._map_row(clause, status[clause.id], decided.get(clause.id), today)
            for clause in clauses
            if clause.id in status
        ]

    def _map_row(self, clause, row, decision, today):
        owner = decision.owner_id if decision else self.env["res.users"]
        rules = self.env["sqms.evidence.rule"].sudo()
        return {
            "id": clause.id,
            "parent": clause.parent_id.id,
            "number": clause.number,
            "name": clause.name,
            "heading": row["is_heading"],
            "state": row["state"],
            "reason": row["reason"],
            "age": self._map_age(row, today),
            "counts": row["counts"],
            "records": row["count"],
            "evidence": [rules.browse(verdict["rule"]).name for verdict in row["verdicts"]],
            "owner": {"id": owner.id, "name": owner.sudo().name} if owner else False,
            "mine": bool(owner) and owner.id == self.env.uid,
            "leads": self._map_leads(row, rules),
        }

    def _map_age(self, row, today):
        if row["is_heading"] or row["state"] == "excluded" or not row["verdicts"]:
            return False
        if not row["newest"]:
            return {"live": True} if row["count"] else False
        return {"text": self.env["sqms.evidence.rule"]._age_words(age_in_days(row["newest"], today))}

    def _map_leads(self, row, rules):
        """The rule whose button leads on from what is not green: the first of the worst that found something."""
        if row["state"] not in ("amber", "red"):
            return False
        for verdict in row["verdicts"]:
            if verdict["state"] == row["state"] and verdict["total"]:
                rule = rules.browse(verdict["rule"])
                return {"rule": rule.id, "label": rule.action_label or self.env._("Open")}
        return False
