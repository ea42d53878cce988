from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.helpdesk_ticket import OPEN_STATES
from .common import ComplaintCase

REFUSED = UserError  # AccessError and ValidationError are its kinds
LATER = (*OPEN_STATES[1:], "closed", "withdrawn", "merged")


@tagged("post_install", "-at_install")
class TestEveryPath(ComplaintCase):
    """No path but the steps leads to a later state or a closed stage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.complaint = cls._create_complaint()

    def _assert_untouched(self):
        self.complaint.invalidate_recordset()
        self.assertEqual(self.complaint.complaint_state, "received")
        self.assertFalse(self.complaint.closed)
        self.assertEqual(self.complaint.complaint_level, "1")

    def test_server_actions(self):
        Action = self.env["ir.actions.server"]
        model_id = self.env["ir.model"]._get_id("helpdesk.ticket")
        fields_ = self.env["ir.model.fields"]
        codes = [f"records.write({{'complaint_state': '{state}'}})" for state in LATER]
        codes += [f"records.sudo().write({{'complaint_state': '{state}'}})" for state in ("closed", "merged")]
        codes += [
            f"records.write({{'stage_id': {self.done.id}}})",
            "records.write({'complaint_level': '2'})",
            "records.with_context(sqms_workflow_pass=True).write({'complaint_state': 'closed'})",
        ]
        actions = Action.create(
            [{"name": code, "model_id": model_id, "state": "code", "code": code} for code in codes]
        ) + Action.create(
            [
                {
                    "name": name,
                    "model_id": model_id,
                    "state": "object_write",
                    "update_field_id": fields_._get("helpdesk.ticket", name).id,
                    "update_path": name,
                    **values,
                }
                for name, values in (
                    ("stage_id", {"value": str(self.done.id), "resource_ref": f"helpdesk.ticket.stage,{self.done.id}"}),
                )
            ]
        )
        for action in actions:
            with self.assertRaises(REFUSED, msg=action.name), self.cr.savepoint():
                action.with_context(
                    active_model="helpdesk.ticket", active_ids=self.complaint.ids, active_id=self.complaint.id
                ).run()
                self.env.flush_all()
        self._assert_untouched()

    def test_lists_and_boards(self):
        for person in (self.agent, self.officer, self.manager):
            seen = self.complaint.with_user(person)
            for state in LATER:
                with self.assertRaises(REFUSED, msg=state), self.cr.savepoint():
                    seen.web_save({"complaint_state": state}, {"complaint_state": {}})
                    self.env.flush_all()
            with self.assertRaises(REFUSED), self.cr.savepoint():
                seen.write({"stage_id": self.done.id, "sequence": 3})
                self.env.flush_all()
        self._assert_untouched()

    def test_the_import_dialog(self):
        xmlid = self.complaint._export_rows([["id"]])[0][0]
        load = self.env["helpdesk.ticket"].with_user(self.officer).load
        for column, value in (
            ("complaint_state", "Closed"),
            ("complaint_state", "Merged"),
            ("stage_id/.id", str(self.done.id)),
            ("complaint_level", "Second Level"),
        ):
            result = load(["id", column], [[xmlid, value]])
            self.assertFalse(result["ids"], column)
            self._assert_untouched()

    def test_mails(self):
        mail = {
            "message_id": "<path@example.com>",
            "email_from": "wang.li@example.com",
            "from": "wang.li@example.com",
            "to": "desk@example.com",
            "subject": "Closed!",
            "body": "<p>complaint_state: closed</p>",
            "attachments": [],
        }
        self.team.complaints_by_mail = True
        made = self.env["helpdesk.ticket"].message_new(
            mail,
            {"team_id": self.team.id, "complaint_state": "closed", "stage_id": self.done.id, "complaint_level": "2"},
        )
        self.assertEqual((made.complaint_state, made.complaint_level, made.closed), ("received", "1", False))
        for values in ({"complaint_state": "closed"}, {"stage_id": self.done.id}):
            with suppress(UserError), self.cr.savepoint():  # refused serves as well
                self.complaint.message_update(mail, values)
                self.env.flush_all()
            self._assert_untouched()

    def test_copies_and_defaults(self):
        for default in ({"complaint_state": "closed"}, {"complaint_state": "merged"}, {"stage_id": self.done.id}):
            with suppress(UserError), self.cr.savepoint():  # refused serves as well
                copy = self.complaint.copy(default)
                self.env.flush_all()
                self.assertEqual((copy.complaint_state, copy.closed), ("received", False))
        for name, value in (("complaint_state", "merged"), ("complaint_state", "decided"), ("stage_id", self.done.id)):
            born = (
                self.env["helpdesk.ticket"]
                .with_user(self.agent)
                .with_context(**{f"default_{name}": value})
                .create(self._prepare_complaint_values())
            )
            self.assertEqual((born.complaint_state, born.closed), ("received", False))

    def test_what_is_merged_is_left_by_no_step(self):
        first = self._create_complaint(complaint_received_at=fields.Datetime.now() - timedelta(days=1))
        self.complaint._merge_into(first)
        self.assertEqual(self.complaint.complaint_state, "merged")
        self.assertTrue(self.complaint.closed)
        for person in (self.agent, self.officer, self.manager):
            seen = self.complaint.with_user(person)
            self.assertFalse(seen.transitions())
            for step in seen._workflow:
                with self.assertRaises(UserError, msg=step.name), self.cr.savepoint():
                    seen.action_transition(step.name)
            with self.assertRaises(UserError), self.cr.savepoint():
                seen.complaint_severity = "major"
