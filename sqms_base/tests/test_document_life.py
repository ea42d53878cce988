import random
from datetime import date, datetime, timedelta

import pytz
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..lib.local_time import local_day, local_midnight
from .common import NOON, DocumentCase, sign_step

# Midnight does not exist in Beirut on 28 March 2027, in Havana on 14 March 2027, in Santiago on 5 September 2027.
ZONES = ("Asia/Shanghai", "Asia/Beirut", "America/Havana", "America/Santiago", "Pacific/Kiritimati", "UTC")


def in_force_twin(history, instant):
    """The plain definition: of all that had begun, the latest; nothing, if that one was withdrawn by then."""
    begun = [row for row in history if row["start"] and row["start"] <= instant]
    if not begun:
        return None
    last = max(begun, key=lambda row: row["start"])
    return None if last["end"] and last["end"] <= instant else last["id"]


@tagged("post_install", "-at_install")
class TestDocumentLife(DocumentCase):
    """Random lives of documents against the plain definition, and every way round the two people it takes."""

    def _live(self, dice, zone):
        """Approve, recall, withdraw at random times; the job runs when it likes, or not for weeks."""
        document = self._create_document(audience="nobody", tz=zone)
        history, now = [], NOON
        moments = [NOON - timedelta(seconds=1)]
        for _ in range(7):
            now += timedelta(seconds=dice.choice((60, 3600, 86400, 10 * 86400, 60 * 86400)) + dice.randint(0, 86400))
            with freeze_time(now):
                self.env.invalidate_all()
                if dice.random() < 0.5:
                    document.sudo()._bring_labels_up_to_date()
                self._act(dice, document, history, now)
            moments += [now - timedelta(seconds=1), now, now + timedelta(seconds=1)]
        for row in history:
            if row["start"]:
                moments += [row["start"] - timedelta(seconds=1), row["start"], row["start"] + timedelta(days=3)]
        return document, history, moments

    def _act(self, dice, document, history, now):
        chosen = dice.choice(("approve", "approve", "recall", "withdraw"))
        versions = document.with_user(self.manager).version_ids
        coming = versions.filtered(
            lambda row: row.effective_from and row.effective_from > now and row.state == "approved"
        )
        current = document.version_at(now).with_user(self.manager)
        if chosen == "approve":
            latest = max((row["start"] for row in history if row["start"]), default=now)
            day = max(local_day(now, document.tz), local_day(latest, document.tz) + timedelta(days=1))
            day += timedelta(days=dice.choice((0, 0, 1, 5, 14, 40)))
            if dice.random() < 0.3:
                # A day on whose midnight the clocks are put forward, if one is ahead.
                day = next((gap for gap in self.gaps[document.tz] if gap > day), day)
            version = self._approve(self._create_draft(document), day)
            start = max(local_midnight(day, document.tz), now)
            self.assertEqual(version.effective_from, start)
            history.append({"id": version.id, "start": start, "end": None})
        elif chosen == "recall" and coming:
            coming[0].withdrawal_reason = "Not now"
            coming[0].action_transition("recall")
            next(row for row in history if row["id"] == coming[0].id)["start"] = None
        elif chosen == "withdraw" and current and current.effective_from < now:
            current.withdrawal_reason = "No longer"
            current.action_transition("withdraw")
            next(row for row in history if row["id"] == current.id)["end"] = now

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gaps = {zone: cls._days_without_midnight(zone) for zone in ZONES}

    @classmethod
    def _days_without_midnight(cls, zone):
        days = []
        for offset in range(400):
            day = date(2026, 11, 24) + timedelta(days=offset)
            start = pytz.utc.localize(local_midnight(day, zone)).astimezone(pytz.timezone(zone))
            if start.hour:
                days.append(day)
        return days

    def test_exactly_one_at_every_instant_whatever_happened(self):
        self.assertTrue(all(self.gaps[zone] for zone in ZONES[1:4]), "zones that lose a midnight are among them")
        dice = random.Random(4)
        for zone in ZONES:
            document, history, moments = self._live(dice, zone)
            self.assertTrue(history)
            last = max(moments)
            moments += [NOON + (last - NOON) * dice.random() for _ in range(15)]
            moments = [moment.replace(microsecond=0) for moment in moments]
            for moment in moments:
                self.assertEqual(document.version_at(moment).id or None, in_force_twin(history, moment), (zone, moment))
                found = self.env["sqms.document.version"].search(
                    [("document_id", "=", document.id), *self.env["sqms.document.version"]._in_force_domain(moment)]
                )
                self.assertLessEqual(len(found), 1)
            # Whoever is on duty then: rule, flag and label say the same, the label as soon as the job has run once.
            for moment in sorted(dice.sample(moments, 4)):
                with freeze_time(moment):
                    self.env.invalidate_all()
                    expected = in_force_twin(history, moment)
                    seen = self.env["sqms.document.version"].with_user(self.plain)
                    self.assertEqual(seen.search([("document_id", "=", document.id)]).id or None, expected)
                    flagged = document.sudo().version_ids.filtered("is_in_force")
                    self.assertEqual(flagged.id or None, expected)
            with freeze_time(last + timedelta(days=3)):
                self.env.invalidate_all()
                document.sudo()._bring_labels_up_to_date()
                labelled = document.sudo().version_ids.filtered(lambda row: row.state == "effective")
                self.assertEqual(labelled.id or None, in_force_twin(history, last + timedelta(days=3)))

    def test_approved_today_in_force_in_fourteen_days_with_the_server_off(self):
        """From local midnight; three days without a job, then one run of it."""
        first = self._create_in_force()
        draft = first.browse(first.document_id.with_user(self.officer).action_new_edition()["res_id"])
        second = self._approve(draft, date(2026, 12, 7))
        midnight = datetime(2026, 12, 6, 16, 0)
        for seconds in range(-86400 * 2, 86400 * 3, 7200):
            instant = midnight + timedelta(seconds=seconds)
            with freeze_time(instant):
                self.env.invalidate_all()
                current = first.document_id.with_user(self.plain).current_version_id
                self.assertEqual(current.id, (second if seconds >= 0 else first).id)
        self.assertEqual((first.state, second.state), ("effective", "approved"))
        with freeze_time(midnight + timedelta(days=3)), self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_document_labels").method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual((first.state, second.state), ("superseded", "effective"))

    # -- two people, by every path ------------------------------------------------------

    def _paths(self, version, writer):
        own = version.with_user(writer)
        action = (
            self.env["ir.actions.server"]
            .sudo()
            .create(
                {
                    "name": "Approve",
                    "model_id": self.env["ir.model"]._get_id("sqms.document.version"),
                    "state": "code",
                    "code": "record.write({'state': 'approved'})",
                }
            )
        )
        run = action.with_user(writer).sudo().with_context(active_model=own._name, active_id=own.id, active_ids=own.ids)
        yield lambda: own.action_transition("approve")
        yield lambda: sign_step(version, "approve", writer)
        yield lambda: own.sudo().action_transition("approve")
        yield lambda: own.write({"state": "approved"})
        yield lambda: own.web_save({"state": "effective"}, {})
        yield lambda: own.with_context(default_state="approved").create({"document_id": self._create_document().id})
        yield lambda: own.copy({"state": "approved"})
        yield run.run
        yield lambda: own.write({"author_id": self.second_manager.id, "contributor_ids": [(5, 0, 0)]})
        yield lambda: own.sudo().write({"contributor_ids": [(5, 0, 0)]})

    def test_neither_author_nor_contributor_approves_by_any_path(self):
        draft = self._create_draft(author=self.manager)
        draft.with_user(self.second_manager).content = "<p>Refund within two working days.</p>"
        self._submit(draft)
        draft.with_user(self.officer).date_effective = date(2026, 11, 23)
        for writer in (self.manager, self.second_manager):
            for path in self._paths(draft, writer):
                with self.assertRaises(UserError), self.cr.savepoint():
                    path()
                self.env.invalidate_all()
                self.assertEqual((draft.state, draft.author_id), ("review", self.manager))
            loaded = draft.with_user(writer).load([".id", "state"], [[str(draft.id), "approved"]])
            self.assertFalse(loaded["ids"])
        third = self._create_user("manager3", "sqms_base.group_sqms_manager")
        sign_step(draft, "approve", third)
        self.assertEqual(draft.state, "effective")

    def test_number_type_and_company_stay_by_any_path(self):
        document = self._create_in_force().document_id
        kept = (document.number, document.document_type, document.company_id)
        for name, value in (("number", "X-1"), ("document_type", "form"), ("company_id", self.other_company.id)):
            for user in (self.officer, self.manager, self.env.ref("base.user_root")):
                own = document.with_user(user)
                for path in (
                    lambda own=own, name=name, value=value: own.write({name: value}),
                    lambda own=own, name=name, value=value: own.sudo().write({name: value}),
                    lambda own=own, name=name, value=value: own.web_save({name: value}, {}),
                ):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        path()
        loaded = document.with_user(self.manager).load([".id", "number"], [[str(document.id), "X-1"]])
        self.assertFalse(loaded["ids"])
        self.env.invalidate_all()
        self.assertEqual((document.number, document.document_type, document.company_id), kept)
