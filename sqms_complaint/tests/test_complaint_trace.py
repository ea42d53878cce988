from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintTrace(ComplaintCase):
    """A complaint is where a story begins."""

    def test_complaint_stands_at_the_beginning(self):
        complaint = self._create_complaint(complaint_category_id=self.subcategory.id)
        graph = complaint.with_user(self.officer).trace()
        (node,) = graph["nodes"]
        self.assertEqual((node["lane"], node["rank"], node["kind"]), ("happened", 10, "Complaint"))
        self.assertEqual((node["number"], node["title"]), (complaint.number, complaint.name))
        self.assertEqual(node["badge"]["text"], "Received")
        self.assertIn("Double charge", node["detail"])
        self.assertTrue(node["date"])
        self.assertFalse(graph["edges"] or graph["gates"])

    def test_card_holds_no_customer(self):
        complaint = self._create_complaint()
        self.assertNotIn("Wang Li", str(complaint.with_user(self.officer).trace_screen()))

    def test_plain_ticket_has_no_part_in_it(self):
        ticket = self._create_ticket()
        self.assertFalse(self.env["helpdesk.ticket"].browse(ticket.id).filtered_domain(ticket._trace_domain()))
        self.assertTrue(ticket.with_user(self.officer).trace()["nodes"][0]["root"])

    def test_confidential_complaint_is_refused_to_others(self):
        complaint = self._create_complaint(complaint_is_confidential=True)
        self.assertTrue(complaint.with_user(self.agent).trace())
        for user in (self.agent_all, self.employee):
            with self.assertRaises(AccessError):
                complaint.with_user(user).trace()

    def test_customer_traces_nothing(self):
        complaint = self._create_complaint(partner_id=self.portal.partner_id.id)
        own = complaint.with_user(self.portal)
        self.assertTrue(own.has_access("read"))
        for method in ("trace", "trace_screen", "trace_svg", "action_trace"):
            with self.assertRaises(AccessError):
                getattr(own, method)()
        with self.assertRaises(AccessError):
            own.read(["trace_count"])

    def test_complaint_form_has_the_button(self):
        view = self.env.ref("sqms_complaint.helpdesk_ticket_view_form_complaint")
        arch = self.env["helpdesk.ticket"].with_user(self.agent).get_view(view.id, "form")["arch"]
        self.assertEqual(arch.count('name="action_trace"'), 1)
        self.assertIn("not id or not is_complaint", arch)
