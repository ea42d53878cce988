import base64
import csv
import io
from datetime import date, datetime
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models import sqms_import_run
from ..models.sqms_import_loader import Loader
from .common_import import GOOD, HEADER, ImportCase

NO = "No."
RUN = "odoo.addons.sqms_complaint.models.sqms_import_run_work"


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportCheck(ImportCase, CronMixinCase):
    def test_check_creates_nothing_but_says_everything(self):
        before = [self.env[name].search_count([]) for name in self._touched]
        run = self._check(
            self._csv(GOOD, GOOD, ("31/02/2024", *GOOD[1:]), ("04/02/2024", "Noise", "x", "Pigeon", "", ""))
        )
        self.assertEqual(before, [self.env[name].search_count([]) for name in self._touched])
        self.assertEqual((run.state, run.row_count, run.good_count, run.bad_count), ("checked", 4, 3, 1))
        self.assertEqual(run.findings["categories"], ["Noise"])
        self.assertEqual(run.findings["channels"], ["Pigeon"])
        self.assertEqual(run.findings["kept"], ["Shop"])
        self.assertEqual([row["line"] for row in run.findings["preview"]], [2, 3, 4, 5])
        self.assertIn("31/02/2024", run.preview)
        self.assertIn("Noise", run.novelties)

    _touched = ("helpdesk.ticket", "sqms.complaint.category", "helpdesk.ticket.channel", "mail.mail", "res.partner")

    def test_preview_stops_after_ten_lines(self):
        run = self._check(self._csv(*[GOOD] * 30))
        self.assertEqual(len(run.findings["preview"]), 10)

    def test_preview_shows_html_of_the_file_as_text(self):
        run = self._check(self._csv(("03/02/2024", "<script>alert(1)</script>", "x", "", "", "")))
        self.assertNotIn("<script>", run.preview + run.novelties)
        self.assertIn("&lt;script&gt;", run.preview)

    def test_each_bad_file_gets_its_sentence_and_stays_a_draft(self):
        good = self._csv(GOOD)
        for data, words, values in (
            (b"", "empty", {}),
            (b"\xef\xbb\xbf\n\n", "empty", {}),
            (self._csv(), "no rows", {}),
            (
                self._csv(GOOD, separator=";"),
                "Wrong separator",
                {"profile_id": self._create_profile(separator="comma").id},
            ),
            (self._csv(GOOD, header=("Date", "Sort", *HEADER[2:])), "The file lacks “Kind”", {}),
            (self._csv(GOOD, header=("Date", "Date", *HEADER[2:])), "appears twice", {}),
            (good + b"1,\xff\xff\xff,\n", "neither UTF-8 nor GB18030", {}),
            (good + b"\0", "NUL", {}),
        ):
            with self.subTest(words=words):
                if not data:
                    with self.assertRaisesRegex(UserError, "please fill in"):
                        self._check(data, **values)
                    continue
                self.assertIn(words, self._refusal(data, **values))

    def test_refusal_goes_away_with_the_next_check(self):
        run = self._check(self._csv())
        self.assertIn("no rows", run.refusal)
        run.file = base64.b64encode(self._csv(GOOD))
        run.action_transition("check")
        self.assertEqual((run.state, run.refusal), ("checked", False))

    def test_encodings_and_kinds_give_the_same_complaints(self):
        row = ("03/02/2024", "维修", "锅炉漏水", "电话", "王丽", "清禾东店")
        files = (
            self._csv(row, encoding="utf-8-sig"),
            self._csv(row, encoding="gb18030"),
            self._csv(row, separator=";"),
            self._csv(row, separator="\t"),
            self._xlsx(row),
            self._xlsx((date(2024, 2, 3), *row[1:])),
        )
        run = self._import(files[0])
        (complaint,) = self._complaints(run)
        self.assertEqual(complaint.complaint_received_at, datetime(2024, 2, 3, 12))
        self.assertEqual(complaint.complaint_category_id.name, "维修")
        self.assertIn("锅炉漏水", complaint.description)
        # The channel is found by its Chinese name where it has one, and made where it has none.
        complaint = complaint.with_context(lang="zh_CN")
        self.assertEqual((complaint.channel_id.name, complaint.partner_name), ("电话", "王丽"))
        for data in files[1:]:
            again = self._check(data)
            self.assertEqual((again.state, again.known_count, again.good_count), ("checked", 1, 0), again.refusal)

    def test_the_same_file_is_announced(self):
        data = self._csv(GOOD)
        self._import(data)
        self.assertIn("old.csv", self._check(data).findings["earlier"])

    def test_a_profile_without_date_of_receipt_is_not_ready(self):
        self.profile.line_ids.filtered(lambda line: line.target == "received_at").unlink()
        with self.assertRaisesRegex(UserError, "when the complaint was received"):
            self._check(self._csv(GOOD))

    def test_unknown_names_are_errors_where_the_profile_says_so(self):
        self.profile.write({"create_categories": False, "create_channels": False})
        run = self._check(self._csv(GOOD, ("03/02/2024", "Noise", "x", "Pigeon", "", "")))
        self.assertEqual((run.good_count, run.bad_count), (1, 1))
        self.assertIn("no category “Noise”", run.error_ids.sentence)
        self.assertIn("no channel “Pigeon”", run.error_ids.sentence)

    def test_formula_in_a_workbook_is_refused_by_line_and_column(self):
        run = self._import(self._xlsx(GOOD, ("03/02/2024", "Billing", "=1+1", "", "", "")))
        self.assertEqual((run.created_count, run.refused_count), (1, 1))
        self.assertEqual(run.error_ids.line, 3)
        self.assertIn("Column C holds a formula", run.error_ids.sentence)

    def test_a_large_file_is_checked_in_the_background(self):
        self.patch(sqms_import_run, "CHECK_AT_ONCE", {"csv": 10, "xlsx": 10})
        with self.capture_triggers("sqms_complaint.ir_cron_import_run") as triggers:
            run = self._check(self._csv(GOOD))
        self.assertEqual((run.state, len(triggers.records)), ("checking", 1))
        self._run_cron()
        self.assertEqual((run.state, run.good_count), ("checked", 1))
        self.assertEqual(run.user_id, self.officer)

    def test_a_bad_file_in_the_background_becomes_a_draft_again(self):
        self.patch(sqms_import_run, "CHECK_AT_ONCE", {"csv": 1, "xlsx": 1})
        run = self._check(self._csv())
        self._run_cron()
        self.assertEqual(run.state, "draft")
        self.assertIn("no rows", run.refusal)

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("sqms_complaint.ir_cron_import_run").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "sqms_alone")
class TestImport(ImportCase):
    def test_a_row_becomes_a_complaint(self):
        run = self._import(self._csv(GOOD))
        (complaint,) = self._complaints(run)
        self.assertTrue(complaint.is_complaint)
        self.assertEqual(complaint.complaint_state, "received")
        self.assertEqual(complaint.complaint_category_id, self.category)
        self.assertEqual(complaint.complaint_received_at, datetime(2024, 2, 3, 12))
        self.assertTrue(complaint.number.startswith("C/2024/"), complaint.number)
        self.assertEqual(complaint.channel_id.name, "Phone")
        self.assertEqual(complaint.complaint_import_data, {"Shop": "Qinghe East"})
        self.assertIn("Qinghe East", complaint.complaint_import_table)
        self.assertEqual(complaint.complaint_import_line, 2)
        self.assertFalse(complaint.user_id or complaint.partner_id)
        self.assertEqual(complaint.company_id, self.company)
        self.assertIn("Imported from “old.csv”.", "".join(complaint.message_ids.mapped("body")))

    def test_nobody_is_written_to_and_nobody_follows(self):
        self.team.message_subscribe(self.agent.partner_id.ids)
        self.profile.write({"company_id": self.company.id, "team_id": self.team.id})
        mails = self.env["mail.mail"].search_count([])
        run = self._import(self._csv(GOOD))
        self.env.cr.precommit.run()
        complaint = self._complaints(run)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(complaint.message_follower_ids)
        self.assertFalse(complaint.message_ids.tracking_value_ids)
        self.assertFalse(complaint.message_ids.notification_ids)

    def test_text_of_the_file_is_text(self):
        row = ("03/02/2024", "Billing", "<img src=x onerror=alert(1)>\nsecond line", "", "", "<b>")
        complaint = self._complaints(self._import(self._csv(row)))
        self.assertNotIn("<img", complaint.description)
        self.assertIn("&lt;img", complaint.description)
        self.assertIn("&lt;b&gt;", complaint.complaint_import_table)

    def test_text_that_looks_like_a_formula_is_kept(self):
        complaint = self._complaints(self._import(self._csv(("03/02/2024", "=cmd", "+1", "", "-x", "@y"))))
        self.assertEqual((complaint.name, complaint.partner_name), ("=cmd", "-x"))
        self.assertEqual(complaint.complaint_import_data, {"Shop": "@y"})

    def test_old_states_and_dates_arrive(self):
        profile = self._create_profile(
            line_ids=[
                (0, 0, {"column": "Date", "target": "received_at"}),
                (0, 0, {"column": "Kind", "target": "category_1"}),
                (0, 0, {"column": "Closed", "target": "closed_at"}),
                (0, 0, {"column": "Ref", "target": "external_ref"}),
                (0, 0, {"column": "Answer", "target": "answer"}),
                (0, 0, {
                    "column": "State", "target": "state",
                    "value_ids": [
                        (0, 0, {"source": "work", "target": "investigating"}),
                        (0, 0, {"source": "*", "target": "closed"}),
                    ],
                }),
                (0, 0, {
                    "column": "Result", "target": "outcome",
                    "value_ids": [(0, 0, {"source": "money", "target": "monetary"}), (0, 0, {"source": "open"})],
                }),
            ],
        )  # fmt: skip
        header = ("Date", "Kind", "Closed", "Ref", "Answer", "State", "Result")
        run = self._import(
            self._csv(
                ("03/02/2024", "Billing", "05/03/2024 09:30", "A-1", "Paid back.", "finished", "money"),
                ("04/02/2024", "Billing", "", "A-2", "", "finished", ""),
                ("05/02/2024", "Billing", "", "A-3", "", "work", "open"),
                header=header,
            ),
            profile_id=profile.id,
        )
        known, unknown, still_open = self._complaints(run)
        self.assertEqual(known.complaint_state, "closed")
        self.assertEqual(known.complaint_closed_at, datetime(2024, 3, 5, 1, 30))
        self.assertEqual(known.closed_date, known.complaint_closed_at)
        self.assertTrue(known.stage_id.closed)
        self.assertEqual((known.complaint_outcome, known.complaint_external_ref), ("monetary", "A-1"))
        self.assertIn("Paid back.", known.complaint_answer)
        self.assertEqual(
            (unknown.complaint_state, unknown.complaint_closed_at, unknown.closed_date), ("closed", False, False)
        )
        self.assertTrue(unknown.stage_id.closed)
        self.assertFalse(unknown.complaint_waiting)
        self.assertEqual((still_open.complaint_state, still_open.complaint_outcome), ("investigating", False))
        self.assertFalse(still_open.stage_id.closed)
        self.assertEqual(known.complaint_import_data, {"State": "finished", "Result": "money"})
        with self.assertRaises(AccessError):
            known.with_user(self.officer).write({"complaint_outcome": "none"})

    def test_bad_rows_are_listed_and_the_good_ones_kept(self):
        run = self._import(self._csv(GOOD, ("31/02/2024", *GOOD[1:]), ("", *GOOD[1:]), ("04/02/2024", *GOOD[1:])))
        self.assertEqual((run.state, run.created_count, run.refused_count), ("done", 2, 2))
        self.assertEqual(run.error_ids.mapped("line"), [3, 4])
        first = run.error_ids[0]
        self.assertEqual((first.column, first.value), ("Date", "31/02/2024"))
        self.assertIn("“31/02/2024” does not exist in the calendar", first.sentence)

    def test_a_complaint_from_the_future_is_an_error(self):
        run = self._check(self._csv(("03/02/2124", *GOOD[1:])))
        self.assertIn("in the future", run.error_ids.sentence)
        with self.assertRaisesRegex(UserError, "no row of the file"):
            run.action_transition("start")

    def test_all_or_none(self):
        run = self._check(self._csv(GOOD, ("31/02/2024", *GOOD[1:])), on_error="all")
        with self.assertRaisesRegex(UserError, "1 rows have errors"):
            run.action_transition("start")
        self.assertFalse(self._complaints(run))
        run.on_error = "keep"
        run.action_transition("start")
        self.assertEqual((run.state, run.created_count), ("done", 1))

    def test_all_or_none_when_the_system_refuses_late(self):
        categories = self.env["sqms.complaint.category"].search_count([])
        with self._refusing("Charged once"):
            run = self._check(self._csv(GOOD, (GOOD[0], "New kind", "Charged once", "", "", "")), on_error="all")
            run.action_transition("start")
        self.assertEqual(run.state, "failed")
        self.assertIn("Line 3 was refused, so nothing was imported: No.", run.refusal)
        self.assertEqual((run.created_count, run.done_count), (0, 0))
        self.assertFalse(self._complaints(run))
        self.assertEqual(self.env["sqms.complaint.category"].search_count([]), categories)

    def test_a_row_that_the_system_refuses_spares_its_neighbours(self):
        rows = [(GOOD[0], "Billing", f"text {number}", "", "", "") for number in range(20)]
        with self._refusing("text 7", "text 13"):
            run = self._import(self._csv(*rows))
        self.assertEqual((run.state, run.created_count, run.refused_count), ("done", 18, 2))
        self.assertEqual(run.error_ids.mapped("line"), [9, 15])
        self.assertEqual(run.error_ids.mapped("sentence"), ["No.", "No."])

    def _refusing(self, *texts):
        """The system finds something wrong with complaints of these texts."""
        create = type(self.env["helpdesk.ticket"]).create

        def refuse(records, vals_list):
            if any(text in (vals.get("description") or "") for vals in vals_list for text in texts):
                raise UserError(NO)
            return create(records, vals_list)

        return patch.object(type(self.env["helpdesk.ticket"]), "create", refuse)

    def test_the_file_of_errors_can_be_mended_and_imported(self):
        bad = ("31/02/2024", "=cmd()", "+86 138 0000", "Phone", "-Wang", "@shop")
        run = self._import(self._csv(GOOD, bad))
        text = base64.b64decode(run.error_file).decode("utf-8-sig")
        header, row = csv.reader(io.StringIO(text))
        self.assertEqual(header, [*HEADER, "sqms_line", "sqms_reason"])
        self.assertEqual(row[:6], ["31/02/2024", "'=cmd()", "'+86 138 0000", "Phone", "'-Wang", "'@shop"])
        self.assertEqual(row[6], "3")
        self.assertIn("calendar", row[7])
        mended = self._import(text.replace("31/02/2024", "28/02/2024").encode())
        complaint = self._complaints(mended)
        self.assertEqual((complaint.name, complaint.partner_name), ("=cmd()", "-Wang"))
        self.assertIn("+86 138 0000", complaint.description)
        self.assertEqual(complaint.complaint_import_data, {"Shop": "@shop"})

    def test_new_categories_belong_to_the_company_and_to_no_public_form(self):
        run = self._import(self._csv((GOOD[0], "Noise", "x", "", "", "")))
        category = self._complaints(run).complaint_category_id
        self.assertEqual((category.company_id, category.is_public), (self.company, False))

    def test_names_are_known_in_every_language_and_when_archived(self):
        for code in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        self.env.flush_all()
        self.category.with_context(lang="zh_CN").name = "账单"
        hidden = self.env["sqms.complaint.category"].create({"name": "Old kind", "active": False})
        run = self._import(
            self._csv(
                (GOOD[0], "账单", "x", "", "", ""),
                (GOOD[0], " billing ", "y", "", "", ""),
                (GOOD[0], "Old kind", "z", "", "", ""),
            )
        )
        self.assertEqual(self._complaints(run).mapped("complaint_category_id"), self.category | hidden)


@tagged("post_install", "-at_install", "sqms_alone")
class TestImportAgain(ImportCase):
    """Restart, second import, longer file: nothing twice, nothing lost."""

    def _rows(self, count, start=0):
        return [(GOOD[0], "Billing", f"text {number}", "", "", "") for number in range(start, start + count)]

    def _texts(self, *runs):
        complaints = self._complaints(self.env["sqms.import.run"].union(*runs))
        return sorted(complaints.mapped(lambda ticket: str(ticket.description)))

    def test_the_same_file_creates_nothing(self):
        data = self._csv(*self._rows(5))
        self._import(data)
        again = self._check(data)
        self.assertEqual((again.good_count, again.known_count), (0, 5))
        with self.assertRaisesRegex(UserError, "no row of the file would create"):
            again.action_transition("start")

    def test_a_file_imported_between_check_and_start_creates_nothing(self):
        data = self._csv(*self._rows(5))
        late = self._check(data)
        self._import(data)
        late.action_transition("start")
        self._assert_nothing_lost(late)
        self.assertEqual((late.state, late.created_count, late.skipped_count), ("done", 0, 5))
        self.assertEqual(late.batch_ids.known_lines, "2-6")

    def test_an_extended_file_adds_its_new_rows(self):
        self._import(self._csv(*self._rows(5)))
        longer = self._import(self._csv(*self._rows(3, start=5), *self._rows(5)))
        self.assertEqual((longer.created_count, longer.skipped_count), (3, 5))

    def test_equal_rows_are_different_complaints(self):
        run = self._import(self._csv(GOOD, GOOD, GOOD))
        self.assertEqual(run.created_count, 3)
        more = self._import(self._csv(GOOD, GOOD, GOOD, GOOD))
        self.assertEqual((more.created_count, more.skipped_count), (1, 3))

    def test_order_of_columns_and_rows_does_not_matter(self):
        self._import(self._csv(*self._rows(4)))
        turned = [row[::-1] for row in reversed(self._rows(4))]
        again = self._check(self._csv(*turned, header=HEADER[::-1]))
        self.assertEqual((again.known_count, again.good_count), (4, 0))

    def test_archived_complaints_are_not_imported_again(self):
        run = self._import(self._csv(GOOD))
        complaint = self._complaints(run)
        complaint.complaint_withdrawal = "By phone"
        complaint.action_transition("withdraw")
        complaint.active = False
        self.assertEqual(self._check(self._csv(GOOD)).known_count, 1)

    def test_a_reference_is_one_complaint_however_it_is_told(self):
        profile = self._create_profile(
            line_ids=[*self._profile_lines(), (0, 0, {"column": "Shop", "target": "external_ref"})]
        )
        first = self._import(self._csv(GOOD), profile_id=profile.id)
        self.assertEqual(self._complaints(first).complaint_external_ref, "Qinghe East")
        told_anew = self._check(
            self._csv((GOOD[0], "Billing", "Said otherwise", "", "", "Qinghe East")), profile_id=profile.id
        )
        self.assertEqual((told_anew.known_count, told_anew.good_count), (1, 0))
        twice = self._check(
            self._csv((GOOD[0], "Billing", "a", "", "", "R-2"), (GOOD[0], "Billing", "b", "", "", "R-2")),
            profile_id=profile.id,
        )
        self.assertEqual((twice.good_count, twice.bad_count), (1, 1))
        self.assertIn("line 2 already", twice.error_ids.sentence)

    def test_key_columns_tell_complaints_apart(self):
        profile = self._create_profile(
            line_ids=[*self._profile_lines(), (0, 0, {"column": "Shop", "target": "history", "is_key": True})]
        )
        self._import(self._csv((GOOD[0], "Billing", "a", "", "", "1")), profile_id=profile.id)
        again = self._check(
            self._csv((GOOD[0], "Billing", "b", "", "", "1"), (GOOD[0], "Billing", "b", "", "", "2")),
            profile_id=profile.id,
        )
        self.assertEqual((again.known_count, again.good_count), (1, 1))

    def _profile_lines(self):
        return [(0, 0, {"column": line.column, "target": line.target}) for line in self.profile.line_ids]

    def test_the_key_is_unique_in_the_database(self):
        complaint = self._complaints(self._import(self._csv(GOOD)))
        other = self._create_complaint()
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute(
                "UPDATE helpdesk_ticket SET complaint_import_key = %s WHERE id = %s",
                [complaint.complaint_import_key, other.id],
            )

    # -- in the background -------------------------------------------------

    def _start_in_background(self, rows, **values):
        self.patch(sqms_import_run, "BATCH", 4)
        self.patch(sqms_import_run, "IMPORT_AT_ONCE", 0)
        run = self._check(self._csv(*rows), **values)
        run.action_transition("start")
        self.assertEqual((run.state, run.done_count), ("running", 0))
        return run

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("sqms_complaint.ir_cron_import_run").method_direct_trigger()
        self.env.invalidate_all()

    def _failing(self, error, at):
        """The import breaks down at its n-th batch, once."""
        load, calls = Loader.load, []

        def break_down(loader, rows):
            calls.append(1)
            if len(calls) == at:
                # Half of the work is done when it happens.
                load(loader, rows[:2])
                raise error
            return load(loader, rows)

        return patch.object(Loader, "load", break_down)

    def test_a_large_import_goes_on_in_batches(self):
        rows = self._rows(10)
        rows[5] = ("31/02/2024", *rows[5][1:])
        run = self._start_in_background(rows)
        self._run_cron()
        self._assert_nothing_lost(run)
        self.assertEqual(run.state, "done")
        self.assertEqual(
            [(b.row_count, b.created_count, b.refused_count) for b in run.batch_ids], [(4, 4, 0), (4, 3, 1), (2, 2, 0)]
        )
        self.assertEqual((run.batch_ids[1].first_line, run.batch_ids[1].last_line), (6, 9))
        self.assertEqual(run.error_ids.line, 7)
        self.assertEqual(self._complaints(run).create_uid, self.officer)

    @mute_logger(RUN)
    def test_crash_in_the_middle_then_go_on(self):
        run = self._start_in_background(self._rows(10))
        with self._failing(RuntimeError("power cut"), at=2):
            self._run_cron()
        self._assert_nothing_lost(run)
        self.assertEqual((run.state, run.created_count), ("failed", 4))
        self.assertIn("power cut", run.refusal)
        run.action_transition("resume")
        self._run_cron()
        self._assert_nothing_lost(run)
        self.assertEqual((run.state, run.created_count, run.skipped_count), ("done", 10, 0))
        self.assertEqual(len(set(self._texts(run))), 10)
        self.assertFalse(run.refusal)

    def test_collision_with_other_work_is_done_again(self):
        run = self._start_in_background(self._rows(10))
        with self._failing(psycopg2.errors.SerializationFailure("busy"), at=2):
            self._run_cron()
        self._run_cron()
        self._assert_nothing_lost(run)
        self.assertEqual((run.state, run.created_count), ("done", 10))

    @mute_logger(RUN)
    def test_after_a_crash_equal_rows_are_still_counted_right(self):
        run = self._start_in_background([GOOD] * 10)
        with self._failing(RuntimeError("power cut"), at=3):
            self._run_cron()
        self.assertEqual(run.created_count, 8)
        other = self._check(self._csv(*[GOOD] * 11))
        self.assertEqual((other.known_count, other.good_count), (8, 3))
        run.action_transition("resume")
        self._run_cron()
        self.assertEqual((run.state, run.created_count), ("done", 10))

    def test_stop_and_go_on(self):
        run = self._start_in_background(self._rows(10))
        run.action_transition("stop")
        self._run_cron()
        self.assertEqual((run.state, run.done_count), ("failed", 0))
        self.assertIn(self.officer.name, run.refusal)
        run.action_transition("resume")
        self._run_cron()
        self.assertEqual((run.state, run.created_count), ("done", 10))

    def test_all_or_none_in_the_background(self):
        run = self._start_in_background(self._rows(10), on_error="all")
        load = Loader.load

        def refuse_late(loader, rows):
            created, late = load(loader, rows[:-1])
            return created, [*late, (rows[-1][0], "No.")] if rows[0][0].line > 6 else (created, late)

        with patch.object(Loader, "load", lambda loader, rows: (
            refuse_late(loader, rows) if rows[0][0].line > 6 else load(loader, rows)
        )):  # fmt: skip
            self._run_cron()
        self.assertEqual((run.state, run.created_count), ("failed", 0))
        self.assertIn("Line 11 was refused", run.refusal)
        self.assertFalse(self._complaints(run))
        run.action_transition("resume")
        self._run_cron()
        self.assertEqual((run.state, run.created_count), ("done", 10))

    def test_all_or_none_has_a_limit(self):
        self.patch(sqms_import_run, "ALL_OR_NOTHING", 3)
        run = self._check(self._csv(*self._rows(4)), on_error="all")
        with self.assertRaisesRegex(UserError, "works up to 3 rows"):
            run.action_transition("start")

    def test_one_failing_run_does_not_hold_up_the_next(self):
        first = self._start_in_background(self._rows(4))
        second = self._start_in_background(self._rows(4, start=4))
        with self._failing(UserError("No room."), at=1):
            self._run_cron()
        self.assertEqual((first.state, first.refusal), ("failed", "No room."))
        self.assertEqual((second.state, second.created_count), ("done", 4))
