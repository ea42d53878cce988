from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import tagged

from odoo.addons.sqms_base.lib.public_code import derive_code

from ..controllers.complaint import ComplaintForm
from .common_public import PublicCase

SEED = "the-seed-of-the-form-of-this-tour"[:32]


@tagged("post_install", "-at_install", "sqms_tour")
class TestPublicTour(PublicCase):
    """A customer complains on the phone, an agent answers and closes, the customer sees it: wholly in one language."""

    browser_size = "390x844"

    def _walk(self, language, prefix, lang):
        Ticket = self.env["helpdesk.ticket"]
        agent = self._create_user(
            f"sqms_tour_{language}",
            "helpdesk_mgmt.group_helpdesk_user",
            lang=lang,
            name="Agent Zhao",
            tz="Asia/Shanghai",
        )
        category = self.env["sqms.complaint.category"].create({"name": "Boiler and heating repair", "is_public": True})
        category.with_context(lang="zh_CN").name = "锅炉与采暖维修"
        with patch.object(ComplaintForm, "_new_seed", lambda form: SEED):
            self.start_tour(f"{prefix}/complaint", f"sqms_complaint_public_submit_{language}")
        complaint = Ticket.search([("partner_email", "=", "wang.li@example.com")], order="id desc", limit=1)
        self.assertEqual(complaint.complaint_lang, lang)
        self.assertEqual(complaint.complaint_state, "acknowledged")
        self.assertEqual(len(complaint._complaint_public_messages()), 2)
        code = derive_code(Ticket._complaint_pepper(), SEED)
        secrets = urlencode({"number": complaint.number, "code": code})
        status = f"{prefix}/complaint/status#{secrets}"
        self.browser_size = "1366x768"
        self.start_tour(
            f"/odoo/sqms-complaints/{complaint.id}", f"sqms_complaint_public_handle_{language}", login=agent.login
        )
        complaint.with_user(agent).message_post(body="OK?", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.browser_size = "390x844"
        self.start_tour(status, f"sqms_complaint_public_answer_{language}")
        self.assertEqual(complaint.complaint_customer_answer, "objected")
        self.browser_size = "1366x768"
        self.start_tour(
            f"/odoo/sqms-complaints/{complaint.id}", f"sqms_complaint_public_close_{language}", login=agent.login
        )
        self.assertEqual(complaint.complaint_state, "closed")
        self.browser_size = "390x844"
        self.start_tour(status, f"sqms_complaint_public_see_closed_{language}")

    def test_complaint_from_submission_to_closure_in_english(self):
        self._walk("en", "/en", "en_US")

    def test_complaint_from_submission_to_closure_in_chinese(self):
        self._walk("zh", "/zh_CN", "zh_CN")
