import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_path, mute_logger

from .common import ComplaintCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintPackage(ComplaintCase):
    """The file of a case: what is in it, whose names are not, that it is the same twice, and who makes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["hr.employee"].create({"name": "Zhao Min", "work_email": "zhao.min@example.com"})
        cls.complaint = cls._create_complaint(
            description="<p>Zhao Min shouted at me.</p>", complaint_person_ids=[(4, cls.person.id)], complaint_amount=86
        )
        cls._move(cls.complaint, "investigating")
        cls.complaint.complaint_investigation = "<p>We asked Zhao Min.</p>"
        cls.dispute = cls.env["sqms.complaint.dispute"].create(
            {"ticket_id": cls.complaint.id, "body_id": cls.env.ref("sqms_complaint.sqms_dispute_body_12315").id,
             "case_number": "131000-77"}
        )  # fmt: skip
        cls.complaint._complaint_customer_post("Zhao Min was rude", [("photo.txt", "text/plain", b"evidence")])
        cls.complaint.with_user(cls.agent).message_post(body="INTERNAL-WORDS", subtype_xmlid="mail.mt_note")
        cls.env["ir.attachment"].create(
            {"name": "../../secret.txt", "raw": b"internal", "res_model": "helpdesk.ticket", "res_id": cls.complaint.id}
        )

    def _make(self, user=None, **values):
        package = self.env["sqms.complaint.package"].with_user(user or self.officer)
        package = package.create(
            {"ticket_id": self.complaint.id, "reason": "Asked by 12315", "lang": "en_US", **values}
        )
        file, name = package._make()
        with file:
            return package, zipfile.ZipFile(io.BytesIO(file.read())), name

    def _texts(self, archive):
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".html", ".csv")) or name == "SHA256SUMS"
        }

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()

    def test_everything_is_in_it_and_can_be_checked_offline(self):
        package, archive, name = self._make()
        self.assertEqual(name, f"{self.complaint.number}.zip".replace("/", "-"))
        names = archive.namelist()
        for wanted in ("index.html", "cover.pdf", "SHA256SUMS", "case/timeline.csv", "messages/public.html",
                       "files/photo.txt", "ledger/ledger.jsonl.gz", "ledger/verify_ledger.py"):  # fmt: skip
            self.assertIn(wanted, names)
        self.assertEqual(len(names), package.file_count)
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, path = line.split("  ", 1)
            self.assertEqual(hashlib.sha256(archive.read(path)).hexdigest(), digest, path)
        self.assertTrue(archive.read("cover.pdf").startswith(b"%PDF"))
        index = archive.read("index.html").decode()
        for words in (self.complaint.number, "131000-77", "Investigating", "We asked [person complained about 1]"):
            self.assertIn(words, index)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "ledger.jsonl.gz")
            target.write_bytes(archive.read("ledger/ledger.jsonl.gz"))
            script = file_path("sqms_base/lib/verify_ledger.py")
            done = subprocess.run([sys.executable, script, str(target)], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            rows = [json.loads(line) for line in gzip.decompress(target.read_bytes()).splitlines()]
            self.assertEqual({row["model"] for row in rows[1:]}, {"helpdesk.ticket", "sqms.complaint.dispute"})
            self.assertEqual(rows[0]["entries"], len(rows) - 1)
            changed = [*rows[:1], {**rows[1], "event": "other"}, *rows[2:]]
            target.write_bytes(gzip.compress("\n".join(map(json.dumps, changed)).encode()))
            done = subprocess.run([sys.executable, script, str(target)], capture_output=True, check=False)
            self.assertEqual(done.returncode, 1, "what was edited is found")

    def test_the_same_state_makes_the_same_bytes(self):
        # What was changed before is told in the chatter when a request ends.
        self.cr.flush()
        first, archive, _name = self._make()
        self.cr.flush()
        second, again, _name = self._make()
        differ = [name for name in archive.namelist() if archive.read(name) != again.read(name)]
        self.assertEqual(differ, [])
        self.assertEqual(first.digest, second.digest)
        self.assertNotEqual(first.digest, self._make(with_internal=True)[0].digest)
        self.assertNotEqual(first.digest, self._make(names="none")[0].digest)
        self.complaint._complaint_customer_post("One thing more")
        self.assertNotEqual(first.digest, self._make()[0].digest)

    def test_names_and_internal_words_stay_out(self):
        texts = self._texts(self._make()[1])
        for name, text in texts.items():
            self.assertNotIn("Zhao Min", text, name)
            self.assertNotIn("zhao.min", text, name)
            self.assertNotIn("INTERNAL-WORDS", text, name)
            self.assertNotIn("secret.txt", text, name)
        self.assertIn("[person complained about 1]", texts["messages/public.html"])
        self.assertIn(self.agent.name, "".join(texts.values()), "others stay")
        texts = self._texts(self._make(names="all", with_internal=True)[1])
        self.assertNotIn(self.agent.name, "".join(texts.values()))
        self.assertIn("INTERNAL-WORDS", texts["messages/internal.html"])
        archive = self._make(names="none", with_internal=True)[1]
        self.assertIn("Zhao Min", archive.read("messages/public.html").decode())
        self.assertIn("files/secret.txt", [name.replace("_", "").replace("..", "") for name in archive.namelist()])
        self.assertFalse([name for name in archive.namelist() if ".." in name or name.startswith("/")])
        texts = self._texts(self._make(with_findings=False, with_files=False)[1])
        self.assertNotIn("We asked", texts["index.html"])
        self.assertNotIn("files/photo.txt", texts["SHA256SUMS"])

    def test_that_it_was_made_is_on_record(self):
        package = self._make()[0]
        self.assertEqual((package.made_by_id, bool(package.made_at)), (self.officer, True))
        self.assertIn(package.digest, self.complaint.message_ids[:1].body)
        self.assertTrue(
            self.complaint.message_ids[:1].is_internal or self.complaint.message_ids[:1].subtype_id.internal
        )
        self.assertIn("package", package.sqms_history().mapped("event"))
        self._refused(AccessError, "", lambda: package.with_user(self.officer).write({"digest": "x"}))
        self._refused(AccessError, "", package.unlink)
        forged = self.env["sqms.complaint.package"].with_user(self.officer).create(
            {"ticket_id": self.complaint.id, "reason": "x", "digest": "x", "made_by_id": self.agent.id}
        )  # fmt: skip
        self.assertFalse(forged.digest or forged.made_by_id)

    @mute_logger(*RULES)
    def test_an_officer_makes_it(self):
        for user in (self.agent, self.agent_all, self.certifier, self.employee, self.portal, self.public):
            self._refused(AccessError, "", lambda u=user: self._make(u))
        package = self._make()[0]
        self._refused(AccessError, "", lambda: package.with_user(self.agent)._make())
        self._refused(AccessError, "", lambda: package.with_user(self.certifier)._make())
        other = self._create_complaint()
        self._refused(
            UserError, "another complaint", lambda: self._make(ticket_id=other.id, dispute_id=self.dispute.id)
        )
        self.complaint.complaint_is_confidential = True
        self.env.flush_all()
        self.env.invalidate_all()
        self._refused(AccessError, "", lambda: self._make())
        self._refused(AccessError, "", lambda: package.with_user(self.officer)._make())

    def test_what_is_too_large_is_refused_before_it_is_read(self):
        self.env["ir.config_parameter"].set_param("sqms_complaint.package_max_mb", "0")
        self._refused(UserError, "without files", lambda: self._make())
        self._make(with_files=False)


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintPackageDownload(HttpCase, ComplaintCase):
    def test_it_is_streamed_to_who_may(self):
        new_test_user(self.env, "package_officer", groups="sqms_complaint.group_complaint_officer")
        new_test_user(self.env, "package_agent", groups="helpdesk_mgmt.group_helpdesk_user")
        complaint = self._create_complaint()
        officer = self.env["res.users"].search([("login", "=", "package_officer")])
        package = self.env["sqms.complaint.package"].with_user(officer).create(
            {"ticket_id": complaint.id, "reason": "x", "with_files": False}
        )  # fmt: skip
        url = package.action_make()["url"]
        self.authenticate("package_officer", "package_officer")
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        self.assertEqual(hashlib.sha256(answer.content).hexdigest(), package.sudo().digest)
        self.assertEqual(self.url_open("/sqms/complaint/package/999999999").status_code, 404)
        self.authenticate("package_agent", "package_agent")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate(None, None)
        self.assertNotIn("application/zip", self.url_open(url).headers["Content-Type"])
