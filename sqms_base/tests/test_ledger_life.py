import gzip
import io
import json
import tempfile
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from ..hooks import uninstall_hook
from ..lib import verify_ledger
from ..models import sqms_ledger_entry_export
from .ledger_common import LedgerCase

LEDGER = ("sqms.ledger.entry", "sqms.ledger.value", "sqms.ledger.head", "sqms.ledger.anchor")


@tagged("post_install", "-at_install")
class TestLedgerFields(TransactionCase):
    """What a model asks the ledger to log can be logged."""

    def _models(self):
        return [self.env[name] for name in self.env["sqms.ledger.entry"]._ledger_models()]

    def test_fields_are_seen_whatever_changes_them(self):
        self.assertTrue(self._models())
        for model in self._models():
            for name in model._ledger_fields:
                field = model._fields[name]
                self.assertTrue(field.store, f"{field}: not in the database")
                if field.type == "many2many":
                    self.assertFalse(field.compute, f"{field}: computed links pass by the ledger")
                    self.assertFalse(model.pool.field_inverses[field], f"{field}: links may be made on the other side")
                else:
                    self.assertTrue(field.column_type, f"{field}: has no column; its lines log themselves")

    def test_documents_log_what_counts(self):
        for model, names in (
            ("sqms.document", ("name", "owner_id")),
            ("sqms.document.version", ("state", "content", "approved_by_id")),
            ("sqms.acknowledgement", ("state",)),
            ("sqms.indicator", ("domain", "version")),
        ):
            self.assertLessEqual(set(names), set(self.env[model]._ledger_fields), model)
        # A name that was written down as it was is a person's.
        self.assertIn("approver_name", self.env["sqms.document.version"]._ledger_personal_fields)


@tagged("post_install", "-at_install")
class TestLedgerLife(LedgerCase):
    """Upgraded and uninstalled with entries in it."""

    def test_upgrade_with_entries(self):
        case = self._create_case(customer="Wang Li")
        self.env["sqms.ledger.anchor"]._anchor()
        before = [(entry.id, entry.hash) for entry, _said in self._history(case)]
        self.cr.execute("SELECT xact FROM sqms_ledger_entry WHERE id = %s", [before[0][0]])
        xact = self.cr.fetchone()
        self.cr.execute("ALTER TABLE sqms_ledger_entry DISABLE TRIGGER sqms_ledger_refuse")
        self.registry.init_models(self.cr, LEDGER, {"module": "sqms_base"}, install=False)
        self.assertEqual([(entry.id, entry.hash) for entry, _said in self._history(case)], before)
        self.cr.execute("SELECT xact FROM sqms_ledger_entry WHERE id = %s", [before[0][0]])
        self.assertEqual(self.cr.fetchone(), xact)
        self.cr.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'sqms_ledger_%'"
            " ORDER BY 1, 2"
        )
        self.assertEqual(
            [row for row in self.cr.fetchall() if row[0] in ("sqms_ledger_anchor", "sqms_ledger_entry")],
            [
                ("sqms_ledger_anchor", "sqms_ledger_refuse", "A"),
                ("sqms_ledger_entry", "sqms_ledger_check", "A"),
                ("sqms_ledger_entry", "sqms_ledger_refuse", "A"),
            ],
        )
        case.amount = 7
        self.assertEqual(self._events(case), ["create", "write"])

    def test_uninstalling_leaves_the_ledger_as_a_file_and_no_function(self):
        case = self._create_case()
        with self.cr.savepoint() as savepoint:
            uninstall_hook(self.env)
            [kept] = self.env["ir.attachment"].search(
                [("name", "like", "sqms-ledger-%.jsonl.gz")], order="id desc", limit=1
            )
            self.cr.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'sqms_ledger%'")
            self.assertEqual(self.cr.fetchone()[0], 0)
            content = kept.raw
            with self.assertRaises(AccessError):
                kept.with_user(self.manager).read(["raw"])
            savepoint.rollback()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "export.jsonl.gz")
            path.write_bytes(content)
            said = []
            self.assertEqual(verify_ledger.verify(path, [], said.append).troubles, 0, said)
        lines = gzip.decompress(content).splitlines()
        self.assertTrue(json.loads(lines[0])["complete"])
        self.assertTrue(any(json.loads(line)["id"] == case.id for line in lines[1:]))

    def test_export_streams(self):
        """A few thousand rows at a time, whatever the number of entries."""
        self.cases.create([{"name": "Case"} for _number in range(30)])
        self.cr.flush()
        self.patch(sqms_ledger_entry_export, "ROWS_AT_ONCE", 7)
        file = io.BytesIO()
        self.entries._export(file)
        lines = gzip.decompress(file.getvalue()).splitlines()
        keys = [(row["model"], row["id"], row["seq"]) for row in map(json.loads, lines[1:])]
        self.assertEqual(keys, sorted(set(keys)))
        self.assertEqual(len(keys), self.entries.search_count([]))

    def test_indexes_carry_history_and_search(self):
        self.cr.execute("SET LOCAL enable_seqscan = off")
        for condition, index in (
            ("res_model = 'sqms.document' AND res_id = 1 ORDER BY seq DESC LIMIT 1", "chain_unique"),
            ("user_id = 2 ORDER BY id DESC LIMIT 80", "user_idx"),
            ("date >= '2026-01-01' AND date < '2026-01-02'", "date_idx"),
        ):
            self.cr.execute(f"EXPLAIN SELECT id FROM sqms_ledger_entry WHERE {condition}")
            self.assertIn(f"sqms_ledger_entry_{index}", "\n".join(row[0] for row in self.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestLedgerDownloads(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        for login, group in (
            ("manager", "sqms_base.group_sqms_manager"),
            ("plain", "base.group_user"),
            ("certifier", "sqms_base.group_sqms_certifier"),
        ):
            user = new_test_user(cls.env, f"sqms_{login}", group, company_id=cls.company.id)
            user.company_ids = cls.env["res.company"].search([]) if login == "manager" else cls.company
        cls.document = cls.env["sqms.document"].create({"name": "Refunds", "document_type": "procedure"})
        cls.env.cr.flush()
        cls.anchor = cls.env["sqms.ledger.anchor"]._anchor()

    def test_manager_takes_home_what_the_verifier_needs(self):
        self.authenticate("sqms_manager", "sqms_manager")
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for address in ("export", f"anchor/{self.anchor.id}"):
                answer = self.url_open(f"/sqms/ledger/{address}")
                self.assertEqual(answer.status_code, 200)
                self.assertIn("attachment", answer.headers["Content-Disposition"])
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                paths.append(Path(folder, str(len(paths))))
                paths[-1].write_bytes(answer.content)
            said = []
            self.assertEqual(verify_ledger.verify(paths[0], paths[1:], said.append).troubles, 0, said)
        script = self.url_open("/sqms/ledger/verify_ledger.py")
        self.assertIn("def verify(", script.text)
        answer = self.url_open(f"/sqms/ledger/export/sqms.document/{self.document.id}")
        rows = [json.loads(line) for line in gzip.decompress(answer.content).splitlines()]
        self.assertEqual({(row["model"], row["id"]) for row in rows[1:]}, {("sqms.document", self.document.id)})
        for wrong in ("export/res.users/1", "export/sqms.document/999999999", "export/nothing/1", "anchor/999999999"):
            self.assertEqual(self.url_open(f"/sqms/ledger/{wrong}").status_code, 404, wrong)

    def test_nobody_else(self):
        self.env["res.company"].create({"name": "Where they are not at home"})
        for login in ("sqms_plain", "sqms_certifier"):
            self.authenticate(login, login)
            for address in ("export", f"anchor/{self.anchor.id}", f"export/sqms.document/{self.document.id}"):
                self.assertEqual(self.url_open(f"/sqms/ledger/{address}").status_code, 404, (login, address))
        self.authenticate(None, None)
        for address in ("export", f"anchor/{self.anchor.id}", "verify_ledger.py"):
            self.assertIn("/web/login", self.url_open(f"/sqms/ledger/{address}").url)

    def test_buttons_as_the_client_presses_them(self):
        self.authenticate("sqms_manager", "sqms_manager")
        self.document.owner_id = self.env.ref("base.user_admin")
        self.env.cr.flush()
        for model, method, args in (
            ("sqms.ledger.anchor", "action_anchor_now", [[]]),
            ("sqms.ledger.anchor", "action_download", [self.anchor.ids]),
            ("sqms.document", "sqms_history_rows", [self.document.ids]),
        ):
            answer = self.make_jsonrpc_request(
                f"/web/dataset/call_button/{model}/{method}" if method.startswith("action") else
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": {}},
            )  # fmt: skip
            self.assertTrue(answer, method)


@tagged("post_install", "-at_install", "sqms_tour")
class TestLedgerTour(HttpCase):
    def test_history_on_the_form(self):
        new_test_user(self.env, "sqms_manager", "sqms_base.group_sqms_manager", lang="en_US", tz="UTC")
        document = self.env["sqms.document"].create({"name": "Refunds", "document_type": "procedure"})
        self.env.cr.flush()
        self.env["sqms.ledger.anchor"]._anchor()
        document.name = "Refunds, renamed"
        self.env.cr.flush()
        self.start_tour(f"/odoo/sqms-documents/{document.id}", "sqms_ledger_history", login="sqms_manager")
