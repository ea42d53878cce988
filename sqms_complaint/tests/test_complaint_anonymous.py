import os
from unittest.mock import patch

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.sqms_base.tests.deep_search import found_in
from odoo.addons.sqms_base.tests.marked_files import refusable
from odoo.addons.sqms_base.tests.no_trace_case import COOKIE, FILE, MARKS, PERSON, NoTraceCase

from .common_public import PublicCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintAnonymous(NoTraceCase, PublicCase):
    """Who complains without a name leaves none: not by the form, not when he comes back, not when he objects."""

    def _visit(self, files, **answers):
        """Send the form as a visitor behind a proxy, with marks in all that a browser tells: (complaint, code)."""
        self.opener.cookies.set("visitor", COOKIE)
        self.opener.cookies.set("tz", COOKIE)
        self.opener.headers.update(self._headers())
        sent = self._sent(files=files, customer=f"{PERSON} Wang", reach=f"{PERSON}@example.com", **answers)
        self.visit_id = self.opener.cookies["session_id"]
        return sent

    def test_marks_of_an_anonymous_customer_are_found_nowhere(self):
        with patch.dict(config.options, {"proxy_mode": True}), self._listening() as listener:
            complaint, code = self._visit(self._files(("jpg", "png", "webp", "pdf")), anonymous="1")
            other, _code = self._visit(self._files(("docx", "xlsx", "odt", "gif")), anonymous="1")
            proof = self._proof(self._look_up(complaint.number, code))
            self._act(proof, "message", files=self._files(("jpg", "docx")), text="It still leaks.")
            (complaint | other).write({"team_id": self.team.id, "user_id": self.agent.id})
            complaint.with_user(self.agent).message_post(
                body="Where?", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            complaint.complaint_told_by = "page"
            self._move(complaint, "communicated")
            self._act(proof, "object", text="The till is wrong.")
            self.assertEqual(complaint.complaint_level, "2")
            complaint.write({"user_id": self.officer.id, "complaint_told_by": "page"})
            self._move(complaint, "communicated")
            self._act(proof, "accept")
            self._move(complaint, "closed")
            page = self._act(proof, "none")
            survey = self._page(page).find_class("o_sqms_survey")
            if survey:
                self.url_open(survey[0].get("href"))
            self.env["sqms.complaint.notice"]._write_due()
        self.assertTrue(any("helpdesk_ticket" in line for line in listener.lines), "Nothing was heard at debug")
        self.assertEqual(self._everywhere([*MARKS, self.visit_id], listener), {})
        self.assertFalse((complaint | other).message_partner_ids.filtered("partner_share"))
        mails = self.env["mail.mail"].search([("model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)])
        self.assertFalse(mails.filtered("email_to") or mails.recipient_ids.filtered("partner_share"))
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "in", (complaint | other).ids)]
        )
        self.assertEqual(len(files.filtered(lambda file: file.name.startswith("attachment-"))), 10)

    def test_the_same_search_finds_them_where_somebody_gives_his_name(self):
        with patch.dict(config.options, {"proxy_mode": True}):
            complaint, _code = self._visit(self._files(("pdf", "docx", "xlsx", "odt")))
        self.assertFalse(complaint.complaint_is_anonymous)
        found = self._everywhere(MARKS)
        self.assertIn(PERSON, found["helpdesk_ticket"])
        self.assertEqual(found["ir_attachment"], {FILE}, "Names of files")
        self.assertEqual(len([place for place in found if place.startswith("filestore")]), 4)

    def test_what_cannot_be_cleaned_is_refused_and_nothing_typed_is_lost(self):
        count = self.env["helpdesk.ticket"].search_count([])
        files = refusable(FILE)
        names = list(files)
        for start in range(0, len(names), 5):
            parts = [("files", (name, files[name], "x/y")) for name in names[start : start + 5]]
            page = self._page(self._send(files=parts, happened="My own words", anonymous="1"))
            error = page.get_element_by_id("error_files").text_content()
            for name in names[start : start + 5]:
                self.assertIn(f"{name}: ", error)
            self.assertEqual(page.get_element_by_id("happened").text_content().strip(), "My own words")
            self.assertTrue(page.get_element_by_id("anonymous").get("checked"))
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), count)
        self.assertEqual(self._everywhere([FILE]), {})

    def test_access_log_keeps_path_alone(self):
        with self._listening() as listener:
            self.url_open(f"/complaint?who={PERSON}", headers=self._headers())
            self.url_open(f"/zh_CN/complaint/status?number={PERSON}", headers=self._headers())
            token = self._token()
            self.url_open("/complaint/status", data={"csrf_token": token, "number": PERSON, "code": PERSON})
        visits = [line for line in listener.lines if line.startswith("werkzeug")]
        self.assertGreaterEqual(len([line for line in visits if "- - - " in line and "/complaint" in line]), 3, visits)
        self.assertEqual(found_in("\n".join(listener.lines).encode(), [PERSON, "127.0.0.1"]), set())

    def test_no_session_file_is_left_behind(self):
        self._visit([], anonymous="1")
        self.assertFalse(os.path.isfile(root.session_store.get_session_filename(self.visit_id)))
