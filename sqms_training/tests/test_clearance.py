from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .clearance_common import PDF, ClearanceCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestClearance(ClearanceCase):
    """The way of a clearance: told, agreed, collected, reviewed by one, decided by another."""

    # -- the way ------------------------------------------------------------------

    def test_from_the_notice_to_the_signed_decision(self):
        clearance = self._request()
        self.assertRegex(clearance.number, r"^CLR/\d{4}/\d{4}$")
        self.assertEqual((clearance.state, clearance.requested_by_id), ("requested", self.asker))
        self._agree(clearance)
        self.assertEqual((clearance.state, clearance.consent_kind), ("consented", "own"))
        self.assertEqual(clearance.consent_by_id, self.person)
        self.assertEqual(len(clearance.consent_digest), 64)
        self._review(self._collect(clearance))
        self.assertEqual(clearance.valid_to, self.today.replace(year=self.today.year + 1) - timedelta(days=1))
        self._sign(clearance, "approve")
        self.assertEqual((clearance.state, clearance.verdict, clearance.status), ("approved", "approved", "cleared"))
        self.assertEqual(clearance.decided_by_id, self.approver)
        self.assertEqual(clearance.sudo().signature_ids.mapped("is_valid"), [True])
        self.assertEqual(clearance.erase_on, self.today + timedelta(days=30))
        self.assertIn((self.employee.id, self.rule.id), self.env["sqms.clearance"]._cleared(self.employee, self.rule))

    def test_reviewer_does_not_decide_and_nobody_decides_without_password(self):
        clearance = self._reviewed()
        for step in ("approve", "approve_conditional", "refuse"):
            reasons = {row["name"]: row["reason"] for row in clearance.with_user(self.reviewer).transitions()}
            self.assertTrue(reasons[step])
            with self.assertRaises(UserError):
                clearance.with_user(self.reviewer).action_sign_step(step, "c_reviewer")
        self.assertIn("another officer decides", reasons["approve"])
        with self.assertRaises(AccessDenied), self.cr.savepoint():
            clearance.with_user(self.approver).action_sign_step("approve", "wrong")
        # No server action, job or superuser decides.
        self.env["sqms.clearance"].browse(clearance.id).sudo().action_transition("approve")
        clearance.with_user(self.approver).action_transition("approve")
        self.assertEqual(clearance.state, "reviewed")
        for values in ({"state": "approved"}, {"verdict": "approved"}, {"cleared_from": self.today}):
            for user in (self.approver, self.env.user):
                with self.assertRaises(UserError), self.cr.savepoint():
                    clearance.with_user(user).write(values)

    def test_the_one_who_asked_does_not_do_it_all(self):
        clearance = self._agree(self._request())
        self._review(self._collect(clearance), self.asker)
        with self.assertRaises(UserError):
            self._sign(clearance, "approve", self.asker)
        self._sign(clearance, "approve", self.approver)
        self.assertEqual(clearance.state, "approved")

    def test_nobody_has_a_hand_in_his_own(self):
        self._create_employee("Reviewer herself", self.reviewer)
        own = self.reviewer.employee_ids
        with self.assertRaisesRegex(UserError, "his own"):
            self._request(own, user=self.reviewer)
        clearance = self._request(own)
        model = self.env["sqms.clearance"].with_user(self.reviewer)
        self.assertFalse(model.search([("id", "=", clearance.id)]))
        self.assertFalse(model.search_count([("employee_id", "=", own.id)]))
        for attempt in (
            lambda: model.browse(clearance.id).read(["state"]),
            lambda: model.browse(clearance.id).write({"due_on": self.today}),
            lambda: model.browse(clearance.id).action_transition("consent_paper"),
            lambda: self._paper(clearance, self.reviewer, kind="consent", check_id=False, outcome=False),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self._agree(clearance, self.reviewer)
        paper = self._paper(clearance)
        with self.assertRaises(AccessError), self.cr.savepoint():
            paper.with_user(self.reviewer).read(["kind"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            paper.with_user(self.reviewer).write({"outcome": "clear"})

    # -- notice and consent ---------------------------------------------------------

    def test_nothing_is_collected_before_the_person_agreed(self):
        clearance = self._request()
        with self.assertRaisesRegex(ValidationError, "told and has agreed"), self.cr.savepoint():
            self._paper(clearance)
        with self.assertRaises(UserError):
            clearance.action_transition("collect")
        with self.assertRaises(UserError):
            clearance.action_transition("consent")

    def test_consent_is_given_by_the_person_alone_and_ticked_by_hand(self):
        clearance = self._request()
        wizard = self.env["sqms.clearance.consent"]
        for user in (self.asker, self.reviewer):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._agree(clearance, user)
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._own(clearance, user)._consent()
        for ticks in ({}, {"has_read": True}, {"has_read": True, "has_agreed": True}):
            with self.assertRaises(UserError):
                wizard.with_user(self.person).create({"own_id": clearance.id, **ticks}).action_agree()
        self.assertEqual(clearance.state, "requested")

    def test_consent_on_paper_needs_a_reason_and_the_sheet(self):
        clearance = self._request()
        with self.assertRaisesRegex(UserError, "Why on Paper"):
            clearance.action_transition("consent_paper")
        clearance.consent_reason = "Has no account"
        with self.assertRaisesRegex(UserError, "sheet"):
            clearance.action_transition("consent_paper")
        self._paper(clearance, kind="consent", check_id=False, outcome=False, file=False)
        with self.assertRaisesRegex(UserError, "sheet"):
            clearance.action_transition("consent_paper")
        self._paper(clearance, kind="consent", check_id=False, outcome=False)
        clearance.action_transition("consent_paper")
        self.assertEqual((clearance.consent_kind, clearance.consent_by_id), ("paper", self.asker))

    def test_consent_is_taken_back_before_the_review_and_everything_is_erased(self):
        clearance = self._collect(self._agree(self._request()))
        clearance.risk_note = "Half a note"
        self.assertEqual(len(clearance.paper_ids), 1)
        self._own(clearance).action_withdraw_consent()
        clearance.invalidate_recordset()
        self.assertEqual((clearance.state, clearance.paper_ids), ("withdrawn", clearance.paper_ids.browse()))
        self.assertTrue(clearance.erased_at)
        self.assertFalse(clearance.sudo().raw_risk_note)
        reviewed = self._reviewed()
        with self.assertRaisesRegex(UserError, "reviewed already"):
            self._own(reviewed).action_withdraw_consent()

    def test_a_notice_that_was_shown_stays_and_the_next_one_is_another_version(self):
        clearance = self._request()
        notice = clearance.notice_id
        self.assertEqual(notice.version, 1)
        for attempt in (
            lambda: notice.write({"body": "Something else"}),
            lambda: notice.update_field_translations("body", {"en_US": {"": "x"}}),
            lambda: notice.unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        second = notice.create({"rule_id": self.rule.id, "body": "We now ask less.", "version": 99})
        self.assertEqual((second.version, self.rule.notice_id), (2, second))
        self.assertEqual(clearance.notice_id, notice)

    # -- what may be asked --------------------------------------------------------------

    def test_a_check_without_legal_basis_cannot_be_requested(self):
        line = self.rule.check_ids
        line.item_id = False
        with self.assertRaisesRegex(UserError, "no legal basis"):
            self._request()
        with self.assertRaisesRegex(UserError, "no legal basis"):
            self.rule.with_user(self.asker).action_ask_missing()
        with self.assertRaisesRegex(UserError, "no legal basis"), self.cr.savepoint():
            self.env["sqms.clearance"].with_user(self.asker).with_context(default_rule_id=self.rule.id).create(
                {"employee_id": self.employee.id}
            )
        loaded = self.env["sqms.clearance"].with_user(self.asker).load(
            ["rule_id/.id", "employee_id/.id"], [[str(self.rule.id), str(self.employee.id)]]
        )  # fmt: skip
        self.assertFalse(loaded["ids"])
        line.item_id = self._item("T-2", verified=False)
        with self.assertRaisesRegex(UserError, "compared T-2"):
            self._request()
        line.item_id = self.item
        self.item.duty = "Is checked otherwise."
        self.assertEqual(self.item.verification_state, "to_verify")
        with self.assertRaisesRegex(UserError, "compared T-1"):
            self._request()
        self.item.action_transition("verify")
        self.assertTrue(self._request())

    def test_sensitive_checks_need_an_impact_assessment_and_a_notice(self):
        self.rule.assessment_date = False
        with self.assertRaisesRegex(UserError, "impact assessment"):
            self._request()
        self.rule.assessment_date = self.today
        self.rule.notice_ids.unlink()
        with self.assertRaisesRegex(UserError, "no notice"):
            self._request()
        with self.assertRaisesRegex(ValidationError, "not a matter of choice"), self.cr.savepoint():
            self.rule.check_ids.is_sensitive = False

    def test_a_row_is_verified_by_a_manager_and_not_by_the_office_that_uses_it(self):
        item = self._item("T-3", verified=False)
        with self.assertRaises(AccessError):
            item.with_user(self.asker).action_transition("verify")
        for values in ({"verification_state": "verified"}, {"verified_by_id": self.asker.id}):
            with self.assertRaises(UserError), self.cr.savepoint():
                item.with_user(self.asker).write(values)
        manager = self._create_user("c_manager", "sqms_base.group_sqms_manager")
        item.with_user(manager).action_transition("verify")
        self.assertEqual(item.verification_state, "verified")

    def test_what_the_law_forbids_to_ask_is_refused_by_name(self):
        check = self.env["sqms.position.check"].with_user(self.asker)
        values = {"rule_id": self.rule.id, "item_id": self.item.id, "kind": "health"}
        for name, code in (
            ("Hepatitis B surface antigen", "EMP-30"), ("HBV test", "EMP-30"), ("H.B.V.", "EMP-30"),
            ("乙 肝 两对半", "EMP-30"), ("Sealed juvenile records", "SEAL"), ("封存记录", "SEAL"),
            ("Pregnancy test", "LAB-8/9"), ("婚育情况", "LAB-8/9"),
        ):  # fmt: skip
            with self.assertRaisesRegex(ValidationError, code), self.cr.savepoint():
                check.create({**values, "name": name})
            with self.assertRaisesRegex(ValidationError, code), self.cr.savepoint():
                self.rule.check_ids.with_user(self.asker).name = name
        self.env["res.lang"]._activate_lang("zh_CN")
        with self.assertRaisesRegex(ValidationError, "EMP-30"), self.cr.savepoint():
            self.rule.check_ids.with_user(self.asker).update_field_translations("name", {"zh_CN": "乙肝检查"})
        # They hold even where somebody takes the rows away, which the office may not.
        row = self.env.ref("sqms_training.sqms_negative_item_emp_30")
        for values_ in ({"active": False}, {"forbidden_words": "x"}, {"use": "basis"}):
            with self.assertRaises(UserError), self.cr.savepoint():
                row.with_user(self.asker).write(values_)
        with self.assertRaises(UserError), self.cr.savepoint():
            row.unlink()
        row.active = False
        with self.assertRaisesRegex(ValidationError, "EMP-30"), self.cr.savepoint():
            check.create({**values, "name": "HBsAg"})
        with self.assertRaisesRegex(ValidationError, "no legal basis"), self.cr.savepoint():
            check.create({**values, "name": "Blood", "item_id": row.id})
        clearance = self._agree(self._request())
        with self.assertRaisesRegex(ValidationError, "forbids to keep"), self.cr.savepoint():
            self._paper(clearance, note="乙肝 positive")

    def test_nothing_else_is_asked_than_what_the_post_needs(self):
        other = self._create_rule(name="Another post", job_ids=False)
        clearance = self._agree(self._request())
        with self.assertRaisesRegex(ValidationError, "not checked for this post"), self.cr.savepoint():
            self._paper(clearance, check_id=other.check_ids.id)
        with self.assertRaisesRegex(UserError, "no result yet"):
            clearance.action_transition("collect")

    # -- decisions ------------------------------------------------------------------------

    def test_a_refusal_needs_its_basis_and_what_the_person_said(self):
        clearance = self._reviewed(outcome="finding")
        own = clearance.with_user(self.approver)
        with self.assertRaisesRegex(UserError, "bars from the post"):
            self._sign(clearance, "approve")
        with self.assertRaisesRegex(UserError, "Legal Basis of the Refusal"):
            self._sign(clearance, "refuse")
        own.write({"refusal_item_id": self.item.id, "heard_on": self.today})
        with self.assertRaisesRegex(UserError, "heard"):
            self._sign(clearance, "refuse")
        own.hearing_note = "The entry was of a namesake, he says; the authority confirmed that it is his."
        own.refusal_item_id = self._item("T-9", verified=False)
        with self.assertRaisesRegex(UserError, "T-9 is no basis"):
            self._sign(clearance, "refuse")
        own.refusal_item_id = self.item
        self._sign(clearance, "refuse")
        self.assertEqual((clearance.state, clearance.status), ("refused", "refused"))
        self.assertFalse(self.env["sqms.clearance"]._cleared(self.employee, self.rule))
        shown = self._own(clearance)
        self.assertIn("T-1", shown.refusal_basis)

    def test_conditions_hold_until_their_day_and_are_lifted_by_a_signature(self):
        clearance = self._reviewed()
        own = clearance.with_user(self.approver)
        own.write({"conditions": "With a second person", "condition_until": self.today})
        with self.assertRaisesRegex(UserError, "later than today"):
            self._sign(clearance, "approve_conditional")
        own.condition_until = self.today + timedelta(days=60)
        self._sign(clearance, "approve_conditional")
        self.assertEqual((clearance.state, clearance.status), ("conditional", "supervised"))
        cleared = self.env["sqms.clearance"]._cleared_until
        key = (self.employee.id, self.rule.id)
        self.assertEqual(cleared(self.employee, self.rule)[key], (self.today + timedelta(days=60), True))
        self.assertFalse(cleared(self.employee, self.rule, self.today + timedelta(days=61)))
        with self.assertRaises(UserError):
            self._sign(clearance, "lift", self.reviewer)
        self._sign(clearance, "lift")
        self.assertEqual(clearance.state, "approved")
        self.assertEqual(cleared(self.employee, self.rule, self.today + timedelta(days=61))[key][1], False)

    def test_a_revocation_is_signed_and_shows_from_that_day(self):
        clearance = self._cleared()
        with self.assertRaisesRegex(UserError, "Why It Ends"):
            self._sign(clearance, "revoke")
        clearance.with_user(self.approver).withdraw_reason = "The certificate was forged"
        self._sign(clearance, "revoke")
        self.assertEqual((clearance.state, clearance.status), ("withdrawn", "ended"))
        self.assertFalse(self.env["sqms.clearance"]._cleared(self.employee, self.rule))

    def test_what_was_reviewed_stays_as_it_was(self):
        clearance = self._reviewed()
        own = clearance.with_user(self.approver)
        for values in (
            {"certificate_number": "X"}, {"valid_to": self.today}, {"risk_note": "Otherwise"}, {"employee_id": 1},
            {"raw_risk_note": "Otherwise"}, {"rule_id": 0}, {"requested_by_id": 1},
            {"reviewed_by_id": False}, {"notice_id": False}, {"number": "CLR/1"},
        ):  # fmt: skip
            with self.assertRaises(UserError), self.cr.savepoint():
                own.write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._paper(clearance)
        with self.assertRaises(AccessError), self.cr.savepoint():
            clearance.paper_ids.with_user(self.asker).unlink()
        own.action_transition("back")
        self.assertEqual((clearance.state, clearance.reviewed_by_id), ("consented", self.env["res.users"]))
        with self.assertRaises(UserError):
            clearance.copy()
        with self.assertRaises(AccessError), self.cr.savepoint():
            clearance.with_user(self.asker).unlink()

    def test_one_clearance_of_a_person_is_under_way_at_a_time(self):
        self._request()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._request()

    def test_an_officer_asks_by_the_form(self):
        form = Form(self.env["sqms.clearance"].with_user(self.asker))
        form.rule_id = self.rule
        form.employee_id = self.employee
        clearance = form.save()
        self.assertEqual((clearance.company_id, clearance.notice_id.version), (self.company, 1))
        with Form(clearance) as form:
            form.consent_reason = "On paper"
            with form.paper_ids.new() as paper:
                paper.kind = "consent"
                paper.file = PDF
        self.assertTrue(clearance.paper_ids.has_file)
