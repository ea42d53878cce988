import base64
import io
import json
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user

from ..lib import hash_chain, verify_ledger
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
        cls._begin_anew()
        cls.cases = cls.env["sqms.fake.case"]
        cls.entries = cls.env["sqms.ledger.entry"]

    @classmethod
    def _begin_anew(cls):
        """An empty ledger until the rollback: tests that really commit leave entries of what they take away."""
        cls.env.cr.flush()
        cls.env.cr.execute("ALTER TABLE sqms_ledger_entry DISABLE TRIGGER sqms_ledger_refuse")
        cls.env.cr.execute("DELETE FROM sqms_ledger_value")
        cls.env.cr.execute("DELETE FROM sqms_ledger_entry")
        cls.env.cr.execute("ALTER TABLE sqms_ledger_entry ENABLE ALWAYS TRIGGER sqms_ledger_refuse")

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


WHERE = "WHERE res_model = 'sqms.fake.case' AND res_id = %s AND seq = %s"


class ProofCase(LedgerCase):
    """Tampering straight in PostgreSQL, and what the verifier says of it outside."""

    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.env["ir.config_parameter"].set_param("sqms_base.ledger_anchor_addresses", "auditor@example.com")
        self.first, self.second, self.third = (self._create_case(name=name) for name in ("One", "Two", "Three"))
        for amount in range(1, 6):
            for case in (self.first, self.second, self.third):
                case.amount = amount
            self.cr.flush()
        self.anchors = [self._take_anchor()]

    def _take_anchor(self):
        """The file as it arrives by mail."""
        anchor = self.env["sqms.ledger.anchor"]._anchor()
        self.assertTrue(anchor)
        path = self.folder / anchor._file_name()
        [attachment] = anchor.mail_id.attachment_ids
        path.write_bytes(base64.b64decode(attachment.datas))
        return path

    def _export(self, user=None, record=None):
        file = io.BytesIO()
        entries = self.entries.with_user(user) if user else self.entries
        entries._export(file, record)
        path = self.folder / "export.jsonl.gz"
        path.write_bytes(file.getvalue())
        return path

    def _verify(self, anchors=None, export=None):
        said = []
        report = verify_ledger.verify(
            export or self._export(), self.anchors if anchors is None else anchors, said.append
        )
        return report, said

    def _tamper(self, *statements):
        """What the owner of the tables can do, and an administrator of Odoo cannot."""
        self.cr.execute("ALTER TABLE sqms_ledger_entry DISABLE TRIGGER ALL")
        for statement, *values in statements:
            self.cr.execute(statement, values)
        self.cr.execute("ALTER TABLE sqms_ledger_entry ENABLE ALWAYS TRIGGER sqms_ledger_refuse")
        self.env.invalidate_all()

    def _rewrite_from(self, case, seq):
        """Hash the rest of a chain anew, as somebody would who knows how."""
        self.cr.execute(
            "SELECT id, text, prev_hash, seq FROM sqms_ledger_entry WHERE res_model = %s AND res_id = %s"
            " AND seq >= %s ORDER BY seq",
            [case._name, case.id, seq],
        )
        previous = None
        for id_, text, prev_hash, _seq in self.cr.fetchall():
            previous = previous or prev_hash
            hash_ = hash_chain.link(previous, text)
            self._tamper(("UPDATE sqms_ledger_entry SET prev_hash = %s, hash = %s WHERE id = %s", previous, hash_, id_))
            previous = hash_

    def _assert_named(self, kind, case, position, anchors=None):
        report, said = self._verify(anchors)
        self.assertEqual(report.troubles, 1, said)
        self.assertTrue(said[0].startswith(f"{kind}: {case._name},{case.id} position {position}:"), said)
