import base64
import hashlib
import io
import re
import subprocess
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import sqms_evidence_pack, sqms_evidence_pack_content
from .evidence_case import EvidenceCase


@tagged("post_install", "-at_install")
class TestEvidencePack(EvidenceCase):
    """One click: everything in a file that anybody can check offline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chapter = cls._create_clause("7")
        cls.clause = cls._create_clause("7.5", cls.chapter, name="Documents <b>& records</b>")
        cls.other = cls._create_clause("8.1")
        cls._create_rule(
            cls.clause, name="Documents in force", source="sqms.document.version:effective_from",
            domain='[("is_in_force", "=", True)]',
        )  # fmt: skip
        cls._create_rule(cls.other)
        version = cls._create_draft(text='<p>Refund <img src="/web/image/1" alt="logo"> <a href="/x">here</a></p>')
        cls._attach(version, "../../投诉 <政策>.pdf", b"%PDF-1.4 policy")
        cls._attach(version, "..\\evil.txt", b"echo")
        cls.version = cls._approve(version)
        cls._attach(cls.version.document_id, "not of the edition.txt", b"x")
        cls.van = cls._create_van()
        cls._decide(cls.clause, owner_id=cls.officer.id)

    @classmethod
    def _attach(cls, record, name, raw):
        attachment = cls.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id}
        )
        if "file_ids" in record._fields:
            record.sudo().file_ids = [fields.Command.link(attachment.id)]
        return attachment

    def _make(self, user=None, clause=None, **values):
        packs = self.env["sqms.evidence.pack"].with_user(user or self.manager).with_context(lang="en_US")
        return packs._make(self.standard.with_user(user or self.manager), clause, **values)

    def _open(self, pack):
        return zipfile.ZipFile(io.BytesIO(base64.b64decode(pack.file)))

    def _page(self, pack):
        return self._open(pack).read("index.html").decode()

    def test_what_is_empty_in_the_first_record_is_in_words_in_the_next(self):
        category = self.env["maintenance.equipment.category"].create({"name": "Detectors"})
        equipment = self.env["maintenance.equipment"].create(
            [{"name": "Van"}, {"name": "Detector", "category_id": category.id}]
        )
        self.assertTrue(self.env["sqms.evidence.pack.content"]._can_read(equipment, "category_id"))

    # -- it verifies offline ---------------------------------------------------------

    def test_it_verifies_with_nothing_but_sha256sum(self):
        pack = self._make()
        raw = base64.b64decode(pack.file)
        self.assertEqual(hashlib.sha256(raw).hexdigest(), pack.digest)
        archive = self._open(pack)
        self.assertIsNone(archive.testzip())
        self.assertEqual(archive.namelist(), sorted(archive.namelist()))
        self.assertEqual({entry.compress_type for entry in archive.infolist()}, {zipfile.ZIP_STORED})
        self.assertEqual({entry.date_time for entry in archive.infolist()}, {(1980, 1, 1, 0, 0, 0)})
        with tempfile.TemporaryDirectory() as folder:
            archive.extractall(folder)
            done = subprocess.run(
                ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
                cwd=folder,
                capture_output=True,
                check=False,
            )
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
            inside = {str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()}
            listed = {line.split("  ", 1)[1] for line in Path(folder, "SHA256SUMS").read_text().splitlines()}
            self.assertEqual(inside, listed | {"SHA256SUMS"})
            self._check_pages(Path(folder))
            Path(folder, "index.html").write_text("changed")
            done = subprocess.run(
                ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
            )
            self.assertEqual(done.returncode, 1)

    def _check_pages(self, folder):
        """Every link leads to a file of the pack, and nothing is fetched from elsewhere."""
        for page in folder.rglob("*.html"):
            text = page.read_text()
            for link in re.findall(r'(?:href|src)="((?!data:image/)[^"]*)"', text):
                self.assertTrue((folder / unquote(link)).is_file(), link)
            self.assertNotRegex(text, r"https?://|<script|javascript:|url\(")

    def test_names_stay_inside_and_words_are_escaped(self):
        pack = self._make()
        names = self._open(pack).namelist()
        for name in names:
            self.assertFalse(name.startswith("/") or ".." in name.split("/") or "\\" in name, name)
        files = [name for name in names if name.startswith("files/")]
        self.assertEqual(len(files), 2)
        self.assertTrue(any("投诉 _政策_.pdf" in name for name in files), files)
        page = self._page(pack)
        self.assertIn("Documents &lt;b&gt;&amp; records&lt;/b&gt;", page)
        self.assertNotIn("<政策>", page)
        self.assertIn(self.officer.name, page)
        document = next(name for name in names if name.startswith("pages/"))
        text = self._open(pack).read(document).decode()
        self.assertNotIn('href="/x"', text)
        self.assertIn("here", text)

    def test_the_same_state_makes_the_same_bytes(self):
        first = self._make(as_of=datetime(2026, 11, 23, 4))
        self.env.invalidate_all()
        second = self._make(as_of=datetime(2026, 11, 23, 4))
        self.assertEqual(first.digest, second.digest)
        self.assertEqual(first.file, second.file)
        self._create_van()
        self.assertNotEqual(self._make(as_of=datetime(2026, 11, 23, 4)).digest, first.digest)

    def test_one_clause_with_what_stands_under_it(self):
        page = self._page(self._make(clause=self.chapter))
        self.assertIn("7.5 ", page)
        self.assertNotIn("8.1 ", page)
        with self.assertRaises(MissingError):
            self._make(clause=self._create_clause("1", standard=self._create_standard("Other")))

    # -- who may have it, and what it holds -------------------------------------------

    def test_only_what_the_person_may_read(self):
        self.env.ref("sqms_base.maintenance_equipment_rule_quality").active = False  # the register is closed to him
        page = self._page(self._make(clause=self.other))
        self.assertNotIn("Van</td>", page)  # he is no technician and follows no equipment
        self.assertIn("1 records that you may not read", page)
        self.manager.group_ids |= self.env.ref("maintenance.group_equipment_manager")
        pack = self._make(clause=self.other)
        self.assertIn("Van", self._page(pack).split("Vans")[-1])
        self.assertEqual(pack.left_out_count, 0)
        table = next(name for name in self._open(pack).namelist() if name.startswith("records/"))
        self.assertIn("Van", self._open(pack).read(table).decode("utf-8-sig"))

    def test_files_of_closed_fields_stay_out(self):
        field = self.registry["sqms.document.version"]._fields["file_ids"]
        self.assertEqual(len([n for n in self._open(self._make()).namelist() if n.startswith("files/")]), 2)
        with patch.object(field, "groups", "base.group_system"):
            names = self._open(self._make()).namelist()
        self.assertEqual([name for name in names if name.startswith("files/")], [])

    def test_roles(self):
        for user in (self.officer, self.manager, self.top, self.certifier):
            pack = self._make(user)
            self.assertEqual(pack.state, "ready", user.login)
            self.assertTrue(pack.with_user(user).file)
            for other in {self.officer, self.manager, self.top, self.certifier} - {user}:
                with self.assertRaises(AccessError):
                    pack.with_user(other).read(["file"])
            for act in (
                lambda own=pack.with_user(user): own.write({"digest": "x"}),
                lambda own=pack.with_user(user): own.unlink(),
                lambda own=pack.with_user(user): own.create({"standard_id": self.standard.id}),
            ):
                with self.assertRaises(AccessError):
                    act()
        for user in (self.plain, self.hr, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.map.with_user(user).make_pack(self.standard.id)
        foreign = self._create_standard("Foreign", company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.map.make_pack(foreign.id)

    def test_the_ledger_tells_who_had_it_made(self):
        told = self.map.make_pack(self.standard.id, self.clause.id)
        self.assertTrue(told["url"].endswith("?download=true"))
        pack = self.env["sqms.evidence.pack"].browse(told["id"])
        entry = pack.sqms_history()[0]
        self.assertEqual(entry.user_id, self.manager.id)
        self.assertIn(pack.digest, str(entry.read()))

    # -- limits -------------------------------------------------------------------------

    def test_what_is_too_much_is_left_out_with_a_sentence(self):
        with patch.object(sqms_evidence_pack_content, "BYTES_AT_MOST", 20):
            pack = self._make()
        self.assertIn("files: the pack would have become too large", self._page(pack))
        self.assertGreater(pack.left_out_count, 0)
        self.manager.group_ids |= self.env.ref("maintenance.group_equipment_manager")
        for _number in range(3):
            self._create_van()
        with patch.object(sqms_evidence_pack_content, "RECORDS_AT_MOST", 2):
            pack = self._make(clause=self.other)
        self.assertIn("2 records: of one kind a pack holds 2", self._page(pack))

    def test_a_large_one_is_made_in_the_background(self):
        with patch.object(sqms_evidence_pack, "AT_ONCE_FILES", 1):
            told = self.map.make_pack(self.standard.id)
        self.assertFalse(told["url"])
        pack = self.env["sqms.evidence.pack"].browse(told["id"])
        self.assertEqual(pack.state, "waiting")
        pack._build()
        self.assertEqual(pack.state, "ready")
        self.assertEqual(pack.digest, self._make(as_of=pack.as_of).digest)
        with patch.object(sqms_evidence_pack, "AT_ONCE_FILES", 1):
            lost = self.env["sqms.evidence.pack"].browse(self.map.make_pack(self.standard.id)["id"])
        self.manager.group_ids -= self.env.ref("sqms_base.group_sqms_manager")
        with mute_logger("odoo.addons.sqms_base.models.sqms_evidence_pack"):
            lost._build()
        self.assertEqual((lost.state, lost.file), ("failed", False))

    def test_the_file_goes_after_a_month_the_entry_stays(self):
        old, young = self._make(as_of=datetime(2026, 10, 1)), self._make()
        self.env["sqms.evidence.pack"]._gc_files()
        self.assertEqual((bool(old.file), bool(young.file)), (False, True))
        self.assertTrue(old.digest)


@tagged("post_install", "-at_install")
class TestClauseState(EvidenceCase):
    """The owner hears when his clause turns red."""

    def _look(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["sqms.clause.state"]._look(self.company)

    def _told(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "sqms.clause"), ("res_id", "in", self.standard.clause_ids.ids)]
        )

    def test_told_once_for_each_turn_and_taken_back(self):
        clause, unowned = self._create_clause("7.1.3"), self._create_clause("8.1")
        self._create_rule(clause | unowned)
        self._decide(clause, owner_id=self.officer.id)
        self._look()
        self.assertFalse(self._told())  # red from the beginning has not turned
        van = self._create_van()
        self._look()
        van.action_archive()
        self._look()
        self._look()
        told = self._told()
        self.assertEqual((len(told), told.user_id, told.res_id), (1, self.officer, clause.id))
        self.assertIn("7.1.3 has turned red", told.summary)
        self.assertIn("Vans: none yet", told.note)
        self.assertFalse(self.env["sqms.clause.state"].search([("company_id", "=", self.other_company.id)]))
        van.action_unarchive()
        self._look()
        self.assertFalse(self._told())
        van.action_archive()
        self._look()
        self.assertEqual(len(self._told()), 1)

    def test_nobody_writes_what_is_known(self):
        self._create_clause("1")
        self._look()
        row = self.env["sqms.clause.state"].search([("company_id", "=", self.company.id)], limit=1)
        for user in (self.officer, self.manager, self.top, self.certifier, self.plain):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"state": "green"})
