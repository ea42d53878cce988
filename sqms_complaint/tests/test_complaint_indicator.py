from odoo.tests import tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintIndicator(ComplaintCase):
    def _count(self, name):
        """What the indicator counts now, as (above the line, below the line)."""
        formula = self.env.ref(f"sqms_complaint.sqms_indicator_complaint_{name}")._formula()
        tickets = self.env[formula.model].with_context(active_test=False)
        return tickets.search_count(formula.domain & formula.numerator), tickets.search_count(formula.domain)

    def test_definitions_count_what_they_say(self):
        before = {name: self._count(name) for name in ("received", "closed", "upheld", "reopened")}
        complaints = self._create_complaints(4)
        self._create_ticket()
        self._move(complaints[:2], "closed")
        rejected = self._move(complaints[2], "investigating")
        rejected.write(
            {
                "complaint_decision": "rejected",
                "complaint_outcome": "explanation",
                "complaint_answer": "<p>No, and why.</p>",
                "complaint_reason": "<p>The order was late by the weather.</p>",
                "complaint_further": "<p>Please write to us once more.</p>",
            }
        )
        self._create_finding(rejected)
        rejected.action_transition("decide")
        complaints[0].complaint_reopen_reason = "Not paid"
        complaints[0].action_transition("reopen")
        self._move(complaints[0], "closed")
        more = {
            name: tuple(now - then for now, then in zip(self._count(name), before[name], strict=True))
            for name in before
        }
        self.assertEqual(more, {"received": (4, 4), "closed": (2, 4), "upheld": (2, 3), "reopened": (1, 2)})

    def test_what_customers_said_to_the_decision(self):
        before = self._count("accepted")
        complaints = self._create_complaints(4)
        for complaint, answer in zip(complaints, ("accepted", "objected", "accepted", False), strict=True):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE helpdesk_ticket SET complaint_customer_answer = %s WHERE id = %s",
                [answer or None, complaint.id],
            )
        self.env.invalidate_all()
        self.assertEqual(tuple(now - then for now, then in zip(self._count("accepted"), before, strict=True)), (2, 3))

    def test_complaints_are_counted_by_indexed_dates(self):
        source = self.env["sqms.indicator"]._get_indicator_sources()["helpdesk.ticket"]
        for name in ("complaint_received_at", "complaint_closed_at", "complaint_communicated_at"):
            self.assertIn(name, source["dates"])
            self.assertTrue(self.env["helpdesk.ticket"]._fields[name].index, name)
