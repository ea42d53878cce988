import base64
import os
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .clearance_common import PDF, ClearanceCase

SECRET = "He was heard about the entry of 2019"


class ClosedCase(ClearanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._create_user("c_hr", "hr.group_hr_manager,sqms_training.group_training_officer")
        cls.privacy = cls._create_user("c_privacy", "sqms_base.group_sqms_privacy")
        cls.quality = cls._create_user("c_quality", "sqms_base.group_sqms_manager,sqms_base.group_sqms_top")
        cls.certifier = cls._create_user("c_certifier", "sqms_base.group_sqms_certifier")
        for user in (cls.hr, cls.privacy, cls.quality, cls.certifier, cls.person, cls.reviewer):
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.clearance = cls._collect(cls._agree(cls._request()))
        cls.clearance.risk_note = SECRET
        cls.paper = cls.clearance.paper_ids
        cls.paper.note = SECRET
        cls.env.flush_all()
        cls.file = cls.env["ir.attachment"].search(
            [("res_model", "=", "sqms.clearance.paper"), ("res_id", "=", cls.paper.id), ("res_field", "=", "raw_file")]
        )


@tagged("post_install", "-at_install", "sqms_alone")
class TestClearanceAccess(ClosedCase):
    """Clearances are the officers' alone; what they read of the papers is written down."""

    def _log(self):
        self.env.flush_all()
        self.env["sqms.clearance.access"].invalidate_model()
        return self.env["sqms.clearance.access"].search([("clearance_id", "=", self.clearance.id)], order="id")

    def _fails(self, attempt):
        try:
            with mute_logger("odoo.fields", "odoo.domains"), self.cr.savepoint():
                attempt()
        except (UserError, ValueError, NotImplementedError):
            return True
        return False

    def test_nobody_outside_the_office_reaches_anything(self):
        for user in (self.hr, self.privacy, self.quality, self.certifier, self.person):
            for name in ("sqms.clearance", "sqms.clearance.paper", "sqms.clearance.reminder"):
                model = self.env[name].with_user(user)
                record = model.browse(self.clearance.id if name != "sqms.clearance.paper" else self.paper.id)
                for attempt in (
                    lambda m=model: m.search([]),
                    lambda m=model: m.search_count([("id", ">", 0)]),
                    lambda m=model: m.name_search("CLR"),
                    lambda m=model: m.search_read([], ["id"]),
                    lambda m=model: m.web_search_read([], {"id": {}}),
                    lambda m=model: m.formatted_read_group([], ["create_uid"], ["__count"]),
                    lambda r=record: r.read(["id"]),
                    lambda r=record: r.web_read({"display_name": {}}),
                    lambda r=record: r.export_data(["display_name"]),
                    lambda r=record: r.write({"write_uid": 1}),
                    lambda r=record: r.unlink(),
                ):
                    with self.assertRaises(AccessError, msg=f"{user.login} {name}"), self.cr.savepoint():
                        attempt()
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env["sqms.clearance"].with_user(user).create(
                    {"rule_id": self.rule.id, "employee_id": self.employee.id}
                )
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.clearance.with_user(user).action_transition("review")
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.clearance.with_user(user).sqms_history()

    def test_files_and_ledger_are_closed_as_well(self):
        for user in (self.hr, self.privacy, self.quality, self.certifier, self.person, self.asker):
            files = self.env["ir.attachment"].with_user(user)
            self.assertFalse(files.search([("id", "=", self.file.id)]), user.login)
            with self.assertRaises(AccessError), self.cr.savepoint():
                files.browse(self.file.id).read(["datas"])
            for values in ({"public": True}, {"access_token": "x"}, {"res_model": "res.partner"}):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    files.browse(self.file.id).write(values)
        for user in (self.hr, self.privacy, self.quality, self.certifier, self.person):
            entries = self.env["sqms.ledger.entry"].with_user(user)
            self.assertFalse(entries.search([("res_model", "in", ("sqms.clearance", "sqms.clearance.paper"))]))
        officer = self.env["sqms.ledger.entry"].with_user(self.reviewer)
        entries = officer.search([("res_model", "=", "sqms.clearance"), ("res_id", "=", self.clearance.id)])
        self.assertTrue(entries)
        # What is signed in the chain names nobody and says nothing of what was found.
        self.env.cr.execute(
            "SELECT text FROM sqms_ledger_entry WHERE res_model = 'sqms.clearance' AND res_id = %s",
            [self.clearance.id],
        )
        for (text,) in self.env.cr.fetchall():
            for word in (SECRET, "NR-2026-77"):
                self.assertNotIn(word, text)

    def test_notes_and_files_are_no_search_terms_and_no_columns(self):
        clearances = self.env["sqms.clearance"].with_user(self.reviewer)
        papers = self.env["sqms.clearance.paper"].with_user(self.reviewer)
        for model, names in ((clearances, ("risk_note", "hearing_note")), (papers, ("note",))):
            for name in names:
                for attempt in (
                    lambda m=model, n=name: m.search([(n, "ilike", "2019")]),
                    lambda m=model, n=name: m.search([(f"raw_{n}", "ilike", "2019")]),
                    lambda m=model, n=name: m.search([], order=f"raw_{n}"),
                    lambda m=model, n=name: m.formatted_read_group([], [f"raw_{n}"], ["__count"]),
                    lambda m=model, n=name: m.search([], limit=1).read([f"raw_{n}"]),
                    lambda m=model, n=name: m.search([], limit=1).export_data([f"raw_{n}"]),
                ):
                    self.assertTrue(self._fails(attempt), f"{model._name}.{name}")
        with self.assertRaises(AccessError), self.cr.savepoint():
            clearances.search([("paper_ids.raw_note", "ilike", "2019")])
        with self.assertRaises(AccessError), self.cr.savepoint():
            clearances.browse(self.clearance.id).raw_risk_note = "Otherwise"
        self.assertFalse(papers.browse(self.paper.id).read(["file"])[0]["file"])
        # Whether there is a file is known; what it says no search tells.
        with mute_logger("odoo.domains"):
            found = [papers.search([("raw_file", operator, "PDF")]) for operator in ("ilike", "not ilike")]
        self.assertEqual(found[0], found[1])

    def test_each_reading_is_written_down(self):
        before = len(self._log())
        clearance = self.clearance.with_user(self.reviewer)
        self.env.invalidate_all()
        clearance.read(["number", "state"])
        self.assertEqual(len(self._log()), before)
        for reading in (
            lambda: clearance.read(["risk_note"]),
            lambda: clearance.web_read({"risk_note": {}, "number": {}}),
            lambda: clearance.export_data(["risk_note"]),
            lambda: clearance.mapped("risk_note"),
            lambda: self.paper.with_user(self.reviewer).read(["note"]),
            lambda: clearance.web_read({"paper_ids": {"fields": {"note": {}}}}),
            lambda: self.paper.with_user(self.reviewer)._content(),
        ):
            self.env.invalidate_all()
            lines = self._log()
            reading()
            new = self._log() - lines
            self.assertEqual(
                (new.user_id, new.user_name, new.clearance_number),
                (self.reviewer.id, "c_reviewer", self.clearance.number),
            )
        self.assertEqual(new.what, "paper_file")
        # The list of the officers shows no note, so it writes nothing.
        arch = self.env["sqms.clearance"].with_user(self.reviewer).get_view(view_type="list")["arch"]
        self.assertNotIn("_note", arch)

    def test_the_log_is_read_by_who_answers_for_personal_data_and_changed_by_nobody(self):
        self.clearance.with_user(self.reviewer).read(["risk_note"])
        self.env.invalidate_all()
        lines = self._log()
        self.assertTrue(lines.with_user(self.privacy).mapped("what_label"))
        for user in (self.hr, self.reviewer, self.quality, self.person):
            with self.assertRaises(AccessError):
                lines.with_user(user).read(["user_name"])
        for attempt in (
            lambda log: log.write({"user_name": "x"}), lambda log: log.unlink(), lambda log: log.copy(),
            lambda log: log.create({"what": "x"}),
        ):  # fmt: skip
            for user in (self.privacy, self.env.user):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt(lines[:1].with_user(user).sudo())

    def test_the_person_sees_his_own_rows_and_nobody_elses(self):
        mine = self.env["sqms.clearance.own"].with_user(self.person)
        self.assertEqual(mine.search([]).ids, self.clearance.ids)
        row = mine.browse(self.clearance.id)
        self.assertEqual((row.state, row.rule_id.name), ("collected", "School bus"))
        self.assertIn("erased after 30 days", row.notice_text)
        self.assertIn("so far: 1", row.kept)
        shown = row.web_read({name: {} for name in mine._fields})
        self.assertNotIn(SECRET, repr(shown))
        for user in (self.hr, self.reviewer, self.quality):
            others = self.env["sqms.clearance.own"].with_user(user)
            self.assertFalse(others.search([]))
            for record in (others.browse(self.clearance.id), others.sudo().browse(self.clearance.id)):
                for attempt in (
                    lambda r=record: r.action_withdraw_consent(),
                    lambda r=record: r.action_read_notice(),
                    lambda r=record: r._consent(),
                    lambda r=record: r._behind(),
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        attempt()
        for attempt in (lambda: row.write({"state": "approved"}), lambda: row.unlink(), lambda: mine.create({})):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()

    def test_another_company_sees_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= elsewhere
        everywhere = self.env(context={**self.env.context, "allowed_company_ids": (self.company | elsewhere).ids})
        stranger = self._create_user("c_elsewhere", "sqms_training.group_clearance")
        stranger.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        for record in (self.clearance, self.paper, self.rule, self.rule.check_ids, self.rule.notice_ids):
            theirs = self.env[record._name].with_user(stranger).with_context(allowed_company_ids=elsewhere.ids)
            self.assertFalse(theirs.search([("id", "in", record.ids)]))
        with self.assertRaises(UserError), self.cr.savepoint():
            everywhere["sqms.clearance"].create(
                {
                    "rule_id": self.rule.id,
                    "employee_id": everywhere["hr.employee"].create({"name": "X", "company_id": elsewhere.id}).id,
                }
            )

    # -- keeping ---------------------------------------------------------------------

    def _decided(self):
        """A clearance of its own: what the collection takes from the disk no rollback brings back."""
        employee = self._create_employee("Short-lived", self._create_user("c_short", "base.group_user"))
        clearance = self._collect(
            self._agree(self._request(employee), employee.user_id), file=base64.b64encode(b"%PDF-1.4 of its own")
        )
        self._review(clearance, note=SECRET)
        self._sign(clearance, "approve")
        return clearance.sudo().with_user(self.env.user)

    def _due(self, clearance, day):
        self.env.cr.execute("UPDATE sqms_clearance SET erase_on = %s WHERE id = %s", [day, clearance.id])
        clearance.invalidate_recordset()

    def _run(self):
        """The job without its commits: the collection of files then runs in the same transaction."""
        attachments = type(self.env["ir.attachment"])
        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1),
            patch.object(attachments, "_gc_file_store", lambda records: records._gc_file_store_unsafe()),
        ):
            self.env["sqms.clearance"]._cron_erase()
        self.env.invalidate_all()

    def test_after_the_time_of_keeping_the_file_is_gone_and_the_verdict_stays(self):
        clearance = self._decided()
        paper = clearance.paper_ids
        file = self.env["ir.attachment"].search(
            [("res_model", "=", paper._name), ("res_id", "=", paper.id), ("res_field", "=", "raw_file")]
        )
        path = file._full_path(file.store_fname)
        self._due(clearance, self.today + timedelta(days=1))
        self._run()
        self.assertTrue(os.path.exists(path))
        self.assertFalse(clearance.erased_at)
        self._due(clearance, self.today)
        self._run()
        self.assertFalse(os.path.exists(path))
        self.assertFalse(file.exists() | file.search([("store_fname", "=", path[-40:])]))
        self.assertFalse(paper.exists())
        self.assertFalse(clearance.raw_risk_note)
        self.assertTrue(clearance.erased_at)
        self.assertEqual((clearance.verdict, clearance.certificate_number), ("approved", "NR-2026-77"))
        self.assertEqual((clearance.state, clearance.valid_from), ("approved", self.today))
        self.assertEqual(clearance.signature_ids.mapped("is_valid"), [True])
        self.assertTrue(self.env["sqms.clearance"]._cleared(clearance.employee_id, self.rule))
        self.assertIn("papers_erased", clearance.sqms_history().mapped("event"))
        self.assertIn("Only the verdict", self._own(clearance, clearance.employee_id.user_id).kept)
        entries = len(clearance.sqms_history())
        self._run()
        self.assertEqual(len(clearance.sqms_history()), entries)
        # What is not due, or still under way, was left alone.
        self.assertTrue(self.paper.exists())
        self.assertTrue(os.path.exists(self.file._full_path(self.file.store_fname)))

    def test_a_legal_hold_keeps_them(self):
        clearance = self._decided()
        paper = clearance.paper_ids
        self._due(clearance, self.today - timedelta(days=5))
        hold = self.env["sqms.legal.hold"].create(
            {
                "name": "Case 7", "reason": "Court", "company_id": self.company.id,
                "line_ids": [(0, 0, {"res_model": "sqms.clearance", "res_id": clearance.id})],
            }
        )  # fmt: skip
        hold.action_transition("set")
        self._run()
        self.assertTrue(paper.exists())
        hold.with_user(self.privacy).release_reason = "Over"
        hold.with_user(self.privacy).action_transition("release")
        self._run()
        self.assertFalse(paper.exists())

    def test_many_are_erased_by_a_few_statements(self):
        def decided(count):
            found = self.env["sqms.clearance"]
            for number in range(count):
                found |= self._taken_over(self._create_employee(f"E{number}"), self.rule, -100, 100)
            self.env.flush_all()
            return found

        few, many = decided(3), decided(6)

        def queries(clearances):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            clearances._erase_papers()
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(few), queries(many))


@tagged("post_install", "-at_install")
class TestClearanceDoor(HttpCase, ClosedCase):
    """Papers over HTTP: one door, for officers, written down."""

    @mute_logger("odoo.http")
    def test_papers_open_by_their_own_door_alone(self):
        door = f"/sqms/clearance/paper/{self.paper.id}"
        side_doors = (
            f"/web/content/{self.file.id}",
            f"/web/content/sqms.clearance.paper/{self.paper.id}/raw_file",
            f"/web/image/{self.file.id}",
            f"/web/content/sqms.clearance/{self.clearance.id}/raw_risk_note",
        )
        for user in (self.hr, self.privacy, self.quality, self.certifier, self.person, self.reviewer):
            self.authenticate(user.login, user.login)
            for url in side_doors:
                answer = self.url_open(url)
                self.assertNotEqual(answer.content, base64.b64decode(PDF), f"{user.login} {url}")
                if "/web/image" not in url:
                    self.assertEqual(answer.status_code, 404, f"{user.login} {url}")
            self.assertEqual(self.url_open(door).status_code, 200 if user == self.reviewer else 404, user.login)
        answer = self.url_open(door)
        self.assertEqual(answer.content, base64.b64decode(PDF))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        log = self.env["sqms.clearance.access"].search([("what", "=", "paper_file")])
        self.assertEqual(set(log.mapped("user_name")), {"c_reviewer"})
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open(door, allow_redirects=False).status_code, 200)
