import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.clearance_dates import holds_on
from .clearance_common import ClearanceCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestClearanceCleared(ClearanceCase):
    """Who is cleared on which day, whom a rule concerns, and asking again in time."""

    def _queries(self, method):
        method()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        method()
        return self.env.cr.sql_log_count - before

    def test_a_day_is_answered_as_the_twin_answers_it(self):
        rng = random.Random(7)
        rule = self._create_rule(name="Random", job_ids=False)
        people = self.env["hr.employee"].create(
            [{"name": f"P{number}", "company_id": self.company.id} for number in range(12)]
        )
        rows = []
        for employee in people:
            for _time in range(3):
                first = rng.randint(-400, 100)
                verdict = rng.choice(["approved", "conditional", "approved", "refused"])
                later = lambda first=first: rng.choice([None, first + rng.randint(0, 200)])  # noqa: E731
                extra = {"condition_until": later(), "lifted_on": later()} if verdict == "conditional" else {}
                clearance = self._taken_over(employee, rule, first, later(), verdict, ended_on=later(), **extra)
                rows.append(clearance)
        domain = self.env["sqms.clearance"]._cleared_domain
        for number in (*range(-420, 320, 37), 0):
            day = self.today + timedelta(days=number)
            twin = {
                row.employee_id.id
                for row in rows
                if holds_on(
                    day, row.verdict, row.cleared_from, row.valid_to, row.ended_on, row.condition_until, row.lifted_on
                )
            }
            found = self.env["sqms.clearance"]._cleared(people, rule, day)
            self.assertEqual({id_ for id_, _rule in found}, twin, day)
            self.assertEqual(set(self.env["hr.employee"].search(domain(rule, day)).ids), twin, day)
            self.assertEqual({row.employee_id.id for row in rows if row._holds_on(day)}, twin, day)

    def test_both_posts_of_a_person_count_in_the_domain(self):
        second = self._create_rule(name="Second", job_ids=False)
        self._taken_over(self.employee, self.rule, -10, 100)
        both = self.rule | second
        search = self.env["hr.employee"].search
        domain = self.env["sqms.clearance"]._cleared_domain
        self.assertIn(self.employee, search(domain(self.rule)))
        self.assertNotIn(self.employee, search(domain(both)))
        self._taken_over(self.employee, second, -10, 100)
        self.assertIn(self.employee, search(domain(both)))

    def test_a_decision_of_today_does_not_make_yesterday_better(self):
        clearance = self._reviewed()
        clearance.with_user(self.reviewer)
        self._sign(clearance, "approve")
        ask = self.env["sqms.clearance"]._cleared
        self.assertTrue(ask(self.employee, self.rule, self.today))
        self.assertFalse(ask(self.employee, self.rule, self.today - timedelta(days=1)))

    def test_twice_the_people_the_same_number_of_queries(self):
        def people(count):
            made = self.env["hr.employee"].create(
                [
                    {"name": f"Q{number}", "company_id": self.company.id, "job_id": self.harmless.id}
                    for number in range(count)
                ]
            )
            for employee in made[: count // 2]:
                self._taken_over(employee, self.rule, -10, 100)
            return made

        few, many = people(5), people(10)
        clearances, publics = self.env["sqms.clearance"], self.env["hr.employee.public"].with_user(self.asker)
        rules = self.rule
        for ask in (
            lambda some: clearances._cleared_until(some, rules),
            lambda some: self.env["hr.employee"].search(clearances._cleared_domain(rules)),
            lambda some: rules._coverage(self.today, employees=some),
            lambda some: publics.browse(some.ids).mapped("clearance_status"),
        ):
            self.assertEqual(self._queries(lambda a=ask: a(few)), self._queries(lambda a=ask: a(many)))

    # -- coverage ---------------------------------------------------------------------

    def test_a_job_that_becomes_sensitive_shows_who_is_missing_and_asks_all_in_one_step(self):
        drivers = self.env["hr.employee"].create(
            [
                {"name": name, "company_id": self.company.id, "job_id": self.harmless.id, "date_version": "2020-01-01"}
                for name in ("A", "B", "C")
            ]
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["hr.employee"].create({"name": "D", "company_id": elsewhere.id, "job_id": False})
        self.rule.job_ids = self.harmless
        self._taken_over(drivers[0], self.rule, -10, 100)
        rule = self.rule.with_user(self.asker)
        rule.invalidate_recordset()
        self.assertEqual((rule.covered_count, rule.cleared_count, rule.missing_count), (3, 1, 2))
        action = rule.action_ask_missing()
        made = self.env["sqms.clearance"].search(action["domain"])
        self.assertEqual(made.employee_id, drivers[1:])
        self.assertEqual(set(made.mapped("reason")), {"flagged"})
        rule.invalidate_recordset()
        self.assertEqual((rule.missing_count, rule.under_way_count), (0, 2))
        with self.assertRaisesRegex(UserError, "asked already"):
            rule.action_ask_missing()
        # Only the office asks.
        with self.assertRaises(AccessError):
            self.rule.with_user(self.person).action_ask_missing()

    def test_departments_count_with_those_below(self):
        top, other = self.env["hr.department"].create(
            [{"name": name, "company_id": self.company.id} for name in ("Kindergartens", "Gardens")]
        )
        below = self.env["hr.department"].create(
            {"name": "Kindergarten East", "company_id": self.company.id, "parent_id": top.id}
        )
        self.rule.write({"job_ids": False, "department_ids": [(6, 0, top.ids)]})
        people = self.env["hr.employee"].create(
            [
                {"name": f"N{number}", "company_id": self.company.id, "department_id": department.id}
                for number, department in enumerate((top, below, other))
            ]
        )
        rows = self.rule._coverage(self.today)
        self.assertEqual([row["employee_id"] for row in rows], people[:2].ids)

    def test_who_moves_to_a_sensitive_post_is_asked_at_once(self):
        open_ = lambda: self.env["sqms.clearance"].search([("employee_id", "=", self.employee.id)])  # noqa: E731
        hr = self._create_user("c_hr", "hr.group_hr_user")
        self.assertFalse(open_())
        self.employee.with_user(hr).job_id = self.job
        self.assertEqual((open_().rule_id, open_().reason, open_().requested_by_id), (self.rule, "move", hr))
        self.employee.with_user(hr).job_id = self.harmless
        self.employee.with_user(hr).job_id = self.job
        self.assertEqual(len(open_()), 1)
        new = self.env["hr.employee"].with_user(hr).create(
            {"name": "New", "company_id": self.company.id, "job_id": self.job.id}
        )  # fmt: skip
        self.assertEqual(self.env["sqms.clearance"].search([("employee_id", "=", new.id)]).reason, "entry")
        # A rule that is not ready, because its law was never compared, asks nobody.
        self.item.duty = "Another text"
        late = self.env["hr.employee"].create({"name": "Late", "company_id": self.company.id, "job_id": self.job.id})
        self.assertFalse(self.env["sqms.clearance"].search([("employee_id", "=", late.id)]))

    def test_the_yearly_check_is_asked_once_ahead_of_the_end(self):
        self.rule.job_ids = self.job
        ask = self.env["sqms.position.rule"]._cron_ask
        person = self._create_employee("Old hand")
        old = self._taken_over(person, self.rule, -300, 61)
        person.job_id = self.job
        mine = [("employee_id", "=", person.id)]
        self.assertEqual(self.env["sqms.clearance"].search(mine), old)
        ask()
        self.assertEqual(self.env["sqms.clearance"].search(mine), old)
        self.rule.ahead_days = 62
        ask()
        new = self.env["sqms.clearance"].search(mine) - old
        self.assertEqual((len(new), new.reason, new.previous_id, new.state), (1, "again", old, "requested"))
        ask()
        self.assertEqual(len(self.env["sqms.clearance"].search(mine)), 2)
        # After a refusal nobody is asked by himself again.
        refused = self._create_employee("Refused", job_id=self.harmless.id)
        self._taken_over(refused, self.rule, -300, -200)
        self._taken_over(refused, self.rule, -100, None, "refused")
        refused.job_id = self.job
        ask()
        self.assertEqual(self.env["sqms.clearance"].search_count([("employee_id", "=", refused.id)]), 2)

    # -- reminders -----------------------------------------------------------------------

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_each_window_is_told_once_to_officers_and_person_and_no_mail_names_anybody(self):
        remind = self.env["sqms.clearance.reminder"]._cron_remind
        mails = lambda: self.env["mail.mail"].search([("subject", "ilike", "clearance")])  # noqa: E731
        before = mails()
        ends = self._taken_over(self.employee, self.rule, -300, 25)
        renewed = self._create_employee("Renewed")
        self._taken_over(renewed, self.rule, -300, 5)
        self._taken_over(renewed, self.rule, -5, 300)
        expired = self._create_employee("Expired")
        self._taken_over(expired, self.rule, -300, -1)
        remind()
        rows = self.env["sqms.clearance.reminder"].search([("company_id", "=", self.company.id)])
        self.assertEqual((rows.clearance_id, rows.days), (ends, 30))
        sent = mails() - before
        told = sent.recipient_ids
        self.assertTrue((self.asker | self.reviewer | self.approver | self.person).partner_id <= told)
        for mail in sent:
            for word in ("Wang Li", "School bus", ends.number, "NR-"):
                self.assertNotIn(word, f"{mail.subject} {mail.body_html}")
        remind()
        self.assertEqual(mails() - before, sent)
        self.assertEqual(len(self.env["sqms.clearance.reminder"].search([("clearance_id", "=", ends.id)])), 1)

    # -- what others see -------------------------------------------------------------------

    def test_hr_and_managers_see_whether_and_until_when_and_nothing_else(self):
        boss_user = self._create_user("c_boss", "base.group_user")
        boss = self._create_employee("Boss", boss_user)
        hr = self._create_user("c_hr2", "hr.group_hr_user")
        self.employee.write({"parent_id": boss.id, "job_id": self.job.id})
        stranger = self._create_user("c_stranger", "base.group_user")
        self._create_employee("Stranger", stranger)

        def seen(user):
            self.env.invalidate_all()
            public = self.env["hr.employee.public"].with_user(user).browse(self.employee.id)
            return public.clearance_status, public.clearance_until

        self.assertEqual(seen(boss_user), ("not_cleared", False))
        self.env["sqms.clearance"].search([("employee_id", "=", self.employee.id)]).with_context(x=1)
        row = self._taken_over_of_open()
        self.assertEqual(seen(boss_user), ("cleared", row.valid_to))
        self.assertEqual(seen(hr), ("cleared", row.valid_to))
        self.assertEqual(seen(self.person), ("cleared", row.valid_to))
        self.assertEqual(seen(stranger), (False, False))
        employee = self.employee.with_user(hr)
        employee.invalidate_recordset()
        self.assertEqual(employee.clearance_status, "cleared")
        with self.assertRaises(AccessError):
            self.employee.with_user(stranger).read(["clearance_status"])
        self.assertEqual(self.employee.with_user(stranger).name, "Wang Li")

    def _taken_over_of_open(self):
        """The clearance that was asked for by the move is stopped; the one of the old register counts."""
        waiting = self.env["sqms.clearance"].search([("employee_id", "=", self.employee.id)]).with_user(self.asker)
        waiting.withdraw_reason = "In the old register"
        waiting.action_transition("withdraw")
        return self._taken_over(self.employee, self.rule, -10, 100)
