from odoo.tests import HttpCase, tagged

from odoo.addons.sqms_base.lib import public_code

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestComplaintTour(ComplaintCase, HttpCase):
    """From the call to the closed case, in the browser, in both languages, and without a mouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zhao = cls._create_user(
            "sqms_tour_agent", "helpdesk_mgmt.group_helpdesk_user_team", lang="en_US", name="Agent Zhao", tz="UTC"
        )
        cls.team.user_ids = cls.zhao
        cls.customer.phone = "+86 138 0013 6620"
        cls.env["sqms.complaint.category"].create({"name": "Tour charge"})
        cls._create_complaint(name="Charged for a visit that was none", complaint_lang="en_US")

    def _take_call(self, tour):
        before = self.env["helpdesk.ticket"].search([])
        self.start_tour("/odoo/sqms-complaints", tour, login="sqms_tour_agent")
        complaint = self.env["helpdesk.ticket"].search([]) - before
        self.assertEqual(len(complaint), 1)
        return complaint

    def _check_closed(self, complaint):
        self.assertEqual(complaint.complaint_state, "closed")
        self.assertEqual(complaint.user_id, self.zhao)
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertEqual(complaint.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone"))
        self.assertEqual(complaint.complaint_decision, "partly")
        self.assertEqual(complaint.complaint_close_reason, "accepted")
        self.assertTrue(complaint.complaint_access_digest)
        self.assertTrue(public_code.check_word("plum blossom", complaint.sudo().complaint_word_hash))
        audiences = complaint.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(set(audiences.mapped("complaint_audience")), {"sent", "internal"})
        self.assertFalse(self.env["sqms.complaint.intake"].search([]), "nothing stays of the dialog")

    def test_a_call_is_taken_down_and_led_to_closure(self):
        self._check_closed(self._take_call("sqms_complaint_phone_to_closure"))

    def test_a_call_is_taken_down_and_led_to_closure_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["web", "mail", "helpdesk_mgmt", "sqms_base", "sqms_complaint"], ["zh_CN"]
        )
        self.zhao.lang = "zh_CN"
        self._check_closed(self._take_call("sqms_complaint_phone_to_closure"))

    def test_a_call_is_taken_down_by_keyboard_alone(self):
        complaint = self._take_call("sqms_complaint_phone_keyboard")
        self.assertEqual((complaint.name, complaint.complaint_state), ("Cold again", "acknowledged"))
        self.assertEqual(complaint.partner_id, self.customer)
