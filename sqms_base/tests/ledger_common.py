import json

from odoo.tests import TransactionCase, new_test_user

from .fake_models import FakeModelLoader


class LedgerCase(TransactionCase):
    """A model with everything that the ledger logs, and people of two companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        from .fake_ledger import FakeCase

        cls.addClassCleanup(cls.loader.restore_registry)
        cls.loader.update_registry([FakeCase])
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        model_id = cls.env["ir.model"]._get_id("sqms.fake.case")
        cls.env["ir.model.access"].create(
            {
                "name": "sqms.fake.case",
                "model_id": model_id,
                "group_id": cls.env.ref("base.group_user").id,
                **dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True),
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "Own companies",
                "model_id": model_id,
                "domain_force": '[("company_id", "in", company_ids + [False])]',
            }
        )
        cls.company = cls.env["res.company"].create({"name": "Ledger One"})
        cls.other_company = cls.env["res.company"].create({"name": "Ledger Two"})
        cls.clerk = cls._create_user("clerk", "base.group_user")
        cls.second_clerk = cls._create_user("clerk2", "base.group_user")
        cls.manager = cls._create_user("manager", "sqms_base.group_sqms_manager")
        cls.stranger = cls._create_user("stranger", "sqms_base.group_sqms_manager", cls.other_company)
        cls.certifier = cls._create_user("certifier", "sqms_base.group_sqms_certifier")
        cls.cases = cls.env["sqms.fake.case"]
        cls.entries = cls.env["sqms.ledger.entry"]

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, f"sqms_ledger_{login}", groups, company_id=company.id, company_ids=[(6, 0, company.ids)]
        )

    @classmethod
    def _create_case(cls, user=None, **values):
        case = cls.cases.with_user(user or cls.clerk).create({"name": "Case", "company_id": cls.company.id, **values})
        cls.env.cr.flush()
        return case

    def _history(self, record):
        """The entries of a record, oldest first, as the superuser sees them: (entry, what the text says)."""
        self.env.cr.flush()
        entries = self.entries.search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="seq")
        return [(entry, json.loads(entry.text)) for entry in entries]

    def _events(self, record):
        return [entry.event for entry, _said in self._history(record)]
