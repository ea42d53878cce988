from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.helpdesk_ticket_import import importing
from .common import ComplaintCase

REFUSED = UserError  # AccessError and ValidationError are its kinds


@tagged("post_install", "-at_install")
class TestObjectivity(ComplaintCase):
    """The handler is never a person complained about, by whatever way either of them comes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Employee = cls.env["hr.employee"]
        cls.zhao = Employee.create({"name": "Zhao", "user_id": cls.agent.id, "company_id": cls.company.id})
        cls.boss = Employee.create({"name": "Boss", "user_id": cls.officer.id, "company_id": cls.company.id})
        cls.qian = Employee.create({"name": "Qian", "company_id": cls.company.id})

    def _about(self, employee, **values):
        values = {"user_id": False, "complaint_person_ids": [Command.set(employee.ids)], **values}
        return self._create_complaint(**values)

    def test_not_by_writing_on_either_side(self):
        complaint = self._about(self.zhao)
        for person in (self.agent_all, self.officer, self.manager, self.env.user):
            with self.assertRaisesRegex(REFUSED, "Zhao|agent|about"), self.cr.savepoint():
                complaint.with_user(person).write({"user_id": self.agent.id})
        complaint.user_id = self.agent_all
        other = self._create_complaint()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            other.with_user(self.officer).complaint_person_ids = self.zhao
        with self.assertRaises(ValidationError), self.cr.savepoint():
            other.with_user(self.officer).write({"complaint_person_ids": [Command.link(self.zhao.id)]})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            complaint.sudo().user_id = self.agent
        other.with_user(self.officer).write(
            {"user_id": self.agent_all.id, "complaint_person_ids": [Command.link(self.zhao.id)]}
        )
        self.assertEqual(other.user_id, self.agent_all)

    def test_not_by_a_login_that_the_employee_gets_later(self):
        complaint = self._create_complaint(user_id=self.agent_all.id, complaint_person_ids=[Command.set(self.qian.ids)])
        with self.assertRaisesRegex(ValidationError, complaint.number), self.cr.savepoint():
            self.qian.user_id = self.agent_all
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.qian.resource_id.user_id = self.agent_all
            self.env.flush_all()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.agent_all.write({"employee_ids": [Command.link(self.qian.id)]})
            self.env.flush_all()
        complaint.user_id = self.agent
        self.qian.user_id = self.agent_all
        self.assertEqual(self.qian.user_id, self.agent_all)

    def test_an_archived_employee_counts(self):
        self.zhao.active = False
        complaint = self._about(self.zhao)
        with self.assertRaises(ValidationError):
            complaint.user_id = self.agent

    def test_not_when_it_is_made(self):
        values = self._prepare_complaint_values(complaint_person_ids=[Command.set(self.zhao.ids)])
        for person in (self.officer, self.env.user):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["helpdesk.ticket"].with_user(person).create(dict(values))
        hostile = self.env["helpdesk.ticket"].with_user(self.officer)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            hostile.with_context(default_complaint_person_ids=[Command.set(self.zhao.ids)]).create(
                self._prepare_complaint_values()
            )
            self.env.flush_all()
        del values["user_id"]
        left_out = hostile.with_context(default_user_id=self.agent.id).create(dict(values))
        self.assertFalse(left_out.user_id, "the system's own proposal passes over the person")
        self.company.helpdesk_mgmt_ticket_auto_assign = True
        values["complaint_person_ids"] = [Command.set(self.boss.ids)]
        del values["team_id"]
        self.assertFalse(hostile.create(dict(values)).user_id)
        values["complaint_person_ids"] = False
        self.assertEqual(hostile.create(dict(values)).user_id, self.officer)

    def test_not_by_the_import_dialog(self):
        complaint = self._about(self.zhao)
        xmlid = complaint._export_rows([["id"]])[0][0]
        load = self.env["helpdesk.ticket"].with_user(self.officer).load
        result = load(["id", "user_id/.id"], [[xmlid, str(self.agent.id)]])
        self.assertFalse(result["ids"])
        result = load(
            ["name", "description", "is_complaint", "user_id/.id", "complaint_person_ids/.id"],
            [["New one", "<p>text</p>", "True", str(self.agent.id), str(self.zhao.id)]],
        )
        self.assertFalse(result["ids"])
        with importing(), self.assertRaises(ValidationError), self.cr.savepoint():
            self._create_complaint(complaint_person_ids=[Command.set(self.zhao.ids)])

    def test_not_in_the_form_nor_the_list(self):
        complaint = self._about(self.zhao)
        form = Form(complaint.with_user(self.officer), view="sqms_complaint.helpdesk_ticket_view_form_complaint")
        with self.assertLogs("odoo.tests.form", "WARNING") as caught:
            form.user_id = self.agent
        self.assertIn("about this person", caught.output[0])
        with self.assertRaises(ValidationError), self.cr.savepoint():
            form.save()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            complaint.with_user(self.officer).web_save({"user_id": self.agent.id}, {"user_id": {}})

    def test_not_by_server_action_or_taking_it(self):
        complaint = self._about(self.zhao)
        action = self.env["ir.actions.server"].create(
            {
                "name": "Give it away",
                "model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "state": "code",
                "code": f"records.sudo().write({{'user_id': {self.agent.id}}})",
            }
        )
        for person in (self.env.user, self.env.ref("base.user_admin")):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                action.with_user(person).with_context(
                    active_model="helpdesk.ticket", active_ids=complaint.ids, active_id=complaint.id
                ).run()
        with self.assertRaises(AccessError), self.cr.savepoint():
            complaint.with_user(self.agent).assign_to_me()
        self.assertFalse(complaint.user_id)

    def test_whoever_is_complained_about_takes_no_step_and_writes_nothing(self):
        complaint = self._about(self.zhao)
        seen = complaint.with_user(self.agent)
        self.assertEqual(seen.transitions(), [])
        with self.assertRaisesRegex(AccessError, "about you"), self.cr.savepoint():
            seen.action_transition("acknowledge")
        with self.assertRaisesRegex(UserError, "about you"), self.cr.savepoint():
            seen.sudo().action_transition("acknowledge")
        for values in ({"name": "x"}, {"complaint_turn": "third"}, {"complaint_answer": "<p>x</p>"}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                seen.write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._create_finding(seen)
        about_boss = self._about(self.boss, team_id=False)
        with self.assertRaises(AccessError), self.cr.savepoint():
            about_boss.with_user(self.officer).complaint_person_ids = False
        with self.assertRaises(AccessError), self.cr.savepoint():
            about_boss.with_user(self.officer).unlink()
        complaint.user_id = self.agent_all
        for state in ("decided", "communicated", "closed"):
            before = "investigating" if state == "decided" else complaint.complaint_state
            self._move(complaint, before)
            with self.assertRaises(UserError), self.cr.savepoint():
                self._move(complaint.with_user(self.agent), state)
            self._move(complaint, state)

    def test_not_by_merging(self):
        kept = self._create_complaint(complaint_received_at=fields.Datetime.now() - timedelta(days=1))
        complaint = self._about(self.zhao)
        with self.assertRaisesRegex(UserError, "names them"), self.cr.savepoint():
            complaint.with_user(self.officer)._merge_into(kept.with_user(self.officer))
        kept.write({"user_id": self.agent_all.id, "complaint_person_ids": [Command.link(self.zhao.id)]})
        complaint.with_user(self.officer)._merge_into(kept.with_user(self.officer))
        self.assertEqual(complaint.complaint_state, "merged")

    def test_others_go_on_as_ever(self):
        complaint = self._about(self.zhao, user_id=self.agent_all.id)
        self._move(complaint.with_user(self.agent_all), "closed")
        self.assertEqual(complaint.complaint_state, "closed")
        complaint.message_subscribe(self.agent.partner_id.ids)
        complaint.with_user(self.agent).message_post(body="What I say about it")

    def test_only_officers_know_whom_it_is_about(self):
        complaint = self._about(self.zhao)
        self.assertEqual(complaint.with_user(self.officer).complaint_person_ids, self.zhao)
        for person in (self.agent_own, self.agent, self.agent_all, self.certifier, self.portal):
            with self.assertRaises(AccessError, msg=person.login):
                complaint.with_user(person).read(["complaint_person_ids"])
            with self.assertRaises(AccessError, msg=person.login):
                self.env["helpdesk.ticket"].with_user(person).search([("complaint_person_ids", "in", self.zhao.ids)])
        for person in (self.agent, self.agent_all):
            with self.assertRaises(AccessError, msg=person.login), self.cr.savepoint():
                complaint.with_user(person).write({"complaint_person_ids": False})

    def test_a_plain_ticket_is_nobodys_business(self):
        ticket = self._create_ticket(complaint_person_ids=[Command.set(self.zhao.ids)])
        self.assertEqual(ticket.user_id, self.agent)
        ticket.with_user(self.agent).name = "Another title"
        with self.assertRaises(ValidationError), self.cr.savepoint():
            ticket.action_register_complaint()
            self.env.flush_all()
