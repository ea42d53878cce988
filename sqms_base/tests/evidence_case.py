from datetime import date, timedelta

from odoo import fields

from .common import DocumentCase

TODAY = date(2026, 11, 23)


class EvidenceCase(DocumentCase):
    """A standard of its own, apart from all that data files bring, and equipment as evidence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard = cls._create_standard("ISO 1")
        cls.Rule = cls.env["sqms.evidence.rule"]
        cls.map = cls.env["sqms.clause.map"].with_user(cls.manager)

    @classmethod
    def _create_standard(cls, code, **values):
        return cls.env["sqms.standard"].create({"code": code, "name": f"About {code}", **values})

    @classmethod
    def _create_clause(cls, number, parent=None, standard=None, **values):
        return cls.env["sqms.clause"].create(
            {
                "standard_id": (standard or cls.standard).id,
                "number": number,
                "name": f"Clause {number}",
                "parent_id": parent and parent.id,
                **values,
            }
        )

    @classmethod
    def _create_rule(cls, clauses, **values):
        return cls.Rule.create(
            {
                "name": "Vans",
                "company_id": False,
                "source": "maintenance.equipment:effective_date",
                "clause_ids": [fields.Command.set(clauses.ids)],
                **values,
            }
        )

    @classmethod
    def _create_van(cls, days=0, company=None, **values):
        """A van in use for so many days."""
        return cls.env["maintenance.equipment"].create(
            {
                "name": "Van",
                "company_id": (company or cls.company).id,
                "effective_date": TODAY - timedelta(days=days),
                **values,
            }
        )

    @classmethod
    def _decide(cls, clause, company=None, **values):
        company = company or cls.company
        Obligation = cls.env["sqms.obligation"]
        decided = Obligation.search([("clause_id", "=", clause.id), ("company_id", "=", company.id)])
        if decided:
            decided.write(values)
            return decided
        return Obligation.create({"clause_id": clause.id, "company_id": company.id, **values})

    def _status(self, clause, company=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        clause = clause.with_user(user or self.manager)
        return clause._evidence_status(clause, company or self.company)[clause.id]

    def _state(self, clause, company=None):
        return self._status(clause, company)["state"]
