from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from ..models.helpdesk_ticket import OPEN_STATES
from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintWay(ComplaintCase):
    def test_an_agent_takes_a_complaint_from_receipt_to_closure(self):
        complaint = self._create_complaint().with_user(self.agent)
        self.assertEqual(complaint.complaint_state, "received")
        self._move(complaint, "closed")
        self.assertTrue(complaint.complaint_acknowledged_at)
        self.assertTrue(complaint.complaint_communicated_at)
        self.assertTrue(complaint.complaint_closed_at)
        self.assertFalse(complaint.complaint_turn)

    def test_whoever_acknowledges_an_unassigned_complaint_becomes_its_handler(self):
        complaint = self._create_complaint(user_id=False)
        complaint.with_user(self.agent).action_transition("acknowledge")
        self.assertEqual(complaint.user_id, self.agent)

    def test_the_system_does_not_become_a_handler(self):
        complaint = self._create_complaint(user_id=False)
        complaint.action_transition("acknowledge")
        self.assertFalse(complaint.user_id)

    def test_assessment_needs_category_and_handler(self):
        complaint = self._move(self._create_complaint(), "acknowledged")
        with self.assertRaisesRegex(UserError, "Complaint category"):
            complaint.action_transition("assess")
        complaint.write({"complaint_category_id": self.category.id, "user_id": False})
        with self.assertRaisesRegex(UserError, "Assigned user"):
            complaint.action_transition("assess")

    def test_decision_needs_an_answer_with_words_in_it(self):
        complaint = self._move(self._create_complaint(), "investigating")
        complaint.write({"complaint_decision": "rejected", "complaint_outcome": "none"})
        with self.assertRaisesRegex(UserError, "Answer to the customer"):
            complaint.action_transition("decide")
        complaint.complaint_answer = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "Answer to the customer"):
            complaint.action_transition("decide")

    def test_nobody_closes_before_the_customer_was_answered(self):
        for state in ("received", "acknowledged", "assessed", "investigating", "decided"):
            complaint = self._create_complaint()
            if state != "received":
                self._move(complaint, state)
            with self.assertRaises(UserError), self.cr.savepoint():
                complaint.with_user(self.officer).action_transition("close")
            self.assertEqual(complaint.complaint_state, state)

    def test_withdrawal_says_how(self):
        complaint = self._create_complaint().with_user(self.agent)
        with self.assertRaisesRegex(UserError, "How it was withdrawn"):
            complaint.action_transition("withdraw")
        complaint.complaint_withdrawal = "By phone, 3 May"
        complaint.action_transition("withdraw")
        self.assertEqual(complaint.complaint_state, "withdrawn")
        self.assertTrue(complaint.closed)

    def test_an_officer_reopens_with_the_reason(self):
        complaint = self._move(self._create_complaint(), "closed")
        with self.assertRaises(AccessError):
            complaint.with_user(self.agent).action_transition("reopen")
        complaint = complaint.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Reason to reopen"):
            complaint.action_transition("reopen")
        complaint.complaint_reopen_reason = "The refund did not arrive."
        complaint.action_transition("reopen")
        self.assertEqual(complaint.complaint_state, "investigating")
        self.assertFalse(complaint.complaint_closed_at)
        self.assertFalse(complaint.closed_date)
        self.assertFalse(complaint.closed)
        self.assertEqual(complaint.complaint_reopen_count, 1)
        self._move(complaint, "closed")
        self.assertFalse(complaint.complaint_reopen_reason, "the next objection needs a reason of its own")

    def test_an_answer_that_the_customer_objects_to_is_given_anew(self):
        for state in ("communicated", "implementing"):
            complaint = self._move(self._create_complaint(), state)
            complaint.with_user(self.officer).complaint_reopen_reason = "The customer sent another receipt."
            complaint.with_user(self.officer).action_transition("reopen")
            self._move(complaint, "decided")
            complaint.complaint_answer = "<p>We look at the second receipt.</p>"
            self._move(complaint, "communicated")
            letters = complaint.sudo().letter_ids.filtered(lambda letter: letter.letter == "decision").sorted("id")
            self.assertEqual(len(letters), 2)
            self.assertIn("We send the second payment back.", str(letters[0].content), "the first letter stays")
            self.assertIn("We look at the second receipt.", str(letters[1].content))

    def test_after_words_alone_closing_is_next(self):
        complaint = self._move(self._create_complaint(), "decided")
        complaint.complaint_outcome = "explanation"
        self._move(complaint, "communicated")
        steps = [step["name"] for step in complaint.with_user(self.agent).transitions() if not step["rare"]]
        self.assertEqual(steps, ["close"])

    def test_turns_follow_the_steps(self):
        complaint = self._create_complaint()
        self.assertEqual(complaint.complaint_turn, "ours")
        self._move(complaint, "communicated")
        self.assertEqual(complaint.complaint_turn, "customer")
        self._move(complaint, "implementing")
        self.assertEqual(complaint.complaint_turn, "ours")

    def test_an_imported_complaint_keeps_its_dates(self):
        complaint = self._create_complaint(complaint_received_at="2024-03-01 08:00:00")
        with workflow_import(complaint, "from the old register"):
            complaint.write(
                {
                    "complaint_state": "closed",
                    "complaint_decision": "upheld",
                    "complaint_closed_at": "2024-03-09 10:00:00",
                }
            )
        self.assertEqual(complaint.complaint_closed_at, fields.Datetime.to_datetime("2024-03-09 10:00:00"))
        self.assertEqual(complaint.closed_date, complaint.complaint_closed_at)
        self.assertTrue(complaint.closed)
        self.assertIn("from the old register", "".join(complaint.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestComplaintStateIsNotBent(ComplaintCase):
    """Every way to another state than its step, as each role."""

    def _people(self):
        return self.agent_own, self.agent, self.agent_all, self.officer, self.manager, self.env.ref("base.user_admin")

    def test_nobody_writes_a_state(self):
        complaint = self._create_complaint()
        for person in self._people():
            for values in (
                {"complaint_state": "closed"},
                {"complaint_state": False},
                {"complaint_state": "closed", "name": "x", "complaint_closed_at": "2026-01-01 00:00:00"},
            ):
                owned = complaint
                owned.user_id = person if person in self.team.user_ids else self.agent
                with self.assertRaises(UserError, msg=person.login), self.cr.savepoint():
                    owned.with_user(person).write(values)
                    self.env.flush_all()
        complaint.invalidate_recordset()
        self.assertEqual(complaint.complaint_state, "received")

    def test_superuser_code_is_refused_as_well(self):
        complaint = self._create_complaint()
        with self.assertRaises(UserError):
            complaint.sudo().write({"complaint_state": "closed"})
        with self.assertRaises(UserError):
            complaint.sudo().complaint_state = "acknowledged"

    def test_no_complaint_is_born_in_a_later_state(self):
        values = self._prepare_complaint_values(complaint_state="closed")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["helpdesk.ticket"].with_user(self.agent).create(values)
        hostile = self.env["helpdesk.ticket"].with_user(self.agent).with_context(default_complaint_state="closed")
        complaint = hostile.create(self._prepare_complaint_values())
        self.assertEqual(complaint.complaint_state, "received")
        ticket = hostile.create(self._prepare_complaint_values(is_complaint=False))
        self.assertFalse(ticket.complaint_state)

    def test_stored_defaults_do_not_bring_a_state(self):
        self.env["ir.default"].set("helpdesk.ticket", "complaint_state", "closed")
        self.assertEqual(self._create_complaint().complaint_state, "received")
        self.assertFalse(self._create_ticket().complaint_state)

    def test_what_steps_write_is_not_brought_along(self):
        for name, value in (
            ("complaint_closed_at", "2026-01-01 00:00:00"),
            ("complaint_acknowledged_at", "2026-01-01 00:00:00"),
            ("complaint_communicated_at", "2026-01-01 00:00:00"),
            ("complaint_reopen_count", 3),
            ("complaint_former_number", "HT00001"),
        ):
            with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                self._create_complaint(**{name: value})
            with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                self.env["helpdesk.ticket"].with_context(**{f"default_{name}": value}).create(
                    self._prepare_complaint_values()
                )
                self.env.flush_all()
            with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                self._create_complaint().with_user(self.officer).write({name: value})

    def test_import_dialog_cannot_set_a_state(self):
        result = (
            self.env["helpdesk.ticket"]
            .with_user(self.agent_all)
            .load(
                ["name", "description", "is_complaint", "complaint_state"],
                [["Old one", "<p>text</p>", "True", "Closed"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_raw_constraint_keeps_complaint_and_state_together(self):
        ticket = self._create_ticket()
        for query in (
            "UPDATE helpdesk_ticket SET is_complaint = TRUE WHERE id = %s",
            "UPDATE helpdesk_ticket SET complaint_state = 'closed' WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(query, (ticket.id,))

    def test_every_step_from_a_wrong_state_is_refused(self):
        steps = self.env["helpdesk.ticket"]._workflow
        for state in OPEN_STATES:
            complaint = self._create_complaint(complaint_withdrawal="x")
            if state != "received":
                self._move(complaint, state)
            for step in steps:
                if state not in step.source:
                    with self.assertRaises(UserError, msg=f"{step.name} from {state}"), self.cr.savepoint():
                        complaint.action_transition(step.name)
            self.assertEqual(complaint.complaint_state, state)

    def test_roles_without_write_access_take_no_step(self):
        complaint = self._create_complaint()
        complaint.message_subscribe(partner_ids=(self.employee | self.portal).partner_id.ids)
        for person in (self.employee, self.portal, self.certifier, self.public):
            with self.assertRaises(AccessError, msg=person.login):
                complaint.with_user(person).action_transition("acknowledge")
            self.assertFalse(
                complaint.with_user(person).sudo(False).has_access("write"), "no step can be open without writing"
            )

    def test_an_agent_takes_no_step_on_a_complaint_of_another_team(self):
        complaint = self._create_complaint(team_id=self.other_team.id, user_id=False)
        for person in (self.agent_own, self.agent):
            with self.assertRaises(AccessError):
                complaint.with_user(person).action_transition("acknowledge")

    def test_unknown_steps_are_refused(self):
        with self.assertRaises(UserError):
            self._create_complaint().action_transition("_on_acknowledge")


@tagged("post_install", "-at_install")
class TestComplaintLock(ComplaintCase):
    def test_what_the_customer_was_told_stays(self):
        complaint = self._move(self._create_complaint(), "communicated").with_user(self.officer)
        for name, value in (
            ("complaint_decision", "rejected"),
            ("complaint_outcome", "none"),
            ("complaint_answer", "<p>Never mind.</p>"),
        ):
            with self.assertRaises(AccessError, msg=name), self.cr.savepoint():
                complaint.write({name: value})
        complaint.write({"complaint_decision": "upheld"})  # its present value harms nobody

    def test_a_closed_complaint_is_locked(self):
        for state in ("closed", "withdrawn"):
            complaint = self._create_complaint(complaint_withdrawal="By phone")
            if state == "closed":
                self._move(complaint, "closed")
            else:
                complaint.action_transition("withdraw")
            for person in (self.agent, self.officer, self.env.ref("base.user_admin")):
                for values in (
                    {"name": "Something else"},
                    {"description": "<p>Nothing happened.</p>"},
                    {"complaint_answer": "<p>Other words</p>"},
                    {"complaint_category_id": self.category.id},
                    {"user_id": False},
                    {"team_id": self.other_team.id},
                    {"stage_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new").id},
                    {"stage_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_rejected").id},
                    {"partner_id": False},
                    {"complaint_received_at": "2020-01-01 00:00:00"},
                    {"tag_ids": [Command.create({"name": "x"})]},
                ):
                    with self.assertRaises(AccessError, msg=f"{person.login}: {values}"), self.cr.savepoint():
                        complaint.with_user(person).write(values)
            complaint.write({"sequence": 3, "color": 2, "kanban_state": "done"})

    def test_mail_goes_on_in_a_closed_complaint(self):
        complaint = self._move(self._create_complaint(), "closed")
        complaint.write({"email_cc": "sister@example.com"})
        complaint.message_post(body="Thank you", message_type="comment")
        complaint.message_subscribe(partner_ids=self.employee.partner_id.ids)

    def test_closed_and_answered_complaints_are_not_deleted(self):
        for state in ("acknowledged", "decided", "closed"):
            complaint = self._move(self._create_complaint(), state)
            with self.assertRaises(AccessError, msg=state):
                complaint.with_user(self.manager).unlink()
        self._create_complaint().with_user(self.manager).unlink()

    def test_an_open_complaint_is_not_hidden(self):
        complaint = self._create_complaint()
        with self.assertRaises(ValidationError):
            complaint.with_user(self.officer).action_archive()
        self._move(complaint, "closed")
        complaint.with_user(self.officer).action_archive()
        self.assertFalse(complaint.active)


@tagged("post_install", "-at_install")
class TestRegister(ComplaintCase):
    def test_a_ticket_turns_out_to_be_a_complaint(self):
        ticket = self._create_ticket()
        former = ticket.number
        action = ticket.with_user(self.agent).action_register_complaint()
        self.assertTrue(ticket.is_complaint)
        self.assertEqual(ticket.complaint_state, "received")
        self.assertRegex(ticket.number, r"^C/\d{4}/\d{4}$")
        self.assertEqual(ticket.complaint_former_number, former)
        self.assertEqual(ticket.complaint_received_at, ticket.create_date.replace(microsecond=0))
        self.assertEqual(ticket.partner_email, "wang.li@example.com")
        self.assertEqual(action["res_id"], ticket.id)
        self.assertIn(former, "".join(ticket.message_ids.mapped("body")))

    def test_a_closed_ticket_is_open_again_as_a_complaint(self):
        ticket = self._create_ticket(stage_id=self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id)
        ticket.action_register_complaint()
        self.assertFalse(ticket.closed)
        self.assertFalse(ticket.closed_date)

    def test_several_at_once_get_a_number_each(self):
        tickets = self._create_ticket() | self._create_ticket() | self._create_ticket()
        tickets.with_user(self.agent).action_transition("register")
        self.assertEqual(len(set(tickets.mapped("number"))), 3)

    def test_nobody_writes_or_clears_the_mark(self):
        ticket, complaint = self._create_ticket(), self._create_complaint()
        for person in (self.agent, self.officer, self.manager, self.env.user):
            with self.assertRaises(UserError), self.cr.savepoint():
                ticket.with_user(person).write({"is_complaint": True})
            with self.assertRaises(UserError), self.cr.savepoint():
                ticket.with_user(person).write({"is_complaint": True, "complaint_state": "received"})
            with self.assertRaises(UserError), self.cr.savepoint():
                complaint.with_user(person).write({"is_complaint": False})
        ticket.write({"is_complaint": False})
        complaint.write({"is_complaint": True})

    def test_portal_registers_nothing(self):
        ticket = self._create_ticket(partner_id=self.portal.partner_id.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.portal).action_register_complaint()

    def test_a_copy_of_a_complaint_starts_anew(self):
        complaint = self._move(self._create_complaint(), "closed")
        copy = complaint.copy()
        self.assertTrue(copy.is_complaint)
        self.assertEqual(copy.complaint_state, "received")
        self.assertNotEqual(copy.number, complaint.number)
        self.assertFalse(copy.complaint_closed_at)
        self.assertFalse(copy.complaint_answer)
        self.assertFalse(copy.closed)


@tagged("post_install", "-at_install")
class TestComplaintForm(ComplaintCase):
    def test_an_agent_takes_down_a_phone_complaint(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.helpdesk_ticket_action_complaint")
        self.assertIn("default_is_complaint", action["context"])
        tickets = self.env["helpdesk.ticket"].with_user(self.agent).with_context(default_is_complaint=True)
        with Form(tickets, view="sqms_complaint.helpdesk_ticket_view_form_complaint") as form:
            self.assertEqual(form.complaint_state, "received")
            form.name = "Technician did not come"
            form.description = "<p>I waited all morning.</p>"
            form.partner_id = self.customer
            form.complaint_received_at = fields.Datetime.now() - timedelta(hours=2)
        complaint = form.record
        self.assertEqual(complaint.complaint_state, "received")
        self.assertRegex(complaint.number, r"^C/")
        self.assertEqual(complaint.partner_email, "wang.li@example.com")

    def test_a_complaint_opens_in_its_own_form(self):
        own = self.env.ref("sqms_complaint.helpdesk_ticket_view_form_complaint").id
        self.assertEqual(self._create_complaint().get_formview_id(), own)
        self.assertNotEqual(self._create_ticket().get_formview_id(), own)

    def test_the_next_step_is_offered_to_the_agent_alone(self):
        complaint = self._create_complaint()
        steps = {step["name"]: step for step in complaint.with_user(self.agent).transitions()}
        self.assertEqual(set(steps), {"acknowledge", "withdraw"})
        self.assertTrue(steps["acknowledge"]["allowed"])
        self.assertFalse(steps["withdraw"]["allowed"])
        self.assertFalse(complaint.with_user(self.certifier).transitions())

    def test_how_long_the_customer_waits(self):
        now = fields.Datetime.now()
        for span, words in (
            (timedelta(minutes=20, seconds=5), "waits 20 min"),
            (timedelta(hours=3, seconds=5), "waits 3 h"),
            (timedelta(days=13, seconds=5), "waits 13 d"),
        ):
            self.assertEqual(self._create_complaint(complaint_received_at=now - span).complaint_waiting, words)

    def test_the_board_shows_open_states_even_if_empty(self):
        groups = self.env["helpdesk.ticket"].web_read_group(
            [("is_complaint", "=", True), ("team_id", "=", self.team.id)], ["complaint_state"], ["__count"]
        )["groups"]
        self.assertFalse(groups)
        complaint = self._create_complaint()
        groups = (
            self.env["helpdesk.ticket"]
            .with_context(read_group_expand=True)
            .web_read_group([("id", "=", complaint.id)], ["complaint_state"], ["__count"])["groups"]
        )
        self.assertEqual([group["complaint_state"] for group in groups], list(OPEN_STATES))
