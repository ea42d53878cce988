from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ComplaintCase

WORDS = "The till took my card twice & printed nothing. <b>Why?</b>"


@tagged("post_install", "-at_install")
class TestFeedbackConversion(ComplaintCase):
    """A concern that is a complaint becomes one, once, and somebody anonymous stays anonymous."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler = cls._create_user(
            "sqms_feedback_handler",
            "sqms_base.group_sqms_officer,helpdesk_mgmt.group_helpdesk_user,sqms_complaint.group_complaint_officer",
        )

    def _received(self, seed="s", **values):
        values = {"kind": "concern", "text": WORDS, "lang": "zh_CN", **values}
        self.env["res.lang"]._activate_lang("zh_CN")
        return self.env["sqms.feedback"].with_user(self.public).sudo()._receive(values, [], seed * 32)

    def test_anonymous_concern_becomes_an_anonymous_complaint_once(self):
        feedback = self._received(is_anonymous=True).with_user(self.handler)
        action = feedback.action_convert("complaint")
        complaint = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertRecordValues(
            complaint,
            [
                {
                    "is_complaint": True, "complaint_is_anonymous": True, "partner_id": False, "partner_name": False,
                    "partner_email": False, "complaint_phone": False, "complaint_state": "received",
                    "complaint_contact": "none", "complaint_lang": "zh_CN", "company_id": self.company.id,
                }
            ],
        )  # fmt: skip
        self.assertIn("twice &amp; printed", complaint.description)
        self.assertNotIn("<b>", complaint.description)
        self.assertEqual((feedback.complaint_id, feedback.state), (complaint, "converted"))
        self.assertEqual(complaint.with_user(self.handler).feedback_ids, feedback)
        people = complaint.message_partner_ids | complaint.message_ids.author_id
        self.assertNotIn(self.env.ref("base.public_partner"), people)
        self.assertFalse(complaint.message_partner_ids)
        self.assertFalse(
            self.env["mail.mail"].search([("model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)])
        )
        for key in ("complaint", "nonconformity", "improvement"):
            with self.assertRaisesRegex(UserError, "cannot be taken further"):
                feedback.action_convert(key)
        edges = feedback.trace()["edges"]
        self.assertIn(
            (f"sqms.feedback,{feedback.id}", f"helpdesk.ticket,{complaint.id}"),
            [(edge["source"], edge["target"]) for edge in edges],
        )

    def test_who_gave_a_name_keeps_it_in_the_complaint(self):
        feedback = self._received(seed="n", person_name="Wang Li", email="wang.li@example.com").with_user(self.handler)
        feedback.action_convert("complaint")
        self.assertRecordValues(
            feedback.complaint_id,
            [
                {
                    "complaint_is_anonymous": False, "partner_name": "Wang Li", "partner_email": "wang.li@example.com",
                    "complaint_contact": "email",
                }
            ],
        )  # fmt: skip

    def test_link_is_written_by_the_step_alone(self):
        feedback = self._received(seed="l").with_user(self.handler)
        with self.assertRaises(UserError):
            feedback.complaint_id = self._create_complaint()
        plain = self._create_user("sqms_feedback_plain", "sqms_base.group_sqms_officer")
        with self.assertRaises(UserError):
            feedback.with_user(plain).action_convert("complaint")
