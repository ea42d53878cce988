import random
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOON, DocumentCase

DAY = date(2026, 12, 7)
MIDNIGHT = datetime(2026, 12, 6, 16, 0)  # of the 7th of December in Shanghai


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentTime(DocumentCase):
    def _second_edition(self, first, day=DAY):
        action = first.document_id.with_user(self.officer).action_new_edition()
        return self._approve(self.env["sqms.document.version"].browse(action["res_id"]), day)

    def _in_force(self, document, user=None):
        self.env.invalidate_all()
        return document.with_user(user or self.plain).current_version_id

    def test_in_force_from_local_midnight_whether_or_not_a_job_has_run(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        self.assertEqual((second.state, second.effective_from, first.effective_to), ("approved", MIDNIGHT, MIDNIGHT))
        for moment, expected in (
            (NOON, first),
            (MIDNIGHT - timedelta(seconds=1), first),
            (MIDNIGHT, second),
            (MIDNIGHT + timedelta(days=3), second),
        ):
            with freeze_time(moment):
                self.assertEqual(self._in_force(first.document_id), expected)
                self.assertEqual(first.document_id.version_at(moment), expected)
                self.assertEqual(expected.with_user(self.plain).is_in_force, True)
        self.assertEqual((first.state, second.state), ("effective", "approved"), "no job has run")

    def test_rule_asks_the_clock(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        versions = self.env["sqms.document.version"].with_user(self.plain)
        # The database's own clock decides nothing: "now" is Odoo's.
        for moment, expected in ((MIDNIGHT - timedelta(seconds=1), first), (MIDNIGHT, second)):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(versions.search([("document_id", "=", first.document_id.id)]), expected)

    def test_server_off_for_three_days(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        with freeze_time(MIDNIGHT + timedelta(days=3)), self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_document_labels").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual((first.state, second.state), ("superseded", "effective"))
            self.assertEqual(second.acknowledgement_ids.employee_id, self.employee | self.colleague)

    def test_edition_that_was_never_reached_asks_nobody(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        third = self._second_edition(second, date(2026, 12, 8))
        with freeze_time(MIDNIGHT + timedelta(days=3)):
            self.env["sqms.document"].search([])._bring_labels_up_to_date()
        self.assertEqual((first.state, second.state, third.state), ("superseded", "superseded", "effective"))
        self.assertFalse(second.acknowledgement_ids)
        self.assertTrue(third.acknowledgement_ids)

    def test_approval_wakes_the_job_at_midnight(self):
        cron = self.env.ref("sqms_base.ir_cron_document_labels")
        first = self._create_in_force()
        before = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._second_edition(first)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - before
        self.assertEqual(triggers.mapped("call_at"), [MIDNIGHT])

    def test_effective_today_is_in_force_at_once_and_not_before(self):
        version = self._create_in_force()
        self.assertEqual((version.state, version.effective_from), ("effective", NOON))
        self.assertFalse(version.document_id.version_at(NOON - timedelta(seconds=1)))
        self.assertEqual(version.document_id.version_at(NOON), version)

    def test_effective_date_in_the_past_is_refused(self):
        draft = self._submit(self._create_draft())
        with self.assertRaisesRegex(UserError, "lies in the past"):
            self._approve(draft, date(2026, 11, 22))
        # Shortly before midnight UTC it is tomorrow in Shanghai.
        with freeze_time("2026-11-23 16:30:00"), self.assertRaisesRegex(UserError, "lies in the past"):
            self._approve(draft, date(2026, 11, 23))

    def test_approved_instant_stays_when_the_zone_changes(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        first.document_id.with_user(self.officer).tz = "America/Havana"
        self.env.flush_all()
        self.assertEqual((second.effective_from, second.effective_tz), (MIDNIGHT, "Asia/Shanghai"))

    def test_later_edition_comes_into_force_later(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        for day in (DAY, date(2026, 12, 1)):
            with self.assertRaisesRegex(UserError, "choose a later date or recall it"), self.cr.savepoint():
                self._second_edition(second, day)

    def test_recall_leaves_the_edition_before_in_force(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        manager = second.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Reason|reason"):
            manager.action_transition("recall")
        manager.withdrawal_reason = "The new terminal is late"
        manager.action_transition("recall")
        self.assertEqual((second.state, second.effective_from, first.effective_to), ("obsolete", False, False))
        with freeze_time(MIDNIGHT + timedelta(days=1)):
            self.assertEqual(self._in_force(first.document_id), first)

    def test_in_force_is_not_recalled_even_if_the_label_is_late(self):
        second = self._second_edition(self._create_in_force())
        with freeze_time(MIDNIGHT):
            self.env.invalidate_all()
            manager = second.with_user(self.manager)
            manager.withdrawal_reason = "Too late"
            with self.assertRaisesRegex(UserError, "only be withdrawn"):
                manager.action_transition("recall")

    def test_withdrawal_ends_it_without_reviving_the_edition_before(self):
        first = self._create_in_force()
        second = self._second_edition(first)
        moment = MIDNIGHT + timedelta(hours=5)
        with freeze_time(moment):
            self.env["sqms.document"].search([])._bring_labels_up_to_date()
            manager = second.with_user(self.manager)
            manager.withdrawal_reason = "The service has ended"
            manager.action_transition("withdraw")
        document = first.document_id
        self.assertEqual((second.state, second.effective_to), ("obsolete", moment))
        self.assertEqual(document.version_at(moment - timedelta(seconds=1)), second)
        with freeze_time(moment + timedelta(days=1)):
            self.env["sqms.document"].search([])._bring_labels_up_to_date()
            self.assertFalse(self._in_force(document, self.officer))
            self.assertEqual((first.state, second.state), ("superseded", "obsolete"))

    def test_at_most_one_at_every_instant(self):
        """Random histories against the plain definition: the latest whose time has come, unless withdrawn."""
        dice = random.Random(20261123)
        document = self._create_document(audience="nobody")
        versions, day = [], date(2026, 11, 24)
        for _ in range(8):
            draft = self._create_draft(document)
            day += timedelta(days=dice.randint(1, 20))
            versions.append(self._approve(draft, day))
        recalled = versions.pop(dice.randrange(2, 6)).with_user(self.manager)
        recalled.withdrawal_reason = "Not needed"
        recalled.action_transition("recall")
        starts = [version.effective_from for version in versions]
        for _ in range(60):
            instant = NOON + timedelta(seconds=dice.randint(0, 150 * 86400))
            begun = [version for version in versions if version.effective_from <= instant]
            expected = (
                max(begun, key=lambda version: version.effective_from) if begun else document.version_ids.browse()
            )
            self.assertEqual(document.version_at(instant), expected)
        for instant in starts:
            self.assertEqual(document.version_at(instant).effective_from, instant)

    def test_labels_twice_change_nothing(self):
        second = self._second_edition(self._create_in_force())
        with freeze_time(MIDNIGHT):
            second.document_id.sudo()._bring_labels_up_to_date()
            count = len(second.acknowledgement_ids)
            second.document_id.sudo()._bring_labels_up_to_date()
        self.assertEqual((second.state, len(second.acknowledgement_ids)), ("effective", count))

    def test_labels_are_no_step_for_people(self):
        second = self._second_edition(self._create_in_force())
        with freeze_time(MIDNIGHT):
            self.env.invalidate_all()
            for user in (self.officer, self.manager, self.top):
                names = [step["name"] for step in second.with_user(user).transitions()]
                self.assertFalse({"take_effect", "supersede"}.intersection(names))
                with self.assertRaises(UserError):
                    second.with_user(user).action_transition("take_effect")
