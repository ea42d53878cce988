import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_merge import MergeCase
from .figures import FiguresMixin


@tagged("post_install", "-at_install", "sqms_alone")
class TestMerge(FiguresMixin, MergeCase):
    """Two complaints that are one case, and back."""

    def test_what_was_said_and_is_to_be_done_moves_the_rest_stays(self):
        first, later = self._pair()
        self._furnish(first, "first")
        self._furnish(later, "later")
        later.message_subscribe(self.employee.partner_id.ids)
        remedy = self.env["sqms.complaint.remedy"].create({"name": "Refund", "ticket_id": later.id, "amount": 5})
        merge = self._merge(later, first)
        self.assertEqual((later.complaint_state, later.complaint_merged_into_id), ("merged", first))
        self.assertTrue(later.stage_id.closed)
        bodies = " ".join(first.message_ids.mapped("body"))
        for words in ("later: customer", "later: note", "first: customer", later.number):
            self.assertIn(words, bodies)
        self.assertNotIn("later: system", bodies)
        self.assertIn("later: system", " ".join(later.message_ids.mapped("body")))
        self.assertEqual(set(first.activity_ids.mapped("summary")), {"first", "later"})
        self.assertFalse(later.activity_ids)
        self.assertEqual(len(first.attachment_ids), 2)
        self.assertEqual(remedy.ticket_id, first)
        self.assertIn(self.employee.partner_id, first.message_partner_ids)
        self.assertEqual(set(later.clock_ids.mapped("status")), {"met"})
        self.assertFalse(later.clock_due_at)
        self.assertIn("running", first.clock_ids.mapped("status"))
        self.assertIn("Messages: 2", merge.moved_words)
        self.assertEqual((merge.user_id, merge.reason, merge.is_same_customer), (self.officer, "the same", True))
        self.assertEqual(first.complaint_merged_count, 1)
        self.assertFalse(later.complaint_waiting)
        for ticket, event in ((first, "merged"), (later, "transition")):
            self.assertEqual(ticket.sqms_history()[:1].event, event)

    def test_merged_and_undone_everything_is_as_before(self):
        first, later = self._pair()
        self._furnish(first, "first")
        self._furnish(later, "later")
        later.write({"complaint_turn": "customer", "complaint_reopen_reason": "said on the phone"})
        later.message_subscribe(self.employee.partner_id.ids)
        self.env["sqms.complaint.remedy"].create({"name": "Refund", "ticket_id": later.id, "amount": 5})
        self._move(later, "investigating")
        before = self._image(first | later)
        self._merge(later, first)
        self.assertNotEqual(self._image(first | later)["clocks"], before["clocks"])
        answer = first.message_post(body="said since then", message_type="comment")
        merge = later.with_user(self.officer)._merge_undo("they are two orders")
        after = self._image(first | later)
        self._assert_same(before, after)
        self.assertEqual(answer.res_id, first.id)
        self.assertEqual((merge.undone_by_id, merge.undo_reason), (self.officer, "they are two orders"))
        self.assertEqual(later.complaint_state, "investigating")
        self.assertFalse(later.complaint_merged_into_id)
        self._move(later, "decided")
        again = self._create_complaint(complaint_received_at=self.now - timedelta(minutes=30))
        self._merge(again, first)

    def test_no_indicator_sees_a_merge_that_was_undone_and_none_counts_the_duplicate(self):
        first = self._create_complaint(complaint_received_at=self.now - timedelta(hours=5), complaint_amount=30)
        self.env["sqms.complaint.remedy"].create({"name": "Refund", "ticket_id": first.id, "amount": 5})
        self._move(first, "investigating")
        alone = self._figures()
        self.assertGreater(len({code for code, _name, _domain in alone if code.startswith("C-")}), 10)
        later = self._create_complaint(
            complaint_received_at=self.now - timedelta(hours=1), complaint_amount=70, priority="3"
        )
        self._move(later, "investigating")
        apart = self._figures()
        self.assertNotEqual(apart, alone)
        self._merge(later, first)
        merged = self._figures()
        self.assertEqual({key: merged[key] for key in alone if merged[key] != alone[key]}, {})
        later.with_user(self.officer)._merge_undo("they are two orders")
        again = self._figures()
        self.assertEqual({key: again[key] for key in apart if again[key] != apart[key]}, {})

    def test_deadlines_go_on_as_if_never_stopped(self):
        first, later = self._pair()
        clocks = later.clock_ids.filtered(lambda clock: not clock.met_at)
        due, remaining, nearest = clocks.mapped("due_at"), clocks.mapped("remaining"), later.clock_due_at
        self.assertTrue(due)
        self._merge(later, first)
        self.assertTrue(all(clocks.mapped("met_at")))
        self.assertFalse(later.clock_due_at)
        later.with_user(self.officer)._merge_undo("no")
        self.assertEqual((clocks.mapped("due_at"), any(clocks.mapped("met_at"))), (due, False))
        for left, before in zip(clocks.mapped("remaining"), remaining, strict=True):
            self.assertAlmostEqual(left, before, delta=60)
        self.assertEqual(later.clock_due_at, nearest)
        for clock in clocks:
            self.assertEqual(clock.event_ids.mapped("kind").count("void"), 1)

    def test_duplicates_of_duplicates_and_undone_in_any_order(self):
        first, second = self._pair()
        third = self._create_complaint(complaint_received_at=self.now)
        for ticket, words in ((first, "one"), (second, "two"), (third, "three")):
            self._furnish(ticket, words)
        everything = first | second | third
        before = self._image(everything)
        for order in ((third, second), (second, third)):
            self._merge(third, second)
            self._merge(second, first)
            self.assertEqual((second | third).complaint_merged_into_id, first)
            self.assertEqual(set(first.activity_ids.mapped("summary")), {"one", "two", "three"})
            self.assertEqual(third._complaint_followed(), first)
            for ticket in order:
                ticket.with_user(self.officer)._merge_undo("no")
            after = self._image(everything)
            after["messages"] = {id_: row for id_, row in after["messages"].items() if id_ in before["messages"]}
            self._assert_same(before, after)

    def test_what_speaks_against_it(self):
        first, later = self._pair()
        other_customer = self._create_complaint(partner_id=False, partner_email="zhao@example.com")
        ticket = self._create_ticket()
        with self.assertRaisesRegex(UserError, "itself"):
            self._merge(later, later)
        with self.assertRaisesRegex(UserError, "no complaint"):
            self._merge(ticket, first)
        with self.assertRaisesRegex(UserError, "came first"):
            self._merge(first, later)
        with self.assertRaisesRegex(UserError, "different customers: an officer"):
            self._merge(other_customer, first, self.agent)
        with self.assertRaisesRegex(UserError, "please say why"):
            self._merge(other_customer, first, self.officer, " ")
        later.complaint_is_confidential = True
        with self.assertRaisesRegex(UserError, "is confidential"):
            later._merge_into(first, "x")
        later.complaint_is_confidential = False
        dispute = self.env["sqms.complaint.dispute"].create(
            {"ticket_id": later.id, "body_id": self.env["sqms.dispute.body"].create({"name": "12315"}).id}
        )
        with self.assertRaisesRegex(UserError, "outside body"):
            self._merge(later, first)
        self.cr.execute("DELETE FROM sqms_complaint_dispute WHERE id = %s", [dispute.id])
        remedy = self.env["sqms.complaint.remedy"].create({"name": "R", "ticket_id": later.id, "amount": 5})
        remedy._take_over_given(self.now, self.manager.id)
        with self.assertRaisesRegex(UserError, "was given already"):
            self._merge(later, first)
        answered = self._move(self._create_complaint(), "communicated")
        with self.assertRaisesRegex(UserError, "given an answer already"):
            self._merge(answered, first)
        closed = self._move(self._create_complaint(complaint_received_at=self.now - timedelta(days=3)), "closed")
        with self.assertRaisesRegex(UserError, "only open complaints"):
            self._merge(first, closed)
        second = self._create_complaint()
        self._merge(second, first)
        with self.assertRaisesRegex(UserError, "already"):
            self._merge(second, first)
        with self.assertRaisesRegex(UserError, "already"):
            self._merge(first, second)

    def test_other_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["helpdesk.ticket.team"].create({"name": "There", "company_id": company.id})
        here = self._create_complaint(complaint_received_at=self.now - timedelta(hours=5))
        there = self._create_complaint(team_id=team.id, user_id=False)
        with self.assertRaisesRegex(UserError, "different companies"):
            there._merge_into(here, "x")
        with self.assertRaises(AccessError):
            there.with_user(self.officer)._merge_into(here.with_user(self.officer), "x")

    def test_who_may(self):
        first, later = self._pair(team_id=self.other_team.id, user_id=False)
        for user in (self.agent, self.employee, self.certifier, self.portal):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                self._merge(later, first, user)
        self._merge(later, first, self.agent_all)
        for user in (self.agent_all, self.certifier, self.portal):
            with self.assertRaises(AccessError):
                later.with_user(user)._merge_undo("x")
        with self.assertRaisesRegex(UserError, "say why"):
            later.with_user(self.officer)._merge_undo(" ")
        record = self.env["sqms.complaint.merge"].search([("source_id", "=", later.id)])
        for user in (self.officer, self.manager):
            with self.assertRaises(UserError):
                record.with_user(user).write({"reason": "another"})
            with self.assertRaises(UserError):
                record.with_user(user).unlink()
        with self.assertRaises(UserError):
            record.undone_at = self.now
        with self.assertRaises(AccessError):
            record.with_user(self.employee).search([])
        self.assertEqual(record.with_user(self.certifier).search([("id", "=", record.id)]), record)
        self.assertFalse(record.with_user(self.agent).search([("id", "=", record.id)]), "of another team")
        later.with_user(self.officer)._merge_undo("x")
        with self.assertRaisesRegex(UserError, "not merged"):
            later.with_user(self.officer)._merge_undo("x")

    def test_by_no_other_way(self):
        first, later = self._pair()
        Ticket = self.env["helpdesk.ticket"]
        officer = later.with_user(self.officer)
        for values in (
            {"complaint_state": "merged"},
            {"complaint_merged_into_id": first.id},
            {"complaint_state": "merged", "complaint_merged_into_id": first.id},
            {"duplicate_id": first.id},
            {"stage_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id},
        ):
            for record in (later, officer):
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.write(values)
        with self.assertRaises(UserError):
            self._create_complaint(complaint_state="merged")
        with self.assertRaises(UserError):
            self._create_complaint(complaint_merged_into_id=first.id)
        with self.assertRaises(UserError):
            Ticket.with_context(default_complaint_merged_into_id=first.id).create(self._prepare_complaint_values())
        with self.assertRaises(UserError):
            self._create_complaint(duplicate_id=first.id)
        result = Ticket.with_user(self.officer).load(
            ["id", "complaint_merged_into_id/.id"],
            [[later.get_external_id()[later.id] or str(later.id), str(first.id)]],
        )
        self.assertTrue(result["messages"])
        wizard = self.env["helpdesk.ticket.duplicate.wizard"].with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Merge"):
            wizard.create({"ticket_id": later.id, "duplicate_of_id": first.id}).action_confirm()
        for name in ("merge", "unmerge"):
            with self.assertRaises(UserError):
                officer.action_transition(name)
        self._merge(later, first)
        for values in ({"complaint_state": "received"}, {"complaint_merged_into_id": False}, {"name": "x"}):
            with self.assertRaises(UserError), self.cr.savepoint():
                officer.write(values)
        with self.assertRaises(UserError):
            later.unlink()
        with self.assertRaises(UserError):
            first.unlink()
        copied = later.copy()
        self.assertEqual((copied.complaint_state, copied.complaint_merged_into_id.id), ("received", False))
        plain, other = self._create_ticket(), self._create_ticket()
        wizard.create({"ticket_id": plain.id, "duplicate_of_id": other.id}).action_confirm()
        self.assertEqual(plain.duplicate_id, other, "plain tickets are marked as ever")

    def test_customers_that_differ_keep_their_own_words(self):
        first = self._create_complaint(complaint_received_at=self.now - timedelta(hours=5))
        other = self._create_complaint(partner_id=self.portal.partner_id.id)
        self._furnish(other, "private")
        other.message_subscribe((self.portal.partner_id | self.employee.partner_id).ids)
        image = self._image(first | other)
        merge = self._merge(other, first, self.officer, "one broken machine")
        self.assertFalse(merge.is_same_customer)
        self.assertNotIn("private: customer", " ".join(first.message_ids.mapped("body")))
        self.assertIn("private: customer", " ".join(other.message_ids.mapped("body")))
        self.assertNotIn(self.portal.partner_id, first.message_partner_ids)
        self.assertIn(self.employee.partner_id, first.message_partner_ids)
        self.assertEqual(first.activity_ids.mapped("summary"), ["private"])
        self.assertEqual(other._complaint_followed(), other)
        self.assertFalse(first.with_user(self.portal).search([("id", "=", first.id)]))
        other.with_user(self.officer)._merge_undo("two machines")
        self._assert_same(image, self._image(first | other))

    def test_the_code_of_the_merged_one_opens_the_one_that_is_kept(self):
        first, later = self._pair()
        code = later._complaint_issue_code()
        first._complaint_set_word("lake")
        later._complaint_set_word("river")
        self._merge(later, first)
        Ticket = self.env["helpdesk.ticket"]
        found = Ticket._complaint_find(later.number, code, "river")
        self.assertTrue(found)
        self.assertFalse(Ticket._complaint_find(later.number, code, "lake"), "the word of the one that was named")
        opened = found._complaint_opened()
        self.assertEqual(opened, first)
        proof = opened._complaint_proof("ABCD")
        self.assertEqual(Ticket._complaint_from_proof(proof), (first, "ABCD"))
        self.assertIn(later.number, " ".join(first._complaint_public_messages().mapped("body")))
        self.assertFalse(Ticket._complaint_find(first.number, code, "lake"))
        later.with_user(self.officer)._merge_undo("no")
        self.assertEqual(Ticket._complaint_from_proof(proof), (later, "ABCD"))
        self.assertEqual(Ticket._complaint_find(later.number, code, "river"), later)

    def test_the_customer_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        first, later = self._pair(complaint_lang="en_US")
        self._merge(later, first)
        told = first._complaint_public_messages()[-1]
        self.assertIn(later.number, told.body)
        self.assertIn(self.customer, told.notified_partner_ids)

    def test_found_by_either_number(self):
        first, later = self._pair()
        self._merge(later, first)
        found = self.env["helpdesk.ticket"].with_user(self.agent).name_search(later.number)
        self.assertIn(later.id, [row[0] for row in found])
        domain = ["|", ("number", "ilike", later.number), ("complaint_merged_ids.number", "ilike", later.number)]
        self.assertEqual(set(self.env["helpdesk.ticket"].search(domain)), {first, later})

    def test_wizard_shows_and_does_it(self):
        first, later = self._pair()
        self._furnish(later, "later")
        values = {"ticket_id": first.id, "other_id": later.id, "reason": "same"}
        wizard = self.env["sqms.complaint.merge.wizard"].with_user(self.agent).create(values)
        self.assertEqual((wizard.source_id, wizard.target_id, wizard.refusal), (later, first, False))
        self.assertIn("Moves: Messages: 2", wizard.preview_words)
        action = wizard.action_merge()
        self.assertEqual((action["res_id"], later.complaint_state), (first.id, "merged"))
        undo = self.env["sqms.complaint.merge.undo"].with_user(self.officer)
        undo = undo.create({"ticket_id": later.id, "reason": "x"})
        self.assertIn("Messages: 2", undo.moved_words)
        undo.action_undo()
        self.assertEqual(later.complaint_state, "received")
        secret = self._create_complaint(complaint_is_confidential=True, user_id=self.officer.id)
        with self.assertRaises(AccessError):
            self.env["sqms.complaint.merge.wizard"].with_user(self.agent).create(
                {"ticket_id": first.id, "other_id": secret.id}
            ).read(["preview_words"])
        with self.assertRaises(AccessError):
            self.env["sqms.complaint.merge.wizard"].with_user(self.employee).create(values)

    def test_twice_the_messages_cost_no_more_questions(self):
        def cost(number):
            first, later = self._pair()
            self.env["mail.message"].create(
                [{"model": "helpdesk.ticket", "res_id": later.id, "message_type": "comment", "body": "x"}] * number
            )
            counts = []
            for work in (lambda: self._merge(later, first), lambda: later.with_user(self.officer)._merge_undo("no")):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                work()
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
            return counts

        cost(1)
        self.assertEqual(cost(20), cost(40))

    def test_any_case_any_order_comes_back(self):
        """Merges and undoings at random, with people writing in between; in the end all is as if nothing had been."""
        chance = random.Random(11)
        for _round in range(3):
            tickets = [
                self._create_complaint(
                    complaint_received_at=self.now - timedelta(hours=10 - hour),
                    partner_id=chance.choice((self.customer, self.portal.partner_id)).id,
                )
                for hour in range(4)
            ]
            for ticket in tickets:
                self._furnish(ticket, f"of {ticket.number}")
                if chance.random() < 0.5:
                    self._move(ticket, chance.choice(("acknowledged", "assessed", "investigating")))
            everything = self.env["helpdesk.ticket"].union(*tickets)
            before = self._image(everything)
            for _turn in range(12):
                ticket = chance.choice(tickets)
                if ticket.complaint_state == "merged":
                    ticket.with_user(self.officer)._merge_undo("at random")
                    continue
                open_ones = [one for one in tickets if one.complaint_state != "merged" and one.id < ticket.id]
                if open_ones:
                    self._merge(ticket, chance.choice(open_ones))
                for one in everything.filtered(lambda one: one.complaint_state == "merged"):
                    self.assertTrue(one.complaint_merged_into_id)
                    self.assertNotEqual(one.complaint_merged_into_id.complaint_state, "merged")
            merged = [ticket for ticket in tickets if ticket.complaint_state == "merged"]
            chance.shuffle(merged)
            for ticket in merged:
                ticket.with_user(self.officer)._merge_undo("the end")
            self._assert_same(before, self._image(everything))
