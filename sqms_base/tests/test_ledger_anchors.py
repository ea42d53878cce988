import gzip
import json
import subprocess
import sys
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .ledger_common import WHERE, ProofCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestLedgerAnchors(ProofCase):
    def test_older_backup(self):
        """Restored, it brings its own older anchors along: only what was sent outside shows it."""
        with self.cr.savepoint() as savepoint:
            self.second.amount = 50
            self.cr.flush()
            self.anchors.append(self._take_anchor())
            savepoint.rollback()
        self.env.invalidate_all()
        report, said = self._verify()
        self.assertTrue(said[0].startswith("OLDER BACKUP: the database knows nothing of anchor"), said)
        self.assertGreaterEqual(report.troubles, 1)
        # Life goes on in the older database: the same number stands for another anchor.
        self.third.amount = 60
        self.cr.flush()
        self.env["sqms.ledger.anchor"]._anchor()
        _report, said = self._verify()
        self.assertTrue(said[0].startswith("OTHER HISTORY: the database has another anchor"), said)

    def test_anchor_removed_from_the_database(self):
        for amount in (50, 60):
            self.second.amount = amount
            self.cr.flush()
            self.anchors.append(self._take_anchor())
        self.cr.execute("ALTER TABLE sqms_ledger_anchor DISABLE TRIGGER ALL")
        self.cr.execute(
            "DELETE FROM sqms_ledger_anchor WHERE number = (SELECT max(number) - 1 FROM sqms_ledger_anchor)"
        )
        _report, said = self._verify()
        self.assertTrue(said[0].startswith("ANCHOR REMOVED"), said)

    def test_anchor_edited(self):
        anchor = json.loads(gzip.decompress(self.anchors[0].read_bytes()))
        anchor["moved"] = anchor["moved"][1:]
        self.anchors[0].write_bytes(gzip.compress(json.dumps(anchor).encode()))
        _report, said = self._verify()
        self.assertTrue(said[0].startswith("EDITED: anchor"), said)

    def test_anchors_tell_one_story(self):
        for amount in (50, 60):
            self.second.amount = amount
            self.cr.flush()
            self.anchors.append(self._take_anchor())
        said = [json.loads(gzip.decompress(path.read_bytes())) for path in self.anchors]
        self.assertEqual(said[2]["previous"], said[1]["digest"])
        self.assertEqual([row[:3] for row in said[2]["moved"]], [[self.second._name, self.second.id, 8]])
        report, words = self._verify()
        self.assertEqual(report.troubles, 0, words)
        report, words = self._verify(self.anchors[1:])
        self.assertEqual(report.troubles, 0, "some of them will do")

    def test_nothing_moved_no_anchor(self):
        anchors = self.env["sqms.ledger.anchor"]
        count = anchors.search_count([])
        self.assertFalse(anchors._anchor())
        anchors.with_user(self.manager).action_anchor_now()
        anchors._cron_anchor()
        self.assertEqual(anchors.search_count([]), count)

    def test_delivery_is_shown(self):
        anchor = self.env["sqms.ledger.anchor"].search([], limit=1)
        self.assertEqual((anchor.delivery, anchor.addresses), ("waiting", "auditor@example.com"))
        anchor.mail_id.state = "exception"
        self.assertEqual(anchor.delivery, "failed")
        anchor.with_user(self.manager).action_send_again()
        self.assertEqual(anchor.delivery, "waiting")
        anchor.mail_id.state = "sent"
        self.assertEqual(anchor.delivery, "sent")
        anchor.mail_id.unlink()
        self.assertEqual(anchor.delivery, "sent", "what became of it stays known")
        self.env["ir.config_parameter"].set_param("sqms_base.ledger_anchor_addresses", "")
        self.first.amount = 70
        self.assertEqual(self.env["sqms.ledger.anchor"]._anchor().delivery, "nobody")

    def test_never_changed(self):
        anchor = self.env["sqms.ledger.anchor"].search([], limit=1)
        for user in (self.manager, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            own = anchor.with_user(user)
            for attempt in (
                lambda own=own: own.write({"digest": "x"}),
                lambda own=own: own.sudo().write({"number": 7}),
                lambda own=own: own.unlink(),
                lambda own=own: own.copy(),
                lambda own=own: own.create({"number": 7}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        with self.assertRaises(AccessError):
            anchor.with_user(self.manager).write({"delivery": "sent"})
        for statement in (
            "UPDATE sqms_ledger_anchor SET digest = 'x'",
            "DELETE FROM sqms_ledger_anchor",
            "TRUNCATE sqms_ledger_anchor",
        ):
            with (
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)

    def test_who_may_have_it(self):
        anchor = self.env["sqms.ledger.anchor"].search([], limit=1)
        everywhere = self._create_user("everywhere", "sqms_base.group_sqms_manager")
        everywhere.company_ids = self.env["res.company"].search([])
        self.assertTrue(anchor.with_user(everywhere)._file())
        for user in (self.manager, self.stranger, self.certifier, self.clerk):
            with self.assertRaises(AccessError):
                anchor.with_user(user)._file()
        for user in (self.certifier, self.clerk):
            with self.assertRaises(AccessError):
                anchor.with_user(user).action_anchor_now()
        with self.assertRaises(AccessError):
            anchor.with_user(everywhere).read(["content"])

    def test_settings(self):
        settings = self.env["res.config.settings"].create(
            {"sqms_ledger_anchor_addresses": "a@example.com, B <b@example.com>", "sqms_ledger_anchor_hours": 3}
        )
        settings.execute()
        self.assertEqual(self.env.ref("sqms_base.ir_cron_ledger_anchor").interval_number, 3)
        self.assertEqual(len(self.env["sqms.ledger.anchor"]._get_addresses()), 2)
        for wrong in ({"sqms_ledger_anchor_hours": 0}, {"sqms_ledger_anchor_hours": 25},
                      {"sqms_ledger_anchor_addresses": "nobody"}):  # fmt: skip
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["res.config.settings"].create(wrong)

    def test_cost_of_an_anchor_does_not_grow_with_the_chains(self):
        counts = []
        for size in (10, 20, 40):
            self.cases.create([{"name": "Case"} for _number in range(size)])
            self.cr.flush()
            before = self.cr.sql_log_count
            self.env["sqms.ledger.anchor"]._anchor()
            self.cr.flush()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)


@tagged("post_install", "-at_install", "sqms_alone")
class TestLedgerVerifierAlone(ProofCase):
    """The script as it is run outside: with nothing but the standard library."""

    def _run(self, *files):
        script = self.folder / "verify_ledger.py"
        script.write_bytes(Path(file_path("sqms_base/lib/verify_ledger.py")).read_bytes())
        return subprocess.run(
            [sys.executable, "-I", "-S", str(script), *map(str, files)], capture_output=True, text=True, check=False
        )

    def test_exit_code(self):
        export = self._export()
        done = self._run(export, *self.anchors)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("Everything that can be checked is in order.", done.stdout)
        self._tamper((f"DELETE FROM sqms_ledger_entry {WHERE}", self.second.id, 3))
        done = self._run(self._export(), *self.anchors)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"REMOVED: {self.second._name},{self.second.id} position 3", done.stdout)

    def test_what_cannot_be_read(self):
        export = self._export()
        broken = self.folder / "broken.jsonl.gz"
        broken.write_bytes(export.read_bytes()[:-200])
        for files in ((broken,), (self.anchors[0],), (export, export), (self.folder / "missing",)):
            done = self._run(*files)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(self._run().returncode, 2)

    def test_plain_files_will_do(self):
        export, anchor = self.folder / "export.jsonl", self.folder / "anchor.json"
        export.write_bytes(gzip.decompress(self._export().read_bytes()))
        anchor.write_bytes(gzip.decompress(self.anchors[0].read_bytes()))
        self.assertEqual(self._run(export, anchor).returncode, 0)

    def test_lines_taken_out_of_the_file(self):
        lines = gzip.decompress(self._export().read_bytes()).splitlines(keepends=True)
        export = self.folder / "export.jsonl"
        export.write_bytes(b"".join(lines[:-1]))
        done = self._run(export, *self.anchors)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the file announces", done.stdout)


@tagged("post_install", "-at_install", "sqms_alone")
class TestLedgerExport(ProofCase):
    def _models(self, path):
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        return rows[0], {(row["model"], row["id"]) for row in rows[1:]}

    def test_of_one_record(self):
        header, chains = self._models(self._export(self.manager, self.second.with_user(self.manager)))
        # A field of the model is closed to managers, and the signed text would tell it.
        self.assertEqual((header["complete"], chains), (False, set()))
        header, chains = self._models(self._export(None, self.second))
        self.assertEqual(chains, {(self.second._name, self.second.id)})
        report, said = self._verify(export=self.folder / "export.jsonl.gz")
        self.assertEqual(report.troubles, 0, said)
        self.assertIn("this export is of the record", said[0])

    def test_only_what_the_manager_may_read(self):
        documents = self.env["sqms.document"].create(
            [
                {"name": name, "document_type": "procedure", "company_id": company.id}
                for name, company in (("Ours", self.company), ("Theirs", self.other_company))
            ]
        )
        self.cr.flush()
        header, chains = self._models(self._export(self.manager))
        self.assertFalse(header["complete"])
        self.assertIn(("sqms.document", documents[0].id), chains)
        self.assertNotIn(("sqms.document", documents[1].id), chains)
        self.assertFalse([model for model, _id in chains if model == "sqms.fake.case"])
        report, said = self._verify(export=self.folder / "export.jsonl.gz")
        self.assertEqual(report.troubles, 0, said)
        self.assertIn("may read only", said[0])

    def test_who_exports(self):
        for user in (self.clerk, self.certifier):
            with self.assertRaises(AccessError):
                self._export(user)
        header, _chains = self._models(self._export())
        self.assertTrue(header["complete"])
