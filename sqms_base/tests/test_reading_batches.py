from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import NOON, ZONE, DocumentCase

PEOPLE, BATCH = 60, 20


class PowerCut(Exception):
    pass


@tagged("post_install", "-at_install", "sqms_alone")
class TestReadingBatches(DocumentCase):
    """Asking many people: batch by batch, broken off anywhere, mails apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crowd = cls.env["hr.employee"].create(
            [{"name": f"Crowd {n}", "company_id": cls.company.id, "department_id": cls.desk.id} for n in range(PEOPLE)]
        )
        cls.readers = [
            new_test_user(cls.env, login=f"sqms_reader_{n}", groups="base.group_user", tz=ZONE,
                          company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)])
            for n in range(4)
        ]  # fmt: skip
        for person, user in zip(cls.crowd, cls.readers, strict=False):
            person.user_id = user
        cls.document = cls._create_document(audience="chosen", department_ids=[Command.set(cls.workshop.ids)])
        cls.version = cls._approve(cls._create_draft(cls.document)).sudo()
        # The choice grows behind the back of the document: everybody is still to be asked.
        cls.env.cr.execute("UPDATE sqms_document SET audience = 'all' WHERE id = %s", [cls.document.id])
        cls.env.invalidate_all()
        cls.document.sudo()._link_audiences()
        cls.readings = cls.env["sqms.acknowledgement"].sudo()

    @contextmanager
    def _committing(self):
        """Jobs that commit, in a test that must not: each commit is a savepoint, a power cut goes back to the last."""
        state = {"savepoint": self.cr.savepoint(), "commits": 0}

        def commit(_cron, processed=0, **_options):
            self.cr.flush()
            state["savepoint"].close(rollback=False)
            state["savepoint"] = self.cr.savepoint()
            state["commits"] += 1
            return 60.0

        with patch.object(self.registry["ir.cron"], "_commit_progress", commit):
            try:
                yield state
            except PowerCut:
                state["savepoint"].rollback()
                self.env.invalidate_all()
        state["savepoint"].close(rollback=False)

    def _asked(self):
        self.env.invalidate_all()
        return self.readings.search([("version_id", "=", self.version.id)])

    def _mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", [user.partner_id.id for user in self.readers])])

    def test_every_batch_costs_the_same_and_none_doubles(self):
        costs = []
        for _batch in range(PEOPLE // BATCH):
            self.cr.flush()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(self.readings._ask(BATCH, self.version), BATCH)
            self.cr.flush()  # with the ledger, as at the commit
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(costs[1:])), 1, costs)
        self.assertLessEqual(costs[-1], 12, "a constant for the batch, not one for each person")
        self.assertEqual(self.readings._ask(BATCH, self.version), 1)
        self.assertEqual(self.readings._ask(BATCH, self.version), 0)
        self.cr.flush()
        asked = self._asked()
        self.assertEqual(len(asked), PEOPLE + 2)
        self.assertEqual(len(asked.employee_id), PEOPLE + 2)
        entries = self.env["sqms.ledger.entry"].search([("res_model", "=", asked._name), ("res_id", "in", asked.ids)])
        self.assertEqual(sorted(entries.mapped("res_id")), sorted(asked.ids))
        self.assertEqual(set(entries.mapped("event")), {"create"})

    def test_a_batch_twice_as_large_costs_the_same(self):
        costs = []
        for size in (5, 10, 20):
            self.cr.flush()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.readings._ask(size, self.version)
            self.cr.flush()
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2], costs)

    def test_broken_off_in_the_middle_it_goes_on_without_doubles(self):
        forget, calls = type(self.readings)._forget_readings, []

        def break_off(readings):
            calls.append(1)
            if len(calls) == 3:
                raise PowerCut
            return forget(readings)

        broken = patch.object(self.registry["sqms.acknowledgement"], "_forget_readings", break_off)
        with self._committing(), broken:
            self.readings._cron_ask_readers(batch=BATCH)
        self.assertEqual(len(self._asked()), 2 * BATCH + 1, "two batches are there, the third is gone whole")
        with self._committing() as second:
            self.readings._cron_ask_readers(batch=BATCH)
        self.assertEqual(len(self._asked()), PEOPLE + 2)
        self.assertEqual(len(self._asked().employee_id), PEOPLE + 2)
        with self._committing() as third:
            self.readings._cron_ask_readers(batch=BATCH)
        self.assertEqual(third["commits"], 2, "nothing is left to do")
        self.assertGreater(second["commits"], 2)
        entries = self.env["sqms.ledger.entry"].search_count(
            [("res_model", "=", "sqms.acknowledgement"), ("res_id", "in", self._asked().ids), ("event", "=", "create")]
        )
        self.assertEqual(entries, PEOPLE + 2)

    def test_who_left_or_came_between_two_batches(self):
        self.readings._ask(BATCH, self.version)
        waiting = (self.crowd - self._asked().employee_id)[0]
        asked = self._asked().filtered(lambda row: row.state == "open").employee_id[-1]
        (waiting | asked).active = False
        late = self._create_employee("Late")
        with self._committing():
            self.readings._cron_ask_readers(batch=BATCH)
        states = {row.employee_id: row.state for row in self._asked().with_context(active_test=False)}
        self.assertNotIn(waiting, states)
        self.assertEqual((states[asked], states[late]), ("left", "open"))
        self.assertEqual(len(states), PEOPLE + 2)

    # -- mails -------------------------------------------------------------------------------

    def test_asking_makes_no_mail_but_calls_the_job(self):
        cron, before = self.env.ref("sqms_base.ir_cron_reading_reminder"), self.env["ir.cron.trigger"].search([])
        self.readings._ask(100, self.version)
        self.assertFalse(self._mails())
        self.assertFalse(self.env["mail.activity"].search([("res_model", "=", "sqms.acknowledgement")]))
        self.assertIn(cron, (self.env["ir.cron.trigger"].search([]) - before).cron_id)

    def test_mails_broken_off_are_neither_lost_nor_doubled(self):
        self.readings._ask(100, self.version)
        write, calls = type(self.readings).write, []

        def break_off(readings, values):
            calls.append(1)
            if len(calls) == 2:
                raise PowerCut
            return write(readings, values)

        with self._committing(), patch.object(self.registry["sqms.acknowledgement"], "write", break_off):
            self.readings._cron_remind(batch=1)
        first = self._mails()
        self.assertEqual(len(calls), 2)
        with self._committing():
            self.readings._cron_remind(batch=1)
        self.assertEqual(len(self._mails()), len(self.readers))
        self.assertEqual(len(self._mails().recipient_ids), len(self.readers))
        self.assertLess(len(first), len(self.readers))
        with self._committing():
            self.readings._cron_remind(batch=1)
        self.assertEqual(len(self._mails()), len(self.readers))

    def test_one_mail_a_day_though_asked_again_in_the_afternoon(self):
        self.readings._ask(100, self.version)
        with self._committing():
            self.readings._cron_remind()
        self._create_in_force(document=self._create_document("Second"))
        with self._committing():
            self.readings._cron_remind()
        self.assertEqual(len(self._mails()), len(self.readers))
        with freeze_time("2026-11-24 04:00:00"), self._committing():
            self.readings._cron_remind()
        self.assertEqual(len(self._mails()), 2 * len(self.readers))
        self.assertIn("Second", self._mails().sorted("id")[-1].body_html)

    def test_mails_cost_the_same_for_twice_the_people(self):
        self.readings._ask(100, self.version)
        costs = []
        for batch in (1, 1, 2):
            readings = self.readings._next_to_remind(self.company, NOON.date(), batch)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            readings._remind(NOON.date())
            self.env.flush_all()
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2], costs)

    # -- the button ----------------------------------------------------------------------------

    def test_remind_button_where_no_daily_mails_are_sent(self):
        self.company.sqms_remind_readers = False
        self.readings._ask(100, self.version)
        with self._committing():
            self.readings._cron_remind()
        self.assertFalse(self._mails())
        message = self.version.with_user(self.officer).action_remind()["params"]["message"]
        self.assertIn(f"{len(self.readers) + 1} people", message)
        for _time in range(2):
            with self._committing():
                self.readings._cron_remind()
            self.assertEqual(len(self._mails()), len(self.readers))
            self.version.with_user(self.officer).action_remind()
        for user in (self.plain, self.hr, self.top, self.certifier):
            with self.assertRaises(AccessError):
                self.version.with_user(user).action_remind()
        draft = self._create_draft()
        with self.assertRaises(UserError):
            draft.with_user(self.officer).action_remind()

    # -- coverage --------------------------------------------------------------------------------

    def test_coverage_by_department_with_what_is_below(self):
        self.readings._ask(100, self.version)
        mine = self._asked().filtered(lambda row: row.employee_id == self.employee)
        mine.with_user(self.plain).action_transition("acknowledge")
        self.env.invalidate_all()
        rows = {row["name"]: row for row in self.version.with_user(self.officer).coverage_rows}
        self.assertEqual([row["name"] for row in self.version.coverage_rows], ["Desk", "Desk North", "Workshop"])
        self.assertEqual((rows["Desk"]["read"], rows["Desk"]["readers"], rows["Desk"]["level"]), (1, PEOPLE + 1, 0))
        self.assertEqual((rows["Desk North"]["read"], rows["Desk North"]["readers"], rows["Desk North"]["level"]),
                         (1, 1, 1))  # fmt: skip
        self.assertEqual(rows["Workshop"]["percent"], 0)
        officer = self.version.with_user(self.officer)
        self.assertEqual(officer.open_reader_count, PEOPLE + 1)
        found = self.env["sqms.acknowledgement"].with_user(self.officer).search(officer.action_open_missing()["domain"])
        self.assertEqual(len(found), PEOPLE + 1)
        costs = []
        for _round in range(3):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            officer.coverage_rows  # noqa: B018
            costs.append(self.cr.sql_log_count - before)
            below = [
                {"name": f"B{n}{_round}", "company_id": self.company.id, "parent_id": self.desk.id} for n in range(3)
            ]
            for department in self.env["hr.department"].create(below):
                self._create_employee("X", department_id=department.id)
        self.assertEqual(costs[1], costs[2], costs)
