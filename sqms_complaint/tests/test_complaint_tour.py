from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestComplaintTour(ComplaintCase, HttpCase):
    def test_an_agent_takes_a_complaint_from_the_board_to_closure(self):
        agent = self._create_user(
            "sqms_tour_agent", "helpdesk_mgmt.group_helpdesk_user_team", lang="en_US", name="Agent Zhao", tz="UTC"
        )
        self.team.user_ids = agent
        self.env["sqms.complaint.category"].create({"name": "Tour charge"})
        complaint = self._create_complaint(
            user_id=False,
            complaint_lang="en_US",
            complaint_received_at=fields.Datetime.now() - timedelta(days=2, hours=1),
        )
        self.start_tour("/odoo/sqms-complaints", "sqms_complaint_agent", login="sqms_tour_agent")
        self.assertEqual(complaint.complaint_state, "closed")
        self.assertEqual(complaint.user_id, agent)
        self.assertEqual(complaint.complaint_decision, "partly")
        letters = self.env["mail.mail"].search(
            [("model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id), ("email_to", "=", "wang.li@example.com")]
        )
        self.assertEqual(len(letters), 2)
        self.assertIn("The second payment goes back", "".join(letters.mapped("body_html")))
