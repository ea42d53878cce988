from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.helpdesk_ticket import OPEN_STATES
from .common import ComplaintCase

REFUSED = UserError  # AccessError and ValidationError are its kinds


@tagged("post_install", "-at_install")
class TestComplaintStage(ComplaintCase):
    """A complaint stands in a closed stage if, and only if, its state says so: by any path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ref = cls.env.ref
        cls.new = ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        cls.progress = ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        cls.awaiting = ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")
        cls.done = ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.cancelled = ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")

    def test_the_stage_follows_the_state(self):
        complaint = self._create_complaint(complaint_withdrawal="x")
        other = complaint.copy({"complaint_withdrawal": "By phone"})
        self.assertEqual(complaint.stage_id, self.new)
        for state, stage in (
            ("acknowledged", self.progress),
            ("assessed", self.progress),
            ("communicated", self.awaiting),
            ("implementing", self.progress),
            ("closed", self.done),
        ):
            self._move(complaint, state)
            self.assertEqual(complaint.stage_id, stage, state)
        other.action_transition("withdraw")
        self.assertEqual(other.stage_id, self.cancelled)

    def test_closed_date_is_that_of_the_complaint(self):
        complaint = self._move(self._create_complaint(), "communicated")
        self.assertFalse(complaint.closed_date)
        self._move(complaint, "closed")
        self.assertTrue(complaint.closed_date)
        self.assertEqual(complaint.closed_date, complaint.complaint_closed_at)

    def test_agents_place_it_in_other_open_stages(self):
        complaint = self._move(self._create_complaint(), "acknowledged").with_user(self.agent)
        complaint.stage_id = self.awaiting
        complaint.user_id = self.agent_all
        self.env.flush_all()
        self.assertEqual(complaint.sudo().stage_id, self.awaiting, "a new handler does not move it")

    def test_nobody_drags_or_writes_it_into_a_closed_stage(self):
        complaint = self._create_complaint()
        for state in OPEN_STATES:
            if state != "received":
                self._move(complaint, state)
            before = complaint.stage_id
            for person in (self.agent, self.agent_all, self.officer, self.manager, self.env.user):
                with self.assertRaises(REFUSED, msg=f"{state} {person.login}"), self.cr.savepoint():
                    complaint.with_user(person).write({"stage_id": self.done.id})
                    self.env.flush_all()
                with self.assertRaises(REFUSED, msg=f"{state} {person.login}"), self.cr.savepoint():
                    complaint.with_user(person).web_save({"stage_id": self.cancelled.id}, {"stage_id": {}})
                    self.env.flush_all()
            self.assertEqual(complaint.stage_id, before)

    def test_it_is_not_born_in_a_closed_stage(self):
        with self.assertRaises(REFUSED), self.cr.savepoint():
            self._create_complaint(stage_id=self.done.id)
        with self.assertRaises(REFUSED), self.cr.savepoint():
            self._create_complaint(team_id=False, user_id=False, stage_id=self.done.id)
        hostile = self.env["helpdesk.ticket"].with_user(self.agent).with_context(default_stage_id=self.done.id)
        complaint = hostile.create(self._prepare_complaint_values())
        self.assertFalse(complaint.closed)

    def test_the_import_dialog_does_not_close_it(self):
        complaint = self._create_complaint()
        xmlid = complaint._export_rows([["id"]])[0][0]
        result = self.env["helpdesk.ticket"].with_user(self.agent_all).load(["id", "stage_id"], [[xmlid, "Done"]])
        self.assertFalse(result["ids"])
        complaint.invalidate_recordset()
        self.assertEqual(complaint.stage_id, self.new)

    def test_marking_a_duplicate_does_not_close_it(self):
        complaint, other = self._create_complaint(), self._create_complaint()
        wizard = (
            self.env["helpdesk.ticket.duplicate.wizard"]
            .with_user(self.agent_all)
            .create({"ticket_id": complaint.id, "duplicate_of_id": other.id, "target_stage_id": self.done.id})
        )
        with self.assertRaises(REFUSED), self.cr.savepoint():
            wizard.action_confirm()
        wizard.target_stage_id = False
        with self.assertRaisesRegex(UserError, "Merge"), self.cr.savepoint():
            wizard.action_confirm()
        self.assertFalse(complaint.duplicate_id)
        self.assertFalse(complaint.closed)

    def test_a_team_whose_first_stage_is_closed_does_not_close_it(self):
        self.env["helpdesk.ticket.stage"].create(
            {"name": "Archive", "closed": True, "sequence": 0, "team_ids": self.other_team.ids, "company_id": False}
        )
        special = self.env["helpdesk.ticket.stage"].create(
            {"name": "Only here", "sequence": 0, "team_ids": self.team.ids, "company_id": False}
        )
        complaint = self._create_complaint()
        complaint.stage_id = special
        complaint.write({"team_id": self.other_team.id, "user_id": False})
        self.env.flush_all()
        self.assertEqual(complaint.stage_id, self.new)

    def test_a_team_has_stages_of_its_own(self):
        Stage = self.env["helpdesk.ticket.stage"]
        inbox = Stage.create({"name": "Inbox", "complaint_phase": "new", "team_ids": self.team.ids})
        answered = Stage.create({"name": "Filed", "complaint_phase": "done", "closed": True, "team_ids": self.team.ids})
        complaint = self._create_complaint()
        self.assertEqual(complaint.stage_id, inbox)
        self._move(complaint, "acknowledged")
        self.assertEqual(complaint.stage_id, self.progress)
        self._move(complaint, "closed")
        self.assertEqual(complaint.stage_id, answered)

    def test_without_a_meant_stage_any_of_the_same_kind_serves(self):
        (self.new | self.progress | self.awaiting | self.done | self.cancelled).write({"complaint_phase": False})
        complaint = self._create_complaint()
        self.assertFalse(complaint.closed)
        self._move(complaint, "closed")
        self.assertTrue(complaint.closed)

    def test_a_team_without_closed_stages_is_told_so(self):
        self.env["helpdesk.ticket.stage"].search([("closed", "=", True)]).active = False
        complaint = self._move(self._create_complaint(), "implementing")
        with self.assertRaisesRegex(ValidationError, "has no stage"):
            self._move(complaint, "closed")

    def test_a_stage_with_complaints_does_not_turn_closed_or_open(self):
        complaint = self._create_complaint()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.new.with_user(self.manager).closed = True
        self._move(complaint, "closed")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.done.with_user(self.manager).closed = False
        self.assertTrue(complaint.closed)

    def test_plain_tickets_are_closed_as_ever(self):
        ticket = self._create_ticket()
        ticket.with_user(self.agent).stage_id = self.done
        self.assertTrue(ticket.closed_date)
        ticket.with_user(self.agent).write({"name": "Still editable", "stage_id": self.new.id})
        self.assertFalse(ticket.closed)
