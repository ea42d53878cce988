from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintNonconformity(ComplaintCase):
    """From a complaint to what went wrong in the house, and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = new_test_user(
            cls.env, "complaint_nc_quality",
            groups="sqms_base.group_sqms_officer,sqms_complaint.group_complaint_officer",
        )  # fmt: skip

    def _raise_from(self, complaints, **values):
        return self.env["sqms.nonconformity"].with_user(self.quality).create_from(complaints, **values)

    def test_grade_follows_the_complaint(self):
        plain = self._create_complaint(priority="1")
        urgent = self._create_complaint(priority="3")
        self.assertEqual(self._raise_from(plain).grade, "minor")
        raised = self._raise_from(urgent)
        self.assertEqual((raised.grade, raised.name, raised.company_id), ("major", urgent.name, urgent.company_id))
        self.category.is_safety = True
        safety = self._create_complaint(complaint_category_id=self.category.id)
        self.assertEqual(self._raise_from(safety).grade, "critical")

    def test_counted_on_each_of_its_complaints(self):
        complaints = self._create_complaint() | self._create_complaint() | self._create_complaint()
        raised = self._raise_from(complaints[:2])
        again = self._raise_from(complaints[0])
        seen = complaints.with_user(self.quality)
        self.assertEqual(seen.mapped("complaint_nonconformity_count"), [2, 1, 0])
        self.assertEqual(seen[0].action_open_nonconformities()["domain"], [("id", "in", (raised | again).ids)])
        self.assertEqual(seen[1].action_open_nonconformities()["res_id"], raised.id)

    def test_more_complaints_ask_no_more(self):
        complaints = self.env["helpdesk.ticket"]
        for _number in range(6):
            complaints |= self._create_complaint()
        for complaint in complaints:
            self._raise_from(complaint)
        self._raise_from(complaints)

        def queries(records):
            records.invalidate_model()
            self.env.flush_all()
            before = self.cr.sql_log_count
            records.mapped("complaint_nonconformity_count")
            return self.cr.sql_log_count - before

        seen = complaints.with_user(self.quality)
        queries(seen[:1])
        self.assertEqual(queries(seen[:1]), queries(seen))

    def test_who_may_not_read_it_hears_nothing_of_it(self):
        complaint = self._create_complaint()
        self._raise_from(complaint)
        self.assertEqual(complaint.with_user(self.agent).complaint_nonconformity_count, 0)

    def test_complaint_closed_to_a_person_is_no_source_for_him(self):
        complaint = self._create_complaint(complaint_is_confidential=True)
        with self.assertRaises(AccessError):
            self.env["sqms.nonconformity"].with_user(self.agent_all).create_from(complaint)

    def test_story_runs_from_the_complaint(self):
        complaint = self._create_complaint()
        raised = self._raise_from(complaint)
        graph = complaint.with_user(self.quality).trace()
        edges = {(edge["source"], edge["target"]) for edge in graph["edges"]}
        self.assertIn((f"helpdesk.ticket,{complaint.id}", f"sqms.nonconformity,{raised.id}"), edges)
