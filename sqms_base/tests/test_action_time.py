from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..lib.effect import has_helped
from .action_common import TODAY, ActionCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestActionTime(ActionCase):
    """Days: extensions, what is late, whose turn it is, reminders and the start page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.started = cls._create_action()
        cls.started.with_user(cls.doer).action_transition("start")

    def _ask(self, user=None, action=None, **values):
        return (
            self.env["sqms.action.extension"]
            .with_user(user or self.doer)
            .create(
                {
                    "action_id": (action or self.started).id,
                    "date_new": TODAY + timedelta(days=20),
                    "reason": "The supplier is late",
                    **values,
                }
            )
        )

    # -- extensions ----------------------------------------------------------------

    def test_more_time_is_granted_by_somebody_else_and_nothing_else_moves_the_day(self):
        asked = self._ask()
        self.assertEqual((asked.asked_by_id, asked.date_before), (self.doer, TODAY + timedelta(days=5)))
        self.assertTrue(self.started.is_extension_asked)
        self.assertEqual(self.env["sqms.action"].search([("is_extension_asked", "=", True)]), self.started)
        self._refused((AccessError, UserError), "", lambda: asked.action_transition("approve"))
        self._refused(UserError, "asked for already", self._ask)
        for user, waits in ((self.officer, 1), (self.doer, 0), (self.top, 0)):
            self.assertEqual(self._section(user, "to_verify")["count"], waits, user.login)
        asked.with_user(self.officer).action_transition("approve")
        self.assertEqual(self.started.date_due, TODAY + timedelta(days=20))
        self.assertEqual(self.started.date_due_first, TODAY + timedelta(days=5))
        self.assertEqual((self.started.extension_count, asked.decided_by_id), (1, self.officer))
        self.assertEqual(self.started.activity_ids.date_deadline, TODAY + timedelta(days=20))
        for user in (self.doer, self.officer, self.env.user):
            self._refused(
                (AccessError, UserError), "", lambda u=user: self.started.with_user(u).write({"date_due": "2027-05-01"})
            )
        for values in ({"date_new": "2028-01-01"}, {"state": "refused"}, {"decided_by_id": self.top.id}):
            self._refused((AccessError, UserError), "", lambda v=values: asked.with_user(self.officer).write(v))
        self._refused(AccessError, "", lambda: asked.with_user(self.officer).unlink())
        self._refused(AccessError, "", lambda: asked.sudo().unlink())

    def test_nobody_decides_what_he_asked_or_works_on(self):
        asked = self._ask(self.officer)
        self._refused(UserError, "neither asked", lambda: asked.action_transition("approve"))
        self.started.with_user(self.manager).owner_id = self.second_officer
        for user in (self.second_officer,):
            self._refused(UserError, "neither asked", lambda u=user: asked.with_user(u).action_transition("approve"))
        self.started.with_user(self.manager).owner_id = self.doer
        self._refused(
            UserError, "neither asked", lambda: asked.with_user(self.second_officer).action_transition("approve")
        )
        self._refused(UserError, "fill in", lambda: asked.with_user(self.manager).action_transition("refuse"))
        asked.with_user(self.manager).remarks = "Do it now"
        asked.with_user(self.manager).action_transition("refuse")
        self.assertEqual((asked.state, self.started.date_due), ("refused", TODAY + timedelta(days=5)))
        again = self._ask()
        self._refused((AccessError, UserError), "", lambda: again.with_user(self.plain).action_transition("withdraw"))
        again.action_transition("withdraw")
        self.assertEqual(again.state, "withdrawn")

    def test_ways_round_an_extension(self):
        for user in (self.plain, self.top, self.certifier, self.portal, self.stranger):
            self._refused((AccessError, UserError), "", lambda u=user: self._ask(u))
        for values in ({"date_new": TODAY + timedelta(days=5)}, {"date_new": TODAY}, {"reason": "  "},
                       {"state": "approved"}, {"decided_by_id": self.manager.id},
                       {"action_id": self._create_action().id}):  # fmt: skip
            self._refused((AccessError, UserError), "", lambda v=values: self._ask(**v))
        forged = self._ask(asked_by_id=self.manager.id, date_before="2020-01-01")
        self.assertEqual((forged.asked_by_id, forged.date_before), (self.doer, TODAY + timedelta(days=5)))
        extensions = self.env["sqms.action.extension"].with_user(self.officer)
        hostile = extensions.with_context(default_state="approved", default_asked_by_id=self.top.id)
        forged.action_transition("withdraw")
        self._refused(
            UserError,
            "",
            lambda: hostile.create({"action_id": self.started.id, "date_new": "2027-01-01", "reason": "x"}),
        )
        self._refused(
            (AccessError, UserError), "",
            lambda: self.started.with_user(self.officer).write(
                {"extension_ids": [(0, 0, {"date_new": "2027-01-01", "reason": "x", "state": "approved"})]}
            ),
        )  # fmt: skip
        asked = self._ask()
        self._do(self.started)
        self._refused(UserError, "Done", lambda: asked.with_user(self.officer).action_transition("approve"))
        self.assertFalse(extensions.with_user(self.plain).search([]))

    # -- late -------------------------------------------------------------------------

    def test_late_is_late_where_the_company_is(self):
        due = self.started.date_due
        self.assertEqual((self.started.due_words, self.started.is_late), ("due in 5 d", False))
        # The last second of the day in Shanghai, then the first of the next; the reader sits in Lisbon.
        reader = self.started.with_context(tz="Europe/Lisbon")
        for moment, late, words in (
            (datetime(2026, 11, 28, 15, 59, 59), False, "due today"),
            (datetime(2026, 11, 28, 16, 0), True, "1 d late"),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual((reader.is_late, reader.due_words), (late, words))
                found = self.env["sqms.action"].search([("is_late", "=", True), ("id", "=", self.started.id)])
                self.assertEqual(bool(found), late)
                open_ones = self.env["sqms.action"].search([("is_late", "=", False), ("id", "=", self.started.id)])
                self.assertEqual(bool(open_ones), not late)
        timeless = self._create_action(date_due=False)
        self.assertFalse(timeless.is_late)
        self.assertTrue(self.env["sqms.action"].search([("is_late", "=", False), ("id", "=", timeless.id)]))
        with freeze_time(datetime(2026, 11, 28, 15, 59)):
            self._do(self.started)
        self.assertTrue(self.started.is_on_time)
        self.assertEqual(self.started.due_words, "done on time")
        self.assertEqual(self.started.date_due, due)

    def test_done_late_is_not_on_time_and_an_open_one_is_a_miss(self):
        late = self._create_action()
        late.with_user(self.doer).action_transition("start")
        with freeze_time(datetime(2026, 11, 28, 16, 1)):
            self._do(late)
            self.env.invalidate_all()
            self.assertEqual((late.is_on_time, late.due_words), (False, "done 1 d late"))
        indicator = self.env.ref("sqms_base.sqms_indicator_action_on_time")
        actions = late | self._do(self._create_lasting()) | self._create_lasting() | self._create_lasting()
        cancelled = actions[-1]
        cancelled.with_user(self.manager).cancel_reason = "Not needed"
        cancelled.with_user(self.manager).action_transition("cancel")
        formula = indicator._formula()
        due = self.env["sqms.action"].search(formula.domain & fields.Domain("id", "in", actions.ids))
        self.assertEqual((len(due), len(due.filtered(formula.numerator))), (2, 1))

    # -- whose turn ---------------------------------------------------------------------

    def test_one_activity_follows_the_turn(self):
        action = self._create_lasting(nonconformity_id=self.nonconformity.id)
        self.nonconformity.owner_id = self.manager
        turns = [(action.activity_ids.user_id, action.activity_ids.date_deadline)]
        self._do(action)
        turns.append((action.activity_ids.user_id, action.activity_ids.date_deadline))
        self._verify(action, self.second_manager)
        turns.append((action.activity_ids.user_id, action.activity_ids.date_deadline))
        action.with_user(self.second_manager).effect_result = "It came back"
        action.with_user(self.second_manager).action_transition("ineffective")
        self.assertEqual(
            turns,
            [
                (self.doer, date(2026, 11, 28)),
                (self.manager, TODAY),
                (self.second_manager, date(2026, 12, 23)),
            ],
        )
        self.assertFalse(action.activity_ids)
        self.assertFalse(self._create_action(owner_id=False).activity_ids)

    # -- reminders --------------------------------------------------------------------

    def _mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", "action")])

    def _remind(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            before = self._mails()
            self.env.ref("sqms_base.ir_cron_action_reminder").with_user(
                self.env.ref("base.user_root")
            ).method_direct_trigger()
            self.env.invalidate_all()
            return self._mails() - before

    def test_one_mail_a_person_and_day_never_twice(self):
        self.company.write({"sqms_action_days_before": "3，1", "sqms_action_days_after": "1, 7"})
        second = self._create_action("Second", date_due=TODAY + timedelta(days=6))
        second.with_user(self.doer).action_transition("start")
        planned = self._create_action("Planned", date_due=TODAY)
        other = self._create_action("Other", owner_id=self.plain.id)
        other.with_user(self.plain).action_transition("start")
        noon = datetime(2026, 11, 23, 4, 0)
        told = {}
        for day in range(20):
            for hour in (0, 3):
                for mail in self._remind(noon + timedelta(days=day, hours=hour)):
                    key = (day, mail.recipient_ids)
                    self.assertNotIn(key, told, "two in a day")
                    told[key] = mail
        days = sorted(day for day, who in told if who == self.doer.partner_id)
        # due on day 5 and day 6: three days before, one day before, one day after, seven days after
        self.assertEqual(days, [2, 3, 4, 5, 6, 7, 12, 13])
        self.assertEqual(len([1 for _day, who in told if who == self.plain.partner_id]), 4)
        self.assertEqual(told[7, self.doer.partner_id].subject, "1 actions, 1 of them late")
        self.assertFalse(planned.reminded_on)

    def test_after_downtime_the_last_rung_is_told_once(self):
        mails = self._remind(datetime(2026, 12, 8, 4, 0))
        self.assertEqual(len(mails), 1)
        self.assertIn("1 actions, 1 of them late", mails.subject)
        self.assertIn(self.started.number, mails.body_html)
        self.assertFalse(self._remind(datetime(2026, 12, 8, 5, 0)))
        self.assertFalse(self._remind(datetime(2026, 12, 11, 5, 0)))
        self.doer.active = False
        self.assertFalse(self._remind(datetime(2026, 12, 12, 5, 0)))

    # -- the start page ------------------------------------------------------------------

    def _section(self, user, key):
        self.env.invalidate_all()
        sections = self.env["sqms.morning"].with_user(user)._morning_sections()
        return next((section for section in sections if section and section["key"] == key), None)

    def test_the_start_page_tells_each_thing_once(self):
        self.started.evidence = "4 of 5 days"
        self.started.flush_recordset()
        action = self._create_lasting(nonconformity_id=self.nonconformity.id)
        mine = self._section(self.doer, "actions")
        self.assertEqual(mine["count"], 2)
        words = {item["title"]: item["subtitle"] for item in mine["items"]}
        self.assertEqual(words["Set the terminals back"], f"{self.started.number} · evidence: 4 of 5 days")
        self.assertEqual(words["Read the log first"], f"{action.number} · from {self.nonconformity.number}")
        self._do(action)
        self.assertEqual(self._section(self.doer, "actions")["count"], 1)
        self.assertEqual(self._section(self.doer, "to_verify")["count"], 0)
        waiting = self._section(self.manager, "to_verify")
        self.assertEqual([item["title"] for item in waiting["items"]], ["Read the log first"])
        self.assertEqual(self._section(self.manager, "to_sign")["count"], 0)
        self._verify(action)
        self.assertEqual(self._section(self.manager, "to_check")["count"], 0)
        with freeze_time(datetime(2026, 12, 23, 4, 0)):
            self.assertEqual(self._section(self.manager, "to_check")["count"], 1)
            for user in (self.doer, self.officer):
                self.assertEqual(self._section(user, "to_check")["count"], 0)
                self.assertEqual(self._section(user, "actions")["count"], int(user == self.doer))
        self.assertFalse(self._section(self.portal, "actions")["count"])

    # -- arithmetic, speed ------------------------------------------------------------------

    def test_the_verdict_agrees_with_exact_numbers(self):
        tenths = [Fraction(number, 10) for number in range(12)]
        for baseline, minimum, value in product(tenths, tenths, tenths):
            plain = [float(number) for number in (baseline, minimum, value)]
            self.assertEqual(has_helped("lower", *plain), value <= baseline - minimum, plain)
            self.assertEqual(has_helped("higher", *plain), value >= baseline + minimum, plain)

    def _count_queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        return self.cr.sql_log_count - before

    def test_twice_the_actions_the_same_number_of_queries(self):
        def many(number):
            values = [
                {
                    "name": f"Action {place}", "kind": "correction", "company_id": self.company.id,
                    "owner_id": (self.doer, self.plain)[place % 2].id, "date_due": TODAY + timedelta(days=place % 3),
                    "nonconformity_id": self.nonconformity.id,
                }
                for place in range(number)
            ]  # fmt: skip
            return self.env["sqms.action"].with_user(self.officer).create(values)

        cards = self.env["sqms.action"].get_view(self.env.ref("sqms_base.sqms_action_view_kanban_cards").id, "kanban")
        names = {name: {} for name in cards["models"]["sqms.action"]}
        few, lot = many(10), many(20)
        listed = {
            name: {}
            for name in self.env["sqms.action"].get_view(self.env.ref("sqms_base.sqms_action_view_list").id, "list")[
                "models"
            ]["sqms.action"]
        }
        model = self.env["sqms.action"].with_user(self.officer)
        for spec in (names, listed):
            model.web_search_read([("id", "in", few.ids)], spec)
            counts = [
                self._count_queries(lambda r=records, s=spec: model.web_search_read([("id", "in", r.ids)], s))
                for records in (few, lot)
            ]
            self.assertEqual(counts[0], counts[1])
        counts = [self._count_queries(lambda r=records: r.action_transition("start")) for records in (few, lot)]
        self.assertLessEqual(counts[1], counts[0] + 2, "steps: by what is written, not by record")
        counts = [self._count_queries(lambda r=records: r._plan_activities()) for records in (few, lot)]
        self.assertEqual(counts[0], counts[1], "activities")
        counts = []
        for records in (few, lot):
            records.sudo().flush_recordset()
            counts.append(self._count_queries(lambda r=records: r.sudo()._remind(self.company, TODAY)))
        self.assertLessEqual(counts[1], counts[0] + 2, "reminders: by person, not by action")
