from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOON, DocumentCase, sign_step


@tagged("post_install", "-at_install", "sqms_alone")
class TestReadingDecision(DocumentCase):
    """“Minor, none needed” has a reason and an approver, and the readings before go on counting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_in_force()
        cls.document = cls.first.document_id
        cls._of(cls.first, cls.employee).with_user(cls.plain).action_transition("acknowledge")

    @classmethod
    def _of(cls, version, person):
        return version.sudo().acknowledgement_ids.filtered(lambda row: row.employee_id == person)

    def _next(self, **values):
        action = self.document.with_user(self.officer).action_new_edition()
        version = self.env["sqms.document.version"].browse(action["res_id"])
        version.with_user(self.officer).write(values)
        return version

    def _minor(self, reason="Telephone number corrected", **values):
        return self._next(reading_decision="none", reading_reason=reason, **values)

    def _states(self, version):
        self.env.invalidate_all()
        return {row.employee_id: row.state for row in version.sudo().acknowledgement_ids}

    def test_readings_are_carried_over_and_the_others_are_asked(self):
        newcomer = self._create_employee("Newcomer", department_id=self.desk.id)
        draft = self._minor()
        with freeze_time(NOON + timedelta(hours=1)):
            second = self._approve(draft)
        self.assertEqual(second.sudo().carries_from_id, self.first)
        self.assertEqual(self._states(second), {self.employee: "carried", self.colleague: "open", newcomer: "open"})
        carried = self._of(second, self.employee)
        self.assertEqual(carried.acknowledged_at, NOON)
        self.assertEqual(carried.carried_from_id, self._of(self.first, self.employee))
        self.assertEqual(self._states(self.first)[self.colleague], "lapsed")
        officer = second.with_user(self.officer)
        self.assertEqual((officer.read_label, officer.carried_label), ("1 of 3", "1 carried over from edition 1"))
        rows = {
            row.department_id: (row.read_count, row.carried_count, row.reader_count) for row in officer.coverage_ids
        }
        self.assertEqual(rows, {self.desk_north: (1, 1, 1), self.workshop: (0, 0, 1), self.desk: (0, 0, 1)})
        self.assertFalse(
            self.env["sqms.acknowledgement"]
            .with_user(self.plain)
            .search([("version_id", "=", second.id), ("state", "=", "open")])
        )

    def test_over_two_minor_editions_and_for_who_comes_back(self):
        self.document.with_user(self.officer).write(
            {"audience": "chosen", "department_ids": [Command.set(self.desk.ids)]}
        )
        with freeze_time(NOON + timedelta(hours=1)):
            self.employee.department_id = self.workshop
            second = self._approve(self._minor())
            self.assertFalse(self._states(second))
        with freeze_time(NOON + timedelta(hours=2)):
            third = self._approve(self._minor("Another number"))
            self.employee.department_id = self.desk
            self.assertEqual(self._states(third), {self.employee: "carried"})
            self.assertEqual(self._of(third, self.employee).carried_from_id.version_id, self.first)

    def test_an_edition_that_never_came_into_force_carries_nothing(self):
        with freeze_time(NOON + timedelta(hours=1)):
            second = self._approve(self._next(), date(2026, 12, 1))
            third = self._approve(self._minor(), date(2026, 12, 8))
            self.assertEqual(third.sudo().carries_from_id, second)
            second.with_user(self.manager).withdrawal_reason = "Not needed"
            second.with_user(self.manager).action_transition("recall")
        with freeze_time("2026-12-08 04:00:00"):
            self.document.sudo()._bring_labels_up_to_date()
            self.assertEqual(self._states(third), {self.employee: "open", self.colleague: "open"})

    def test_what_was_carried_over_makes_eligible(self):
        rule = self.env["sqms.eligibility.rule"].create(
            {
                "name": "Refunds",
                "company_id": self.company.id,
                "model_id": self.env["ir.model"]._get_id("maintenance.request"),
                "requirement_ids": [Command.create({"kind": "document", "document_id": self.document.id})],
            }
        )
        with freeze_time(NOON + timedelta(hours=1)):
            self._approve(self._minor())
            requirement = rule.requirement_ids
            answer = requirement._provider_document(rule, self.employee | self.colleague, NOON + timedelta(hours=1))
            self.assertIsNone(answer(requirement, rule, self.employee))
            self.assertTrue(answer(requirement, rule, self.colleague))

    def _assert_refused(self, attempt):
        """By the sentence of the model, or by the database, whose sentence the request layer tells."""
        with mute_logger("odoo.sql_db"), self.cr.savepoint() as savepoint:
            try:
                attempt()
                self.env.flush_all()
            except (ValidationError, CheckViolation):
                savepoint.rollback()
                return
        self.fail("It was accepted")

    def test_without_a_reason_by_no_path(self):
        draft = self._next()
        versions = self.env["sqms.document.version"].with_user(self.officer)
        other = self._create_document()
        self._approve(self._create_draft(other))
        values = {"document_id": other.id, "content": "<p>a</p>", "reading_decision": "none"}
        for reason in (False, "", "   "):
            for attempt in (
                lambda reason=reason: draft.with_user(self.officer).write(
                    {"reading_decision": "none", "reading_reason": reason}
                ),
                lambda reason=reason: draft.sudo().write({"reading_decision": "none", "reading_reason": reason}),
                lambda reason=reason: versions.create({**values, "reading_reason": reason}),
                lambda: versions.with_context(default_reading_decision="none").create(
                    {"document_id": other.id, "content": "<p>a</p>"}
                ),
            ):
                self._assert_refused(attempt)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute("UPDATE sqms_document_version SET reading_decision = 'none' WHERE id = %s", [draft.id])
        with mute_logger("odoo.sql_db"):
            result = versions.load(
                ["document_id/.id", "content", "reading_decision"], [[str(other.id), "<p>a</p>", "none"]]
            )
        self.assertFalse(result["ids"])
        draft.with_user(self.officer).write({"reading_decision": "none", "reading_reason": "Typing error"})
        self._assert_refused(lambda: draft.with_user(self.officer).write({"reading_reason": False}))

    def test_a_first_edition_is_always_read(self):
        document = self._create_document()
        values = {"document_id": document.id, "content": "<p>a</p>", "reading_decision": "none", "reading_reason": "x"}
        for user in (self.officer, self.env.ref("base.user_root")):
            self._assert_refused(lambda user=user: self.env["sqms.document.version"].with_user(user).create(values))

    def test_not_where_nothing_is_in_force_before(self):
        with freeze_time(NOON + timedelta(hours=1)):
            self.first.with_user(self.manager).withdrawal_reason = "Ended"
            self.first.with_user(self.manager).action_transition("withdraw")
        with freeze_time(NOON + timedelta(hours=2)):
            draft = self._minor()
            self._submit(draft)
            draft.with_user(self.officer).date_effective = date(2026, 11, 24)
            with self.assertRaisesRegex(UserError, "nothing is in force before it"):
                sign_step(draft, "approve", self.manager)

    def test_the_approver_signs_it_and_it_stays(self):
        with freeze_time(NOON + timedelta(hours=1)):
            draft = self._minor()
            self._submit(draft)
            for user in (self.officer, self.manager, self.top):
                for values in ({"reading_decision": "read"}, {"reading_reason": "Other"}):
                    with self.assertRaises(AccessError):
                        draft.with_user(user).write(values)
            version = self._approve(draft)
            signature = version.signature_ids.filtered(lambda row: row.meaning == "approver")
            self.assertTrue(signature.is_valid)
            self.env.cr.execute("UPDATE sqms_document_version SET reading_reason = 'Other' WHERE id = %s", [version.id])
            self.env.invalidate_all()
            self.assertFalse(signature.is_valid)
        for user in (self.manager, self.env.ref("base.user_root")):
            for values in ({"reading_reason": "Third"}, {"reading_decision": "read"}, {"carries_from_id": False}):
                with self.assertRaises(UserError):
                    version.with_user(user).write(values)

    def test_the_next_edition_begins_with_to_be_read(self):
        with freeze_time(NOON + timedelta(hours=1)):
            self._approve(self._minor())
        with freeze_time(NOON + timedelta(hours=2)):
            following = self._next()
            self.assertEqual((following.reading_decision, following.reading_reason), ("read", False))

    def test_nobody_carries_over_by_hand(self):
        values = {"version_id": self.first.id, "employee_id": self._create_employee("X").id, "state": "carried"}
        for user in (self.plain, self.officer, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["sqms.acknowledgement"].with_user(user).create(values)
        reading = self._of(self.first, self.colleague)
        for user in (self.officer, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                reading.with_user(user).write({"state": "carried"})
