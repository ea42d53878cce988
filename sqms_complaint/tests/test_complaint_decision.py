from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestDecision(ComplaintCase):
    """What was found out, and a decision that says why and how to go further."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env["sqms.dispute.body"].create({"name": "Hotline 12315"})
        cls.file = {"name": "log.txt", "raw": b"two payments"}

    def _investigating(self, **values):
        complaint = self._move(self._create_complaint(), "investigating")
        complaint.write(
            {
                "complaint_decision": "upheld",
                "complaint_outcome": "explanation",
                "complaint_answer": "<p>You are right.</p>",
                **values,
            }
        )
        return complaint.with_user(self.agent)

    def _decide(self, complaint):
        return complaint.action_transition("decide")

    # -- reasons and ways --------------------------------------------------------------

    def test_who_gets_less_is_told_why_and_where_to_turn(self):
        for decision in ("rejected", "partly"):
            complaint = self._investigating(complaint_decision=decision, complaint_outcome="none")
            self._create_finding(complaint)
            for empty in (False, "<p><br></p>"):
                complaint.write({"complaint_reason": empty, "complaint_further": empty})
                with self.assertRaisesRegex(UserError, "Reasons, Ways to Go Further"):
                    self._decide(complaint)
            complaint.complaint_reason = "<p>The quotation says so.</p>"
            with self.assertRaisesRegex(UserError, "fill in Ways to Go Further"):
                self._decide(complaint)
            complaint.write({"complaint_reason": False, "complaint_body_ids": [Command.set(self.body.ids)]})
            with self.assertRaisesRegex(UserError, "fill in Reasons"):
                self._decide(complaint)
            complaint.complaint_reason = "<p>The quotation says so.</p>"
            self._decide(complaint)
            self.assertEqual(complaint.complaint_state, "decided")
            self.assertEqual(complaint.complaint_decided_by_id, self.agent)
            self.assertTrue(complaint.complaint_decided_at)

    def test_whoever_gets_all_needs_no_ways(self):
        complaint = self._investigating()
        self._create_finding(complaint)
        self._decide(complaint)
        self.assertEqual(complaint.complaint_state, "decided")

    def test_no_role_and_no_trick_rejects_without_reasons(self):
        complaint = self._investigating(complaint_decision="rejected")
        self._create_finding(complaint)
        for person in (self.agent, self.agent_all, self.officer, self.manager, self.env.user):
            with self.assertRaisesRegex(UserError, "Reasons"), self.cr.savepoint():
                complaint.with_user(person).action_transition("decide")
            with self.assertRaisesRegex(UserError, "Reasons"), self.cr.savepoint():
                complaint.with_user(person).with_context(default_complaint_reason="<p>x</p>").sudo().action_transition(
                    "decide"
                )

    def test_what_was_told_stays(self):
        complaint = self._investigating(
            complaint_decision="partly",
            complaint_reason="<p>Why.</p>",
            complaint_further="<p>Where.</p>",
            complaint_body_ids=[Command.set(self.body.ids)],
        )
        self._create_finding(complaint)
        self._decide(complaint)
        complaint.complaint_reason = "<p>Why, better said.</p>"
        complaint.action_transition("communicate")
        for values in (
            {"complaint_reason": "<p>Another.</p>"},
            {"complaint_further": False},
            {"complaint_body_ids": [Command.clear()]},
            {"complaint_body_ids": [Command.unlink(self.body.id)]},
        ):
            for person in (self.agent, self.officer, self.manager):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    complaint.with_user(person).write(values)
        complaint.write(
            {"complaint_body_ids": [Command.set(self.body.ids)], "complaint_reason": "<p>Why, better said.</p>"}
        )

    # -- findings -------------------------------------------------------------------------

    def test_a_decision_rests_on_something(self):
        complaint = self._investigating()
        with self.assertRaisesRegex(UserError, "investigation log"):
            self._decide(complaint)
        complaint.complaint_first_contact = True
        with self.assertRaisesRegex(UserError, "How It Was Solved at Once"):
            self._decide(complaint)
        complaint.complaint_first_contact_reason = "The agent saw it on the bill and put it right"
        self._decide(complaint)
        self.assertEqual(complaint.complaint_state, "decided")

    def test_the_severe_asks_for_more(self):
        complaint = self._investigating(
            complaint_severity="major", complaint_first_contact=True, complaint_first_contact_reason="x"
        )
        with self.assertRaisesRegex(UserError, "not solved at first contact"):
            self._decide(complaint)
        finding = self._create_finding(complaint)
        with self.assertRaisesRegex(UserError, "proof"):
            self._decide(complaint)
        finding.write({"attachment_ids": [Command.create(self.file)]})
        with self.assertRaisesRegex(UserError, "root cause"):
            self._decide(complaint)
        complaint.complaint_root_cause = "The terminal books twice after a time-out."
        complaint.sudo().complaint_is_safety = True
        with self.assertRaisesRegex(UserError, "two findings"):
            self._decide(complaint)
        self._create_finding(complaint)
        self._decide(complaint)
        self.assertEqual(complaint.complaint_state, "decided")

    def test_what_a_decision_rests_on_stays(self):
        complaint = self._investigating()
        finding = self._create_finding(complaint, attachment_ids=[Command.create(self.file)])
        finding.found = "Two settled payments, 14:12 and 14:13."
        self._decide(complaint)
        for person in (self.agent, self.officer, self.manager, self.env.user):
            seen = finding.with_user(person)
            for values in ({"found": "Nothing"}, {"attachment_ids": [Command.clear()]}, {"author_id": self.officer.id}):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    seen.write(values)
            with self.assertRaises(AccessError), self.cr.savepoint():
                seen.unlink()
        self._create_finding(complaint, found="One more thing.")
        self.assertEqual(len(complaint.complaint_finding_ids), 2)

    def test_a_finding_is_that_of_its_author_and_of_its_complaint(self):
        complaint, other = self._investigating(), self._investigating()
        finding = self._create_finding(complaint, author_id=self.officer.id)
        self.assertEqual(finding.author_id, self.agent)
        with self.assertRaises(AccessError), self.cr.savepoint():
            finding.ticket_id = other
        with self.assertRaises(UserError), self.cr.savepoint():
            self._create_finding(self._create_ticket().with_user(self.agent))
        with self.assertRaisesRegex(ValidationError, "who was heard"), self.cr.savepoint():
            self._create_finding(complaint, kind="interview", heard=" ")
        with self.assertRaisesRegex(ValidationError, "future"), self.cr.savepoint():
            self._create_finding(complaint, date="2099-01-01")

    def test_closed_complaints_take_no_finding(self):
        complaint = self._move(self._create_complaint(), "closed")
        for person in (self.agent, self.officer, self.env.user):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._create_finding(complaint.with_user(person))

    def test_who_reads_and_writes_findings(self):
        complaint = self._investigating()
        finding = self._create_finding(complaint, attachment_ids=[Command.create(self.file)])
        Finding = self.env["sqms.complaint.finding"]
        self.assertEqual(finding.with_user(self.certifier).found, finding.found)
        foreign = self._create_complaint(team_id=self.other_team.id, user_id=False, complaint_is_confidential=True)
        hidden = self._create_finding(foreign)
        self.assertNotIn(hidden, Finding.with_user(self.agent_all).search([]))
        with self.assertRaises(AccessError):
            hidden.with_user(self.agent_all).read(["found"])
        for person in (self.employee, self.portal, self.public):
            with self.assertRaises(AccessError, msg=person.login):
                finding.with_user(person).read(["found"])
            with self.assertRaises(AccessError, msg=person.login):
                Finding.with_user(person).search([])
            with self.assertRaises(AccessError, msg=person.login), self.cr.savepoint():
                self._create_finding(complaint.with_user(person))
            with self.assertRaises(AccessError, msg=person.login):
                finding.attachment_ids.with_user(person).read(["raw"])
        for values in ({"found": "x"},):
            with self.assertRaises(AccessError), self.cr.savepoint():
                finding.with_user(self.certifier).write(values)
        self.assertNotIn(finding.attachment_ids, complaint._complaint_public_files())

    def test_proof_that_hangs_elsewhere_is_copied(self):
        complaint, other = self._investigating(), self._create_complaint()
        note = self.env["ir.attachment"].create(
            {"name": "n.txt", "raw": b"x", "res_model": "helpdesk.ticket", "res_id": other.id}
        )
        finding = self._create_finding(complaint, attachment_ids=[Command.link(note.id)])
        self.assertNotEqual(finding.attachment_ids, note)
        self.assertEqual((finding.attachment_ids.res_model, finding.attachment_ids.res_id), (finding._name, finding.id))
