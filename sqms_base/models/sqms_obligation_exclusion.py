from odoo import api, models


class SqmsObligationExclusion(models.Model):
    """An exclusion covers what is part of the clause, and so does taking it back: each part has its own row, so that
    every screen and every count says the same."""

    _inherit = "sqms.obligation"

    @api.model_create_multi
    def create(self, vals_list):
        obligations = super().create(vals_list)
        obligations.filtered(lambda obligation: obligation.applicability == "excluded")._exclude_parts()
        return obligations

    def write(self, vals):
        covered = {}
        if vals.get("applicability") == "applicable":
            for obligation in self.filtered(lambda obligation: obligation.applicability == "excluded"):
                covered.setdefault((obligation.company_id, obligation.exclusion_reason), self.browse())
                covered[obligation.company_id, obligation.exclusion_reason] |= obligation
        result = super().write(vals)
        if vals.get("applicability") == "excluded" or vals.get("exclusion_reason"):
            self.filtered(lambda obligation: obligation.applicability == "excluded")._exclude_parts()
        for (company, reason), obligations in covered.items():
            obligations._parts(company).filtered(
                lambda part: part.applicability == "excluded" and part.exclusion_reason == reason  # noqa: B023
            ).write({"applicability": "applicable"})
        return result

    def _exclude_parts(self):
        """Exclude all that is part of these clauses, with the same justification."""
        for (company, reason), obligations in self.grouped(
            lambda obligation: (obligation.company_id, obligation.exclusion_reason)
        ).items():
            parts = obligations._parts(company)
            values = {"applicability": "excluded", "exclusion_reason": reason}
            parts.filtered(lambda part: part.applicability == "applicable").write(values)
            missing = obligations._clauses_below() - parts.clause_id
            self.create([{**values, "clause_id": clause.id, "company_id": company.id} for clause in missing])

    def _clauses_below(self):
        clauses = self.clause_id
        below = self.env["sqms.clause"].with_context(active_test=False)
        return below.search([("id", "child_of", clauses.ids)]) - clauses

    def _parts(self, company):
        """The obligations of a company for the clauses that are part of these."""
        return self.search([("clause_id", "in", self._clauses_below().ids), ("company_id", "=", company.id)])
