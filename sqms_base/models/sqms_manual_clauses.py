from odoo import models
from odoo.fields import Domain


class SqmsManualClauses(models.AbstractModel):
    """The clause matrix: which documents and processes answer a clause, who owns it, and what the evidence says.

    1. It is for officers, top management and certifiers.
    2. It shows the standards in force that the company works with: those with a clause that is linked with a document
       or a process, or on which the company has decided.
    """

    _inherit = "sqms.manual"

    def _manual_sections(self):
        return [
            *super()._manual_sections(),
            self._manual_section(
                "clauses", 90, self.env._("Clause matrix"), "sqms_base.manual_clauses", self._manual_clauses
            ),
        ]

    def _manual_clauses(self, manual):
        if not manual["is_full"]:
            return None
        company = manual["company"]
        standards = self.env["sqms.standard"].search(
            Domain("company_id", "in", [False, company.id]) & Domain("status", "=", "in_force")
        )
        clauses = self.env["sqms.clause"].search(Domain("standard_id", "in", standards.ids))
        documents = self._manual_by_clause(self._manual_clause_documents(company), lambda document: document.number)
        processes = self._manual_by_clause(self._manual_company_processes(company).sudo(), lambda process: process.code)
        decided = {
            obligation.clause_id.id: obligation
            for obligation in self.env["sqms.obligation"].sudo().search([("company_id", "=", company.id)])
        }
        used = {*documents, *processes, *decided}
        chosen = clauses.filtered(lambda clause: clause.id in used).standard_id
        clauses = clauses.filtered(lambda clause: clause.standard_id in chosen)
        evidence = self.env["sqms.clause"]._evidence_status(clauses, company)
        rows = {
            clause.id: self._manual_clause_row(
                clause, documents.get(clause.id, ()), processes.get(clause.id, ()), decided.get(clause.id),
                evidence.get(clause.id) or {"state": "none", "reason": ""},
            )
            for clause in clauses
        }  # fmt: skip
        return {
            "standards": [
                {
                    "title": standard.display_name,
                    "summary": self._manual_clause_summary([rows[clause.id] for clause in own]),
                    "rows": [rows[clause.id] for clause in own],
                }
                for standard, own in clauses.grouped("standard_id").items()
            ]
        }

    def _manual_clause_documents(self, company):
        """The documents in force that the user may read."""
        documents = [edition.document_id.id for edition, _row in self._manual_in_force(company)]
        return self.env["sqms.document"].sudo().browse(documents)

    def _manual_by_clause(self, records, label):
        found = {}
        for record in records:
            for clause in record.clause_ids:
                found.setdefault(clause.id, []).append(label(record))
        return found

    def _manual_clause_row(self, clause, documents, processes, obligation, evidence):
        return {
            "number": clause.number,
            "name": clause.name,
            "documents": documents,
            "processes": processes,
            "owner": obligation and obligation.owner_id.name,
            "key": evidence["state"],
            "state": self._manual_states()[evidence["state"]],
            "reason": evidence["reason"],
            "is_heading": evidence.get("is_heading", False),
        }

    def _manual_clause_summary(self, rows):
        rows = [row for row in rows if not row["is_heading"]]
        excluded = sum(row["key"] == "excluded" for row in rows)
        return self.env._(
            "%(green)s of %(applicable)s clauses that apply have fresh evidence, %(excluded)s are excluded.",
            green=sum(row["key"] == "green" for row in rows),
            applicable=len(rows) - excluded,
            excluded=excluded,
        )

    def _manual_states(self):
        return {
            "green": self.env._("Green"),
            "amber": self.env._("Amber"),
            "red": self.env._("Red"),
            "excluded": self.env._("Excluded"),
            "none": "–",
        }
