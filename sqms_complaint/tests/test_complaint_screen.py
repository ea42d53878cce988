from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.api import Environment
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import ComplaintCase
from .complaint_many import fill_complaints


@tagged("post_install", "-at_install")
class TestComplaintScreen(ComplaintCase):
    """What agents see of a complaint: deadlines, messages, the board; and asking the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._create_complaint()

    # -- messages ------------------------------------------------------------------------------

    def test_each_message_says_who_reads_it(self):
        complaint = self.complaint.with_user(self.agent)
        note = complaint.message_post(body="Finance confirms.", subtype_xmlid="mail.mt_note", message_type="comment")
        sent = complaint.message_post(body="Thank you.", subtype_xmlid="mail.mt_comment", message_type="comment")
        complaint._complaint_customer_message("Here is my statement.", author=self.customer)
        said = complaint.message_ids[0]
        complaint._complaint_customer_message("I write without a name.")
        unnamed = complaint.message_ids[0]
        told = complaint._message_log(body="Reply due in 5 h")
        self.assertEqual(
            [message.complaint_audience for message in (note, sent, said, unnamed, told)],
            ["internal", "sent", "customer", "customer", False],
        )

    def test_messages_of_plain_tickets_say_nothing(self):
        ticket = self._create_ticket()
        posted = ticket.message_post(body="Hello", subtype_xmlid="mail.mt_comment", message_type="comment")
        self.assertFalse(posted.complaint_audience)

    def test_a_public_message_marked_internal_is_internal(self):
        posted = self.complaint.message_post(body="x", subtype_xmlid="mail.mt_comment", message_type="comment")
        posted.is_internal = True
        self.assertEqual(posted.complaint_audience, "internal")

    def test_a_chatter_of_many_messages_costs_no_more_queries(self):
        def audiences(number):
            messages = self.env["mail.message"].create(
                [
                    {"model": "helpdesk.ticket", "res_id": self.complaint.id, "message_type": "comment",
                     "subtype_id": self.env.ref("mail.mt_comment").id, "author_id": self.customer.id, "body": str(i)}
                    for i in range(number)
                ]
            )  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(set(messages.mapped("complaint_audience")), {"customer"})
            return self.cr.sql_log_count - before

        self.assertEqual(audiences(3), audiences(30))

    def test_the_files_of_the_customer_stand_on_the_case_and_ours_do_not(self):
        self.complaint._complaint_customer_post("Statement", [("statement.pdf", "application/pdf", b"%PDF-1")])
        self.complaint.with_user(self.agent).message_post(
            body="Terminal log", attachments=[("log.txt", b"14:12:08")], subtype_xmlid="mail.mt_note"
        )
        self.env["ir.attachment"].create(
            {"name": "slip.jpg", "raw": b"x", "res_model": "helpdesk.ticket", "res_id": self.complaint.id}
        )
        self.env.invalidate_all()
        self.assertEqual(self.complaint.complaint_file_ids.mapped("name"), ["statement.pdf", "slip.jpg"])

    # -- asking ----------------------------------------------------------------------------------

    def _ask(self, **values):
        return (
            self.env["sqms.complaint.ask"]
            .with_user(self.agent)
            .create({"ticket_id": self.complaint.id, "question": "Which card was it?", **values})
        )

    def test_a_question_holds_only_the_deadlines_that_may_wait(self):
        self._move(self.complaint, "acknowledged")
        ask = self._ask()
        self.assertIn("wang.li@example.com", ask.way)
        honouring = self.complaint._complaint_clocks_honouring()
        running = {badge["id"] for badge in self.complaint.clock_badges}
        self.assertTrue(honouring and running - set(honouring.ids), "some wait, some do not")
        for clock in self.env["sqms.clock"].browse(running):
            part = ask.waiting.split(".")[0 if clock in honouring else 1]
            self.assertIn(clock.step_id.name, part)
        ask.action_send()
        paused = {badge["id"] for badge in self.complaint.clock_badges if badge["paused"]}
        self.assertEqual(paused, set(honouring.ids))
        reasons = {badge.get("reason") for badge in self.complaint.clock_badges if badge["paused"]}
        self.assertEqual(reasons, {self.env.ref("sqms_base.sqms_clock_reason_customer").name})
        self.assertEqual(self.complaint.complaint_turn, "customer")
        self.assertEqual(self.complaint.message_ids[0].complaint_audience, "sent")

    def test_deadlines_go_on_when_the_customer_answers_or_a_step_is_taken(self):
        self._move(self.complaint, "investigating")
        self._ask().action_send()
        self.complaint._complaint_customer_message("The blue one.", author=self.customer)
        self.assertFalse(any(badge["paused"] for badge in self.complaint.clock_badges))
        self._ask().action_send()
        self._move(self.complaint, "decided")
        self.assertFalse(any(badge["paused"] for badge in self.complaint.clock_badges))

    def test_who_may_not_write_asks_nothing_and_closed_cases_are_not_asked(self):
        for user in (self.certifier, self.employee):
            with self.assertRaises(AccessError):
                self.env["sqms.complaint.ask"].with_user(user).create({"ticket_id": self.complaint.id, "question": "x"})
        ask = self._ask()
        self._move(self.complaint, "closed")
        with self.assertRaises(UserError):
            ask.action_send()

    def test_ask_is_no_highlighted_step_and_comes_after_the_legal_ones(self):
        self._move(self.complaint, "investigating")
        steps = self.complaint.with_user(self.agent).workflow_steps
        self.assertEqual(next(step["name"] for step in steps if not step["rare"]), "decide")
        named = [step["method"] for step in steps if step.get("method")]
        self.assertEqual(named[0], "action_ask_customer")
        self.assertTrue(all(step["rare"] for step in steps if step.get("method") in named[1:]))
        self.assertFalse(self.complaint.with_user(self.certifier).workflow_steps)

    # -- the board ---------------------------------------------------------------------------------

    def _set_due(self, complaint, delta, nearest=True):
        clock = complaint.sudo().clock_nearest_id or self.complaint.sudo().clock_nearest_id
        self.env.flush_all()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET clock_due_at = %s, clock_nearest_id = %s WHERE id = %s",
            [delta and fields.Datetime.now() + delta, nearest and clock.id or None, complaint.id],
        )
        complaint.invalidate_recordset()

    def test_the_bar_of_a_column_says_how_urgent_its_cases_are(self):
        cases = self._create_complaints(5, team_id=self.team.id, complaint_amount=100)
        wanted = [
            ("late", timedelta(hours=-1), True),
            ("soon", timedelta(hours=5), True),
            ("in_time", timedelta(days=4), True),
            ("paused", None, True),
            (False, None, False),
        ]
        for case, (_timing, delta, nearest) in zip(cases, wanted, strict=True):
            self._set_due(case, delta, nearest)
        self.assertEqual(cases.mapped("complaint_timing"), [timing for timing, _delta, _nearest in wanted])
        domain = [("id", "in", cases.ids)]
        colors = {"late": "danger", "soon": "warning", "in_time": "success", "paused": "info"}
        bar = self.env["helpdesk.ticket"].read_progress_bar(
            domain, "complaint_state", {"field": "complaint_timing", "colors": colors}
        )
        self.assertEqual(bar["received"], dict.fromkeys(colors, 1))
        for case, (timing, _delta, _nearest) in zip(cases, wanted, strict=True):
            found = self.env["helpdesk.ticket"].search([*domain, ("complaint_timing", "=", timing)])
            self.assertEqual(found, case, timing)
            others = self.env["helpdesk.ticket"].search([*domain, ("complaint_timing", "!=", timing)])
            self.assertEqual(others, cases - case, timing)

    def test_columns_after_the_investigation_are_folded_with_their_count(self):
        self._move(self.complaint, "decided")
        answer = (
            self.env["helpdesk.ticket"]
            .with_context(read_group_expand=True)
            .web_read_group(
                [("id", "=", self.complaint.id)],
                ["complaint_state"],
                ["complaint_amount:sum"],
                auto_unfold=True,
                unfold_read_specification={"name": {}},
            )
        )
        opened = {group["complaint_state"]: "__records" in group for group in answer["groups"]}
        self.assertEqual(
            opened,
            {"received": True, "acknowledged": True, "assessed": True, "investigating": True, "decided": False,
             "communicated": False, "implementing": False},
        )  # fmt: skip
        self.assertEqual(sum(group["__count"] for group in answer["groups"]), 1)

    def test_count_sum_and_bar_of_the_board_need_no_look_at_the_tickets(self):
        """With the rules of who reads what, for people of all teams, of their own team and for a manager."""
        colors = {"late": "danger", "soon": "warning", "in_time": "success", "paused": "info"}
        self.cr.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " LEFT JOIN pg_constraint k ON k.conindid = c.oid"
            " WHERE i.indrelid = 'helpdesk_ticket'::regclass AND k.oid IS NULL"
        )
        count_index = "helpdesk_ticket_complaint_count_idx"
        others = [name for (name,) in self.cr.fetchall() if name != count_index]
        fill_complaints(self.env, self.complaint, 500)
        # With so few rows another index is as good: the question is whether this one has all that is asked.
        self.cr.execute(SQL("DROP INDEX %s", SQL(", ").join(map(SQL.identifier, others))))
        for setting in ("enable_seqscan", "enable_bitmapscan"):
            self.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(setting)))
        for user in (self.agent, self.agent_all, self.manager):
            tickets = self.env["helpdesk.ticket"].with_user(user)
            domain = [("is_complaint", "=", True), ("complaint_is_my_team", "=", True),
                      ("complaint_state", "in", ("received", "decided"))]  # fmt: skip
            asked = self._grouping_queries(tickets, domain, colors)
            self.assertEqual(len(asked), 2)
            for query in asked:
                plan = "\n".join(row for (row,) in self.env.execute_query(SQL("EXPLAIN %s", query)))
                self.assertIn(f"Index Only Scan using {count_index}", plan, user.login)

    def test_the_bars_are_odoos_own(self):
        """Late, soon, later, paused and without a deadline, in several columns and by each reader."""
        fill_complaints(self.env, self.complaint, 60)
        self.env.flush_all()
        self.cr.execute(
            """UPDATE helpdesk_ticket
                  SET clock_due_at = CASE id % 5 WHEN 4 THEN NULL WHEN 3 THEN NULL
                                     ELSE now() AT TIME ZONE 'UTC' + (id % 5 - 0.5) * interval '1 day' END,
                      clock_nearest_id = CASE id % 5 WHEN 4 THEN NULL ELSE clock_nearest_id END
                WHERE is_complaint"""
        )
        self.env.invalidate_all()
        domain = [("is_complaint", "=", True)]
        for colors in ({"late": "danger", "soon": "warning", "in_time": "success", "paused": "info"}, {"soon": "x"}):
            bar = {"field": "complaint_timing", "colors": colors}
            for user in (self.agent, self.agent_all, self.manager):
                tickets = self.env["helpdesk.ticket"].with_user(user)
                rows = tickets._read_group(domain, ["complaint_state", "complaint_timing"], ["__count"])
                wanted = {}
                for state, timing, count in rows:
                    if timing in colors:
                        wanted.setdefault(str(state), dict.fromkeys(colors, 0))[timing] += count
                self.assertTrue(wanted)
                self.assertEqual(tickets.read_progress_bar(domain, "complaint_state", bar), wanted)
        self.assertEqual(tickets.read_progress_bar([("id", "=", 0)], "complaint_state", bar), {})

    def test_a_page_of_late_ones_is_chosen_and_counted_without_a_look_at_the_tickets(self):
        fill_complaints(self.env, self.complaint, 500)
        now = fields.Datetime.now()
        self.cr.execute("UPDATE helpdesk_ticket SET clock_due_at = %s - id * interval '1 minute'", [now])
        due_index = "helpdesk_ticket_complaint_due_idx"
        self.cr.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " LEFT JOIN pg_constraint k ON k.conindid = c.oid"
            " WHERE i.indrelid = 'helpdesk_ticket'::regclass AND k.oid IS NULL AND c.relname <> %s",
            [due_index],
        )
        others = [name for (name,) in self.cr.fetchall()]
        self.cr.execute(SQL("DROP INDEX %s", SQL(", ").join(map(SQL.identifier, others))))
        for setting in ("enable_seqscan", "enable_bitmapscan"):
            self.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(setting)))
        for user in (self.agent, self.agent_all, self.manager):
            tickets = self.env["helpdesk.ticket"].with_user(user)
            domain = [("is_complaint", "=", True), ("complaint_is_my_team", "=", True), ("clock_due_at", "<", now),
                      ("complaint_state", "in", ("received", "decided"))]  # fmt: skip
            asked, execute = [], Environment.execute_query

            def listen(env, query, asked=asked, execute=execute):
                asked.append(query)
                return execute(env, query)

            order = "complaint_received_at desc, id desc"
            with patch.object(Environment, "execute_query", listen):
                page = tickets.web_search_read(domain, {"name": {}}, limit=20, order=order, count_limit=10001)
            self.assertEqual(page["length"], tickets.search_count(domain))
            whole = tickets.search(domain, order=order)
            self.assertEqual([row["id"] for row in page["records"]], whole.ids[:20])
            searches = [query for query in asked if '"clock_due_at" <' in query.code]
            self.assertEqual(len(searches), 2)
            for query in searches:
                plan = "\n".join(row for (row,) in self.env.execute_query(SQL("EXPLAIN %s", query)))
                self.assertIn(f"Index Only Scan using {due_index}", plan, user.login)

    def _grouping_queries(self, tickets, domain, colors):
        """What the web client's two questions for the columns come to."""
        asked, execute = [], Environment.execute_query

        def listen(env, query):
            asked.append(query)
            return execute(env, query)

        sums = ["complaint_amount:sum", "complaint_currency_id:array_agg_distinct", "complaint_amount:sum_currency"]
        with patch.object(Environment, "execute_query", listen):
            tickets.formatted_read_group(domain, ["complaint_state"], ["__count", *sums])
            tickets.read_progress_bar(domain, "complaint_state", {"field": "complaint_timing", "colors": colors})
        return [query for query in asked if "GROUP BY" in query.code and "helpdesk_ticket" in query.code]

    def test_sums_of_money_are_odoos_own_whatever_the_currencies(self):
        """Without an amount, without a ticket, with rates, with two currencies among the companies."""
        yuan, dollar = self.env.ref("base.CNY"), self.env.ref("base.USD")
        (yuan | dollar).active = True
        second = self.env["res.company"].create({"name": "Second company"})
        companies = self.env["res.company"].sudo().with_context(active_test=False).search([])
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            [{"currency_id": currency.id, "name": "2020-01-01", "rate": rate, "company_id": company and company.id}
             for currency, rate, company in ((yuan, 8.0, False), (yuan, 7.25, self.env.company), (dollar, 1.1, False))]
        )  # fmt: skip
        tickets = self.env["helpdesk.ticket"].concat(
            *(self._create_complaint(complaint_amount=amount) for amount in (12.5, 7, 0.25, 0))
        )
        self.env.flush_all()
        self.cr.execute("UPDATE helpdesk_ticket SET complaint_amount = NULL WHERE id = %s", [tickets[-1].id])
        self.env.invalidate_all()
        own = ["complaint_amount:sum", "complaint_currency_id:array_agg_distinct", "complaint_amount:sum_currency"]

        def answers(chosen):
            domain = [("id", "in", chosen.ids)]
            by_state = self.env["helpdesk.ticket"]._read_group(domain, ["complaint_state"], own)
            return by_state, self.env["helpdesk.ticket"]._read_group(domain, [], own)

        for other in (yuan, dollar):
            # The currency of a company with entries is not changed by hand: only the question counts here.
            companies.flush_recordset()
            self.cr.execute("UPDATE res_company SET currency_id = %s", [yuan.id])
            self.cr.execute("UPDATE res_company SET currency_id = %s WHERE id = %s", [other.id, second.id])
            companies.invalidate_recordset()
            sole = self.env["helpdesk.ticket"]._complaint_sole_currency()
            self.assertEqual(sole, yuan if other == yuan else self.env["res.currency"])
            for chosen in (tickets, tickets[:2], tickets[2:], tickets[-1], tickets[:0]):
                ours = answers(chosen)
                with patch.object(
                    self.env.registry["helpdesk.ticket"], "_complaint_sole_currency", lambda model: model.browse()
                ):
                    self.assertEqual(ours, answers(chosen))

    def test_my_team_is_what_my_teams_have_and_what_nobody_has_yet(self):
        other = self._create_complaint(team_id=self.other_team.id, user_id=False)
        mine = self._create_complaint(team_id=self.team.id, user_id=False)
        homeless = self._create_complaint(team_id=False, user_id=False)
        everything = self.env["helpdesk.ticket"].with_user(self.agent_all)
        found = everything.search([("complaint_is_my_team", "=", True), ("id", "in", (other | mine | homeless).ids)])
        self.assertEqual(found, mine | homeless)
        manager = everything.with_user(self.manager)
        found = manager.search([("complaint_is_my_team", "=", True), ("id", "in", (other | mine | homeless).ids)])
        self.assertEqual(found, other | mine | homeless, "people of no team look after all")

    def test_which_complaint_of_its_customer_it_is(self):
        first, second, third = (
            self._create_complaint(
                partner_id=self.env["res.partner"].create({"name": "Zhou Peng"}).id if not index else None,
                complaint_received_at=fields.Datetime.now() - timedelta(days=90 - 30 * index),
            )
            for index in range(3)
        )
        (second | third).partner_id = first.partner_id
        self.env.invalidate_all()
        old = self._create_complaint(
            partner_id=first.partner_id.id, complaint_received_at=fields.Datetime.now() - timedelta(days=800)
        )
        self.assertEqual(
            [bool(case.complaint_occurrence) for case in (old, first, second, third)], [False, False, True, True]
        )
        self.assertIn("3", third.complaint_occurrence)

    def test_the_board_asks_the_same_for_five_and_for_fifty(self):
        names = {
            name: {}
            for name in ("name", "complaint_customer", "complaint_waiting", "complaint_short_number", "clock_badges",
                         "complaint_occurrence", "complaint_turn", "priority", "complaint_highlight",
                         "complaint_amount")
        }  # fmt: skip
        cases = self._create_complaints(50)

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.web_read(names)
            return self.cr.sql_log_count - before

        queries(cases[:1])
        self.assertEqual(queries(cases[:5]), queries(cases))

    # -- the form -------------------------------------------------------------------------------

    def test_the_form_opens_for_each_role_and_names_the_time_in_the_state(self):
        for user in (self.agent_own, self.agent, self.agent_all, self.officer, self.manager):
            self.complaint.user_id = user
            with Form(self.complaint.with_user(user), "sqms_complaint.helpdesk_ticket_view_form_complaint") as form:
                form.complaint_service = f"Order of {user.login}"
        self.assertIn("received", self.complaint.duration_tracking)
        self._move(self.complaint, "closed")
        self.assertNotIn("closed", self.complaint.duration_tracking)

    def test_at_most_five_tabs(self):
        arch = self.env["helpdesk.ticket"].get_view(
            self.env.ref("sqms_complaint.helpdesk_ticket_view_form_complaint").id, "form"
        )["arch"]
        pages = etree.fromstring(arch).xpath("//sheet/notebook/page")
        names = [page.get("name") for page in pages]
        self.assertLessEqual(len(names), 5, names)
        self.assertEqual(names[:3], ["what_happened", "investigation", "decision"])

    def test_how_to_reach_the_customer(self):
        self.complaint.write({"complaint_contact": "phone", "complaint_phone": "138 0013 6620"})
        self.complaint.complaint_best_time = "after 18:00"
        self.assertEqual(
            self.complaint.complaint_reach,
            {"icon": "fa-phone", "href": "tel:13800136620", "text": "138 0013 6620", "note": "after 18:00"},
        )
        self.complaint.complaint_contact = "none"
        self.assertFalse(self.complaint.complaint_reach["href"])
