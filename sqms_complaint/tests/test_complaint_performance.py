from odoo.tests import tagged
from odoo.tools import SQL

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintPerformance(ComplaintCase):
    """What SQMS adds to a ticket, measured against the plain ticket of the same database."""

    def _queries(self, work):
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _create(self, number, **values):
        values = [self._prepare_complaint_values(user_id=False, **values) for _ in range(number)]
        return self._queries(lambda: self.env["helpdesk.ticket"].create(values))

    def test_one_complaint_costs_at_most_three_queries_more_than_a_ticket(self):
        self._create(1), self._create(1, is_complaint=False)
        self.assertLessEqual(self._create(1), self._create(1, is_complaint=False) + 3)

    def test_with_deadlines_ledger_and_acknowledgement_it_costs_at_most_32_queries(self):
        channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web")
        values = self._prepare_complaint_values(user_id=False, channel_id=channel.id)

        def receive():
            complaint = self.env["helpdesk.ticket"].create(dict(values))
            complaint._acknowledge_on_receipt()
            return complaint

        receive()
        self.assertLessEqual(self._queries(receive), 32)
        complaint = receive()
        self.assertEqual(complaint.complaint_state, "acknowledged")
        self.assertTrue(complaint.complaint_ack_on_time)
        self.assertEqual(len(complaint.clock_ids), 5)
        self.assertIn("transition", complaint.sqms_history().mapped("event"))
        notices = self.env["sqms.complaint.notice"].search([("ticket_id", "=", complaint.id)])
        self.assertEqual(notices.mapped("letter"), ["acknowledgement"])

    def test_the_rules_ask_nothing_for_a_complaint_that_is_made(self):
        complaints = self._create_complaints(20, complaint_category_id=self.subcategory.id)
        complaints._clock_steps()
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.assertTrue(all(complaints._clock_steps().values()))
        self.assertEqual(self.cr.sql_log_count, before)

    def test_another_category_for_many_costs_the_same(self):
        urgent = self.env["sqms.complaint.category"].create({"name": "Urgent"})
        policy = self.env["sqms.clock.policy"].create({
            "name": "Urgent", "code": "urgent", "res_model": "helpdesk.ticket",
            "step_ids": [
                (0, 0, {"name": name, "code": name, "unit": "work_hours", "target": 3600 * hours,
                        "start_states": "create", "stop_states": "acknowledged,closed"})
                for name, hours in (("ack", 2), ("visit", 8))
            ],
        })  # fmt: skip
        policy.action_transition("verify")
        self.env["sqms.complaint.regime"].create(
            {"name": "Urgent", "sequence": 5, "policy_code": "urgent", "category_ids": [(6, 0, urgent.ids)]}
        )

        def change(number):
            complaints = self._create_complaints(number).with_context(tracking_disable=True)
            return self._queries(lambda: complaints.write({"complaint_category_id": urgent.id}))

        change(2)
        few = change(5)
        self.assertLessEqual(change(10), few)

    def test_a_batch_costs_no_more_than_a_batch_of_tickets(self):
        self._create(1), self._create(1, is_complaint=False)
        for number in (20, 40):
            self.assertLessEqual(self._create(number), self._create(number, is_complaint=False) + 8, number)

    def test_what_we_add_to_a_batch_does_not_grow_with_it(self):
        self._create(1), self._create(1, is_complaint=False)
        tickets = self._create(40, is_complaint=False) - self._create(20, is_complaint=False)
        complaints = self._create(40) - self._create(20)
        self.assertLessEqual(complaints, tickets)

    def test_plain_tickets_cost_what_they_cost_without_us(self):
        # helpdesk_mgmt alone: ten queries for each ticket of a batch, and one UPDATE for a changed title.
        self._create(1, is_complaint=False)
        grown = self._create(40, is_complaint=False) - self._create(20, is_complaint=False)
        self.assertLessEqual(grown, 20 * 10)
        ticket = self._create_ticket(user_id=False)
        self.assertLessEqual(self._queries(lambda: ticket.write({"name": "Another title"})), 1 + 2)

    def test_numbers_of_a_batch_are_drawn_in_one_query(self):
        def draw(number):
            vals_list = [
                {"company_id": self.company.id, "complaint_received_at": "2026-05-05 00:00:00"} for _ in range(number)
            ]
            return self._queries(lambda: self.env["helpdesk.ticket"]._draw_complaint_numbers(vals_list))

        draw(1)
        self.assertEqual(draw(1), draw(200))

    def test_a_step_for_many_costs_no_more_questions(self):
        def acknowledge(number):
            complaints = self._create_complaints(number, partner_id=False).with_context(tracking_disable=True)
            return self._queries(lambda: complaints.action_transition("acknowledge"))

        acknowledge(1)
        self.assertLessEqual(acknowledge(20) - acknowledge(10), 10, "one note each, nothing else")

    def test_list_board_and_form_do_not_ask_per_record(self):
        views = {
            "list": [
                "number",
                "complaint_customer",
                "complaint_waiting",
                "complaint_category_id",
                "complaint_is_safety",
            ],
            "board": ["complaint_highlight", "complaint_turn", "complaint_amount", "complaint_customer"],
            "form": ["workflow_steps", "complaint_same_customer_count", "complaint_mail_hint"],
        }
        complaints = self._create_complaints(20, complaint_category_id=self.subcategory.id)
        for view, names in views.items():
            self._queries(lambda names=names: complaints[:1].read(names))
            few = self._queries(lambda names=names: complaints[:5].read(names))
            many = self._queries(lambda names=names: complaints.read(names))
            self.assertEqual(few, many, view)

    def _plan(self, domain, order, limit):
        """How PostgreSQL would find these records if there were many of them."""
        self.env.flush_all()
        query = self.env["helpdesk.ticket"]._search(domain, order=order, limit=limit)
        self.cr.execute("SET LOCAL enable_seqscan = off")
        self.cr.execute("SET LOCAL enable_bitmapscan = off")
        self.cr.execute("SET LOCAL enable_sort = off")
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        return "\n".join(row for (row,) in rows)

    def test_the_list_is_read_from_its_index(self):
        plan = self._plan([("is_complaint", "=", True)], "complaint_received_at desc, id desc", 80)
        self.assertIn("complaint_register_idx", plan)

    def test_what_is_overdue_is_read_from_its_index(self):
        overdue = [("is_complaint", "=", True), ("clock_due_at", "<", "2026-09-01 00:00:00")]
        self.assertRegex(self._plan(overdue, "clock_due_at, id", 80), r"Index (Only )?Scan using \w*due")
        mine = [*overdue, ("user_id", "=", self.agent.id)]
        # Among a few tickets another index would do as well.
        self.cr.execute("DROP INDEX helpdesk_ticket__clock_due_at_index, helpdesk_ticket_complaint_due_idx")
        self.assertIn("complaint_mine_due_idx", self._plan(mine, "clock_due_at", 80))

    def test_a_column_of_the_board_is_read_from_its_index(self):
        plan = self._plan(
            [("is_complaint", "=", True), ("complaint_state", "=", "received")],
            "priority desc, complaint_received_at",
            40,
        )
        self.assertIn("complaint_board_idx", plan)
