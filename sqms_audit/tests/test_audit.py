import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    def test_number_counts_per_company_and_year(self):
        with freeze_time("2031-03-01 08:00:00"):
            first, second = self.env["sqms.audit"].create([self._prepare_audit(), self._prepare_audit()])
            elsewhere = self.env["sqms.audit"].create(
                {"name": "Theirs", "company_id": self.other_company.id, "lead_id": False}
            )
        with freeze_time("2032-01-02 08:00:00"):
            later = self.env["sqms.audit"].create(self._prepare_audit())
        self.assertEqual(first.number, "AUD/2031/0001")
        self.assertEqual(second.number, "AUD/2031/0002")
        self.assertEqual(elsewhere.number, "AUD/2031/0001")
        self.assertEqual(later.number, "AUD/2032/0001")

    def test_nobody_chooses_a_number(self):
        hostile = {
            "default_number": "AUD/1999/0001",
            "ir_sequence_date": "1999-05-05",
            "ir_sequence_date_range": "1999-01-01",
        }
        with freeze_time("2031-03-01 08:00:00"):
            audit = self.env["sqms.audit"].with_context(**hostile).create(self._prepare_audit())
            explicit = self.env["sqms.audit"].create(self._prepare_audit(number="AUD/1999/0002"))
        self.assertEqual(audit.number, "AUD/2031/0001")
        self.assertEqual(explicit.number, "AUD/2031/0002")
        with self.assertRaises(UserError):
            audit.number = "AUD/2031/0009"

    def test_number_is_unique_in_the_database(self):
        first, second = self.env["sqms.audit"].create([self._prepare_audit(), self._prepare_audit()])
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute("UPDATE sqms_audit SET number = %s WHERE id = %s", (first.number, second.id))

    def test_audit_does_not_end_before_it_starts(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["sqms.audit"].create(self._prepare_audit(date_start="2031-02-02", date_end="2031-02-01"))

    def test_audit_stays_in_its_company(self):
        audit = self._create_audit()
        with self.assertRaises(UserError):
            audit.sudo().company_id = self.other_company

    def test_start_needs_lead_auditees_and_questions(self):
        for missing, words in [
            ({"lead_id": False}, "Lead auditor"),
            ({"auditee_ids": []}, "auditee"),
            ({"line_ids": []}, "questions"),
        ]:
            audit = self._as(self.manager, self.env["sqms.audit"].create(self._prepare_audit(**missing)))
            with self.subTest(missing=missing), self.assertRaises(UserError) as refusal:
                audit.action_transition("start")
            self.assertIn(words, str(refusal.exception))
            self.assertEqual(audit.state, "planned")

    def test_supplier_audit_needs_the_supplier_instead_of_auditees(self):
        audit = self._create_audit(audit_type="supplier", auditee_ids=[], department_id=False)
        with self.assertRaises(UserError):
            audit.action_transition("start")
        audit.partner_id = self.env["res.partner"].create({"name": "Parts Ltd"})
        audit.action_transition("start")
        self.assertEqual(audit.state, "in_progress")

    def test_report_needs_every_answer_and_a_reason_for_not_applicable(self):
        audit = self._create_audit("in_progress")
        audit.line_ids[:2].answer = "conform"
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("report")
        self.assertIn("without an answer: 1", str(refusal.exception))
        audit.line_ids[2].answer = "not_applicable"
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("report")
        self.assertIn("does not apply", str(refusal.exception))
        audit.line_ids[2].note = " \n"
        with self.assertRaises(UserError):
            audit.action_transition("report")
        audit.line_ids[2].note = "There is no cash desk."
        audit.action_transition("report")
        self.assertEqual(audit.state, "report")

    def test_report_needs_a_finding_for_each_nonconformity(self):
        audit = self._create_audit("in_progress")
        audit.line_ids.write({"answer": "conform"})
        audit.line_ids[0].write({"answer": "major", "note": "No record of the last three refunds."})
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("report")
        self.assertIn("without a finding", str(refusal.exception))
        audit.line_ids[0].action_finding()
        audit.action_transition("report")

    def test_report_tells_the_audited_what_waits_for_them(self):
        audit = self._create_audit("report")
        message = audit.message_ids.filtered(lambda message: audit.finding_ids.number in message.body)
        self.assertEqual(message.notified_partner_ids, (self.auditee | self.head).user_id.partner_id)

    def test_close_needs_every_finding_answered_and_accepted(self):
        audit = self._create_audit("report")
        audit.conclusion = "Fine."
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("close")
        self.assertIn("has not answered", str(refusal.exception))
        self._respond(audit.finding_ids)
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("close")
        self.assertIn("not accepted", str(refusal.exception))
        audit.finding_ids.action_transition("accept")
        audit.conclusion = False
        with self.assertRaises(UserError):
            audit.action_transition("close")
        audit.conclusion = "Fine."
        audit.action_transition("close")
        self.assertEqual(audit.state, "closed")
        self.assertTrue(audit.closed_on)

    def test_report_may_go_back_to_the_checklist(self):
        audit = self._create_audit("report")
        audit.action_transition("resume")
        audit.line_ids[2].answer = "opportunity"
        self.assertEqual(audit.state, "in_progress")

    def test_only_the_manager_cancels_and_with_a_reason(self):
        audit = self._create_audit("in_progress")
        with self.assertRaises(AccessError):
            audit.action_transition("cancel")
        with self.assertRaises(UserError):
            self._as(self.manager, audit).action_transition("cancel")
        audit.cancel_reason = "The department was closed."
        self._as(self.manager, audit).action_transition("cancel")
        self.assertEqual(audit.state, "cancelled")

    def test_no_other_path_changes_the_state(self):
        audit = self._create_audit()
        audits = self._as(self.manager, self.env["sqms.audit"])
        with self.assertRaises(UserError):
            audit.write({"state": "closed"})
        with self.assertRaises(UserError):
            audits.create(self._prepare_audit(state="report"))
        with self.assertRaises(UserError):
            audits.with_context(default_state="closed").create(self._prepare_audit())
        result = audits.load(["name", "state", "lead_id/.id"], [["Loaded", "closed", str(self.lead.id)]])
        self.assertFalse(result["ids"])
        with self.assertRaises(UserError):
            audit.action_transition("_unknown")
        self.assertEqual(audit.state, "planned")

    def test_next_steps_are_those_of_the_person(self):
        audit = self._create_audit("in_progress")
        self.assertEqual([step["name"] for step in audit.transitions()], ["report"])
        self.assertEqual([step["name"] for step in self._as(self.manager, audit).transitions()], ["report", "cancel"])
        self.assertEqual(self._as(self.auditee, audit).transitions(), [])
        self.assertEqual(self._as(self.second, audit).transitions(), [])

    def test_words_say_whose_turn_it_is(self):
        audit = self._create_audit("in_progress")
        self.assertEqual(audit.waiting_for, "Auditor · questions to answer: 3")
        audit = self._create_audit("report")
        self.assertEqual(audit.waiting_for, "Auditee · findings to answer: 1")
        self._respond(audit.finding_ids)
        audit.invalidate_recordset()
        self.assertEqual(audit.waiting_for, "Auditor · answers to accept: 1")

    def test_progress_counts_answers(self):
        audit = self._create_audit("in_progress")
        audit.line_ids[0].answer = "conform"
        self.assertEqual((audit.answered_count, audit.line_count), (1, 3))
        self.assertAlmostEqual(audit.progress, 100 / 3)

    def test_only_a_planned_audit_is_deleted_with_what_belongs_to_it(self):
        audit = self._create_audit()
        lines, members = audit.line_ids, audit.member_ids
        audit.unlink()
        self.assertFalse((lines.exists(), members.exists()) != (lines.browse(), members.browse()))
        audit = self._create_audit("in_progress")
        with self.assertRaises(UserError):
            audit.unlink()

    def test_copy_takes_the_questions_but_no_answer(self):
        audit = self._create_audit("closed")
        again = audit.copy()
        self.assertEqual(again.state, "planned")
        self.assertEqual(again.line_ids.mapped("question"), audit.line_ids.mapped("question"))
        self.assertFalse(again.line_ids.filtered(lambda line: line.answer or line.note or line.answered_by_id))
        self.assertEqual(again.member_ids.employee_id, audit.member_ids.employee_id)
        self.assertFalse(again.finding_ids)
        self.assertNotEqual(again.number, audit.number)

    def test_form_creates_and_answers(self):
        audits = self._as(self.lead, self.env["sqms.audit"])
        with Form(audits) as form:
            form.name = "By form"
            form.department_id = self.service
            form.template_id = self.template
            with form.auditee_ids.new() as auditee:
                auditee.employee_id = self.auditee
        audit = form.record
        self.assertEqual(audit.lead_id, self.lead)
        self.assertEqual(audit.line_ids.mapped("question"), self.template.line_ids.mapped("question"))
        self.assertEqual(audit.auditee_ids.role, "auditee")
        audit.action_transition("start")
        with Form(audit) as form, form.line_ids.edit(0) as line:
            line.answer = "conform"
        self.assertEqual(audit.line_ids[0].answered_by_id, self.lead.user_id)

    def test_self_assessment_is_led_from_within(self):
        audit = self.env["sqms.audit"].create(
            self._prepare_audit(audit_type="self", department_id=self.quality.id, lead_id=self.manager.id)
        )
        self._as(self.manager, audit).action_transition("start")
        with self.assertRaises(ValidationError):
            audit.audit_type = "internal"

    def test_conclusion_alone_stays_open_in_the_report(self):
        audit = self._create_audit("report")
        audit.conclusion = "Well done."
        for values in (
            {"name": "Another"},
            {"lead_id": self.second.id},
            {"line_ids": [Command.create({"question": "Late?"})]},
            {"member_ids": [Command.create({"employee_id": self.second.id})]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                audit.write(values)
