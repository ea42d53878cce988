import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestFinding(AuditCase):
    def setUp(self):
        super().setUp()
        self.audit = self._create_audit("in_progress")

    def _create_finding(self, **values):
        return self._as(self.lead, self.env["sqms.audit.finding"]).create(
            {
                "audit_id": self.audit.id,
                "grade": "minor",
                "criteria": "8.2.1",
                "evidence": "Notice of last year.",
                "statement": "Customers are told the wrong days.",
                **values,
            }
        )

    def test_one_click_fills_the_finding_from_the_line(self):
        line = self.audit.line_ids[0]
        line.write({"clause": "8.2.1", "answer": "minor", "note": "Notice of last year.", "object_type": "document"})
        action = line.action_finding()
        finding = self.env["sqms.audit.finding"].browse(action["res_id"])
        self.assertEqual(finding.grade, "minor")
        self.assertEqual(finding.criteria, "8.2.1 Question 1?")
        self.assertEqual(finding.evidence, "Notice of last year.")
        self.assertIn("Notice of last year.", finding.statement)
        self.assertEqual((finding.clause, finding.object_type), ("8.2.1", "document"))
        self.assertEqual(finding.department_id, self.service)
        self.assertRegex(finding.number, r"^FND/\d{4}/0001$")
        self.assertEqual(line.action_finding()["res_id"], finding.id, "a second click opens the same finding")

    def test_one_click_asks_for_answer_and_evidence(self):
        line = self.audit.line_ids[0]
        for values in ({}, {"answer": "not_applicable", "note": "No."}, {"answer": "minor", "note": False}):
            line.write(values)
            with self.subTest(values=values), self.assertRaises(UserError):
                line.action_finding()

    def test_each_grade_has_a_sentence(self):
        for grade in ("conform", "minor", "major", "opportunity", "good_practice"):
            audit_line = self._as(self.lead, self.env["sqms.audit.line"]).create(
                {"audit_id": self.audit.id, "question": f"{grade}?", "answer": grade, "note": "As seen."}
            )
            finding = self.env["sqms.audit.finding"].browse(audit_line.action_finding()["res_id"])
            self.assertIn("As seen.", finding.statement)
            self.assertEqual(finding.grade, grade)

    def test_requirement_evidence_and_statement_are_required(self):
        for name in ("criteria", "evidence", "statement"):
            for empty in (False, "", "  \n "):
                with (
                    self.subTest(name=name, empty=empty),
                    self.assertRaises(psycopg2.IntegrityError),
                    mute_logger("odoo.sql_db"),
                    self.cr.savepoint(),
                ):
                    self._create_finding(**{name: empty})

    def test_findings_are_written_while_the_audit_is_in_progress(self):
        for state in ("planned", "report", "closed", "cancelled"):
            audit = self._create_audit(state)
            with self.subTest(state=state), self.assertRaises(AccessError):
                self._create_finding(audit_id=audit.id)

    def test_question_belongs_to_the_same_audit(self):
        other = self._create_audit("in_progress")
        with self.assertRaises(ValidationError):
            self._create_finding(line_id=other.line_ids[0].id)

    def test_finding_stays_with_its_audit(self):
        other = self._create_audit("in_progress")
        finding = self._create_finding()
        with self.assertRaises(UserError):
            finding.audit_id = other
        with self.assertRaises(UserError):
            other.write({"finding_ids": [Command.link(finding.id)]})

    def test_auditee_answers_and_writes_nothing_else(self):
        finding = self._create_finding()
        theirs = self._as(self.auditee, finding)
        theirs.write({"cause": "Forgotten.", "correction": "Changed today.", "due_date": fields.Date.today()})
        for values in (
            {"grade": "opportunity"},
            {"statement": "All is well."},
            {"evidence": "None."},
            {"criteria": "None."},
            {"review_note": "Accepted."},
            {"responded_by_id": self.head.user_id.id},
            {"accepted_by_id": self.lead.user_id.id},
            {"cause": "x", "grade": "conform"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                theirs.write(values)
        with self.assertRaises(AccessError):
            theirs.unlink()
        with self.assertRaises(AccessError):
            self._as(self.auditee, self.env["sqms.audit.finding"]).create(finding.copy_data()[0])
        with self.assertRaises(UserError):
            theirs.write({"state": "accepted"})
        theirs.action_transition("answer")
        self.assertEqual(finding.state, "answered")
        self.assertEqual(finding.responded_by_id, self.auditee.user_id)
        self.assertTrue(finding.responded_on)

    def test_form_of_the_auditee(self):
        finding = self._create_finding()
        with Form(self._as(self.auditee, finding)) as form:
            form.cause = "Forgotten."
            form.correction = "Changed."
            form.due_date = fields.Date.today()
            with self.assertRaises(AssertionError):
                form.statement = "All is well."
        self.assertEqual(finding.cause, "Forgotten.")

    def test_head_of_the_department_answers_too(self):
        finding = self._create_finding()
        self._respond(finding, self.head)
        self.assertEqual(finding.responded_by_id, self.head.user_id)
        self.assertIn(self.lead.user_id.partner_id, finding.message_ids.notified_partner_ids)

    def test_auditors_do_not_answer_for_the_audited(self):
        finding = self._create_finding()
        for person in (self.lead, self.manager):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                self._as(person, finding).write({"cause": "They forgot."})
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                self._as(person, finding).action_transition("answer")

    def test_audited_without_login_are_answered_for_and_accepted_by_another(self):
        nobody = self.env["hr.employee"].create({"name": "No Login", "company_id": self.company.id})
        self.audit = self._create_audit(
            "in_progress",
            department_id=False,
            auditee_ids=[Command.create({"role": "auditee", "employee_id": nobody.id})],
        )
        finding = self._create_finding()
        self._respond(finding, self.lead)
        with self.assertRaises(AccessError):
            finding.action_transition("accept")
        self._as(self.manager, finding).action_transition("accept")
        self.assertEqual(finding.accepted_by_id, self.manager.user_id)

    def test_nonconformity_needs_cause_and_day(self):
        finding = self._create_finding()
        theirs = self._as(self.auditee, finding)
        theirs.correction = "Changed."
        with self.assertRaises(UserError) as refusal:
            theirs.action_transition("answer")
        self.assertIn("cause", str(refusal.exception))
        chance = self._as(self.auditee, self._create_finding(grade="opportunity"))
        chance.correction = "Good idea, planned for spring."
        chance.action_transition("answer")
        self.assertEqual(chance.state, "answered")

    def test_conformity_needs_no_answer(self):
        for grade in ("conform", "good_practice"):
            finding = self._as(self.auditee, self._create_finding(grade=grade))
            self.assertFalse(finding.needs_response)
            self.assertEqual(finding.transitions(), [])
            with self.assertRaises(AccessError):
                finding.action_transition("answer")

    def test_audited_do_not_accept_their_own_answer(self):
        finding = self._create_finding()
        self._respond(finding)
        for person in (self.auditee, self.head):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                self._as(person, finding).action_transition("accept")
        self.head.user_id.group_ids |= self.env.ref("sqms_audit.group_audit_manager")
        with self.assertRaises(AccessError):
            self._as(self.head, finding).action_transition("accept")
        self._as(self.lead, finding).action_transition("accept")
        self.assertEqual((finding.state, finding.accepted_by_id), ("accepted", self.lead.user_id))

    def test_answer_is_sent_back_with_a_reason(self):
        finding = self._create_finding()
        self._respond(finding)
        with self.assertRaises(UserError):
            finding.action_transition("send_back")
        finding.review_note = "This is the correction, not the cause."
        finding.action_transition("send_back")
        self.assertEqual(finding.state, "recorded")
        self.assertFalse(finding.responded_by_id or finding.responded_on)
        message = finding.message_ids[:1]
        self.assertIn("not the cause", message.body)
        self.assertEqual(message.notified_partner_ids, (self.auditee | self.head).user_id.partner_id)
        self._respond(finding)

    def test_what_is_answered_is_settled(self):
        finding = self._create_finding()
        self._respond(finding)
        for person, values in [
            (self.auditee, {"cause": "Another."}),
            (self.lead, {"statement": "Another."}),
            (self.lead, {"grade": "major"}),
        ]:
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._as(person, finding).write(values)
        with self.assertRaises(AccessError):
            finding.unlink()

    def test_new_finding_brings_no_answer(self):
        for values in ({"correction": "Done."}, {"responded_by_id": self.auditee.user_id.id}, {"review_note": "Fine."}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._create_finding(**values)
        hostile = self._as(self.lead, self.env["sqms.audit.finding"]).with_context(default_correction="Done.")
        with self.assertRaises(AccessError):
            hostile.create(self._create_finding().copy_data()[0])

    def test_totals_by_grade_in_the_order_of_weight(self):
        for grade in ("minor", "minor", "major", "good_practice"):
            self._create_finding(grade=grade)
        self.assertEqual(
            [(grade, count) for grade, _label, count in self.audit._get_totals()],
            [("major", 1), ("minor", 2), ("opportunity", 0), ("conform", 0), ("good_practice", 1)],
        )
        self.assertEqual((self.audit.finding_count, self.audit.nonconformity_count), (4, 3))
        rows = self.env["sqms.audit.finding"]._read_group(
            [("audit_id", "=", self.audit.id)], ["department_id", "grade"], ["__count"]
        )
        self.assertIn((self.service, "minor", 2), rows)
