from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import tagged

from odoo.addons.sqms_base.lib.public_code import derive_code

from ..controllers.complaint import ComplaintForm
from .common_public import PublicCase

SEED = "the-seed-of-the-form-of-this-tour"[:32]
WORDS = {
    "en": {
        "reply": "Please send a photo of the bank statement.",
        "answer": "The second payment goes back to your card.",
        "reason": "The till sent it twice.",
        "name": "Charged twice for one repair",
    },
    "zh": {
        "reply": "请您发一张银行流水的照片。",
        "answer": "第二笔款项将退回您的银行卡。",
        "reason": "收款机重复发送了一次。",
        "name": "维修被扣了两次款",
    },
}


@tagged("post_install", "-at_install", "sqms_tour")
class TestPublicTour(PublicCase):
    """A customer on his phone, wholly in one language: anonymous back and forth, and logged in to the second look."""

    browser_size = "360x780"

    def _decide(self, complaint, language):
        """What colleagues do meanwhile."""
        words = WORDS[language]
        complaint.write({"team_id": self.team.id, "user_id": self.agent.id})
        complaint.with_user(self.agent).message_post(
            body=words["reply"], message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._move(complaint, "investigating")
        self._create_finding(complaint)
        complaint.write(
            {
                "complaint_decision": "upheld",
                "complaint_outcome": "monetary",
                "complaint_answer": words["answer"],
                "complaint_reason": words["reason"],
                "complaint_told_by": "page",
            }
        )
        complaint.action_transition("decide")
        complaint.action_transition("communicate")

    def _anonymous(self, language, prefix, lang):
        Ticket = self.env["helpdesk.ticket"]
        category = self.env["sqms.complaint.category"].create({"name": "Boiler and heating repair", "is_public": True})
        category.with_context(lang="zh_CN").name = "锅炉与采暖维修"
        with patch.object(ComplaintForm, "_new_seed", lambda form: SEED):
            self.start_tour(f"{prefix}/complaint", f"sqms_complaint_public_submit_{language}")
        complaint = Ticket.search([("complaint_is_anonymous", "=", True)], order="id desc", limit=1)
        self.assertEqual(complaint.complaint_lang, lang)
        self.assertEqual(complaint.complaint_state, "acknowledged")
        self.assertFalse(complaint.partner_email or complaint.partner_name)
        self.assertEqual(len(complaint._complaint_public_messages()), 2)
        secrets = urlencode({"number": complaint.number, "code": derive_code(Ticket._complaint_pepper(), SEED)})
        status = f"{prefix}/complaint/status#{secrets}"
        self._decide(complaint, language)
        self.start_tour(status, f"sqms_complaint_public_accept_{language}")
        self.assertEqual(complaint.complaint_customer_answer, "accepted")
        self._move(complaint, "closed")
        self.start_tour(status, f"sqms_complaint_public_see_closed_{language}")

    def test_anonymous_two_ways_in_english(self):
        self._anonymous("en", "/en", "en_US")

    def test_anonymous_two_ways_in_chinese(self):
        self._anonymous("zh", "/zh_CN", "zh_CN")

    def _objection(self, language, prefix, lang):
        self.portal.lang = lang
        complaint = self._create_complaint(
            partner_id=self.portal.partner_id.id, name=WORDS[language]["name"], complaint_lang=lang
        )
        self._decide(complaint, language)
        self.start_tour(f"{prefix}/my/complaints", f"sqms_complaint_public_object_{language}", login="sqms_portal")
        self.assertEqual((complaint.complaint_state, complaint.complaint_level), ("investigating", "2"))
        self.assertNotEqual(complaint.user_id, self.agent)

    def test_objection_to_the_second_level_in_english(self):
        self._objection("en", "/en", "en_US")

    def test_objection_to_the_second_level_in_chinese(self):
        self._objection("zh", "/zh_CN", "zh_CN")
