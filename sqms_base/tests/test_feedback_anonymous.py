import logging
import os
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.http import root
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, config

from ..controllers import public_page
from ..lib.no_trace import NoTrace
from ..lib.public_files import MIMETYPES
from .deep_search import found_in
from .feedback_common import PAGE, FeedbackPageCase
from .marked_files import cleanable, refusable
from .no_trace_case import ADDRESS, COOKIE, DEVICE, FILE, LANGUAGE, MARKS, PERSON, REFERRER, NoTraceCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestFeedbackAnonymous(NoTraceCase, FeedbackPageCase):
    """Marks of a visitor are planted wherever a visit could leave one, and looked for everywhere."""

    # -- planting ----------------------------------------------------------------

    def _visit(self, files, **answers):
        """Send the page as a visitor behind a proxy, with marks in all that a browser tells."""
        self.opener.cookies.set("visitor", COOKIE)
        self.opener.cookies.set("tz", COOKIE)
        with patch.dict(config.options, {"proxy_mode": True}):
            sent = self._sent(files=files, headers=self._headers(), **answers)
        self.visit_id = self.opener.cookies["session_id"]
        return sent

    # -- the promise -------------------------------------------------------------

    def test_marks_of_an_anonymous_visitor_are_found_nowhere(self):
        kinds = (("jpg", "png", "webp", "gif"), ("pdf", "docx", "xlsx", "odt"))
        with self._listening() as listener:
            pieces = [
                self._visit(self._files(names), person=f"{PERSON} Wang", email=f"{PERSON}@example.com")[0]
                for names in kinds
            ]
            self._look_up(self._sent()[1])
        attachments = self.env["ir.attachment"].search([("res_model", "=", "sqms.feedback")])
        self.assertEqual(len(attachments.filtered(lambda file: file.res_id in [piece.id for piece in pieces])), 8)
        self.assertTrue(any("sqms_feedback" in line for line in listener.lines), "Nothing was heard at debug")
        marks = [*MARKS, self.visit_id]
        self.assertEqual(self._everywhere(marks, listener), {})
        # Neither do they appear when it is handled.
        for piece in pieces:
            mine = piece.with_user(self.officer)
            mine.answer = "We look into it."
            mine.action_transition("answer")
            mine.action_convert("nonconformity")
        self.assertEqual(self._everywhere(marks), {})

    def test_the_same_search_finds_them_where_somebody_gives_his_name(self):
        feedback, _code = self._visit(
            self._files(("pdf", "docx", "xlsx", "odt")),
            anonymous="", person=f"{PERSON} Wang", email=f"{PERSON}@example.com",
        )  # fmt: skip
        self.assertFalse(feedback.is_anonymous)
        found = self._everywhere(MARKS)
        self.assertEqual(found.pop("sqms_feedback"), {PERSON})
        self.assertEqual(found.pop("ir_attachment"), {FILE}, "Names of files")
        self.assertEqual(len([place for place in found if place.startswith("filestore")]), 4)

    def test_the_same_search_finds_them_without_the_cleaning(self):
        def uncleaned(filename, content, anonymous=False):
            extension = filename.rpartition(".")[2]
            return extension, MIMETYPES[extension], content

        with patch.object(public_page, "clean_file", uncleaned):
            self._visit(self._files(("jpg", "png", "webp", "gif")))
            self._visit(self._files(("pdf", "docx", "xlsx", "odt")))
        places = [place for place, seen in self._everywhere(MARKS).items() if seen == {FILE}]
        self.assertEqual(len([place for place in places if place.startswith("filestore")]), 8)

    def test_the_same_search_finds_each_mark_planted_by_hand(self):
        self.env["ir.config_parameter"].set_param("sqms_base.test", f"{ADDRESS} {DEVICE}")
        self.env["ir.attachment"].create({"name": "x", "db_datas": b"", "raw": cleanable(FILE)[f"{FILE}-name.docx"]})
        session = os.path.join(root.session_store.path, "zq_test_session")
        with open(session, "w") as file:
            file.write(COOKIE)
        self.addCleanup(os.remove, session)
        with self._listening() as listener:
            logging.getLogger("odoo.addons.sqms_base").debug("a visit in %s", LANGUAGE)
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("INSERT INTO sqms_public_throttle VALUES (%s, 1, 1, 1)", [REFERRER.encode()])
        found = self._everywhere(MARKS, listener)
        self.assertEqual(found["ir_config_parameter"], {ADDRESS, DEVICE})
        self.assertEqual(found["sessions zq_test_session"], {COOKIE})
        self.assertEqual(found["log"], {LANGUAGE})
        self.assertEqual(found["committed sqms_public_throttle"], {REFERRER})
        self.assertTrue(any(place.startswith("filestore") and seen == {FILE} for place, seen in found.items()))

    # -- times -------------------------------------------------------------------

    def test_only_the_day_is_kept(self):
        feedback, _code = self._visit(self._files(("jpg", "docx")))
        moment = fields.Datetime.now()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "sqms.feedback"), ("res_id", "=", feedback.id)]
        )
        self.assertEqual(len(attachments), 2)
        stamps = {
            row
            for records in (feedback, attachments)
            for row in self.env.execute_query(
                SQL(
                    "SELECT create_date, write_date FROM %s WHERE id IN %s",
                    SQL.identifier(records._table), tuple(records.ids),
                )
            )
        }  # fmt: skip
        self.assertEqual(len(stamps), 1, "The same for all, whatever the hour")
        ((created, written),) = stamps
        self.assertEqual(created, written)
        self.assertEqual((created.minute, created.second, created.microsecond), (0, 0, 0))
        self.assertLess(abs(created - moment), timedelta(days=1))
        for attachment in attachments:
            changed = os.stat(attachment._full_path(attachment.store_fname)).st_mtime
            self.assertEqual(changed % 3600, 0, "The file on the disk")
        self.assertFalse(
            self.env["mail.message"].search([("model", "=", "sqms.feedback"), ("res_id", "=", feedback.id)])
        )
        self.assertFalse(
            self.env["sqms.ledger.entry"].search([("res_model", "=", "sqms.feedback"), ("res_id", "=", feedback.id)])
        )
        self.assertFalse(
            self.env["mail.followers"].search([("res_model", "=", "sqms.feedback"), ("res_id", "=", feedback.id)])
        )
        self.assertEqual(feedback.create_uid | feedback.write_uid, self.public)

    def test_no_session_is_left_behind(self):
        before = self._own_sessions()
        self._visit(self._files(("jpg",)))
        self.assertEqual(self._own_sessions() - before, set())

    # -- what cannot be cleaned ----------------------------------------------------

    def test_what_cannot_be_cleaned_is_refused_and_nothing_typed_is_lost(self):
        count = self.env["sqms.feedback"].search_count([])
        files = refusable(FILE)
        names = list(files)
        for start in range(0, len(names), 5):
            parts = [("files", (name, files[name], "x/y")) for name in names[start : start + 5]]
            response = self._post(data=self._answers(words="My own words", stage="after", rating="2"), files=parts)
            self.assertEqual(response.status_code, 200)
            page = self._page(response)
            error = page.get_element_by_id("error_files").text_content()
            for name in names[start : start + 5]:
                self.assertIn(f"{name}: ", error)
            self.assertEqual(page.get_element_by_id("words").text_content().strip(), "My own words")
            self.assertTrue(page.get_element_by_id("kind_concern").get("checked"))
            self.assertTrue(page.get_element_by_id("anonymous").get("checked"))
            self.assertEqual(page.get_element_by_id("stage").value, "after")
            self.assertEqual(page.get_element_by_id("rating").value, "2")
        self.assertEqual(self.env["sqms.feedback"].search_count([]), count)
        self.assertEqual(self._everywhere([FILE]), {})

    def test_access_log_keeps_path_alone(self):
        with self._listening() as listener:
            self.url_open(f"{PAGE}?who={PERSON}", headers=self._headers())
            self.url_open(f"/zh_CN{PAGE}/status?code={PERSON}", headers=self._headers())
        visits = [line for line in listener.lines if line.startswith("werkzeug")]
        self.assertEqual(len([line for line in visits if "- - - GET" in line and PAGE in line]), 2, visits)
        self.assertEqual(found_in("\n".join(listener.lines).encode(), [PERSON, "127.0.0.1"]), set())
        # Other pages are logged as ever.
        for path in ("/quality/feedbacks", "/quality/policy", "/web/login"):
            line = f'203.0.113.7 - - [10/Nov/2026 20:14:00] "GET {path}?x=1 HTTP/1.1" 200 -'
            record = logging.LogRecord("werkzeug", logging.INFO, "", 0, line, (), None)
            self.assertTrue(NoTrace().filter(record))
            self.assertEqual(record.getMessage(), line)
