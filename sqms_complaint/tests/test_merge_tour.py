from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestMergeTour(ComplaintCase, HttpCase):
    def test_an_officer_merges_two_complaints_and_takes_it_back(self):
        officer = self._create_user(
            "sqms_tour_officer", "sqms_complaint.group_complaint_officer", lang="en_US", name="Officer Qian", tz="UTC"
        )
        self.team.user_ids |= officer
        now = fields.Datetime.now()
        first, later = (
            self._create_complaint(complaint_received_at=now - timedelta(hours=hours), user_id=False)
            for hours in (5, 1)
        )
        later.message_post(body="Once more", message_type="comment")
        self.start_tour(f"/odoo/sqms-complaints/{later.id}", "sqms_complaint_merge", login="sqms_tour_officer")
        merge = self.env["sqms.complaint.merge"].search([("source_id", "=", later.id)])
        self.assertEqual((merge.target_id, merge.user_id, merge.undone_by_id), (first, officer, officer))
        self.assertEqual((merge.reason, merge.undo_reason), ("Called a second time", "Two orders after all"))
        self.assertEqual(later.complaint_state, "received")
        self.assertTrue(self.env["sqms.complaint.distinct"].search([("ticket_id", "=", first.id)]))
