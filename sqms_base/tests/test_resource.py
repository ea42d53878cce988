import random
from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.staffing import Post, available_on, needed_on
from .common import NOON
from .goal_common import GoalCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
TODAY = date(2026, 11, 23)
SECRET = "Burner mixture 7"


@tagged("post_install", "-at_install", "sqms_alone")
class TestResource(GoalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env["hr.job"].create({"name": "Technician", "company_id": cls.company.id})
        cls.second_officer = cls._create_user("officer2", "sqms_base.group_sqms_officer")

    @classmethod
    def _create(cls, kind="ip", user=None, **values):
        asked = {
            "people": {"job_id": cls.job.id, "need_ids": [(0, 0, {"date_from": date(2026, 1, 1), "fte": 2})]},
            "finance": {"budget": 1000, "date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)},
            "ip": {"ip_kind": "trademark", "rights_holder": "Qinghe"},
            "knowledge": {"lesson": "Read the terminal log before a second payment."},
        }[kind]
        return cls._as("sqms.resource", user).create({"name": kind, "kind": kind, **asked, **values})

    @classmethod
    def _confirmed(cls, *args, **values):
        resource = cls._create(*args, **values)
        resource.sudo().action_transition("confirm")
        return resource

    def _employ(self, name="Ren", share=1.0, **values):
        employee = self._create_employee(name, job_id=self.job.id)
        employee.version_id.write({"date_version": date(2026, 1, 1), **values})
        if share != 1.0:
            calendar = self.company.resource_calendar_id.copy({"name": f"{share}"})
            calendar.hours_per_week = self.company.resource_calendar_id.hours_per_week * share
            employee.version_id.resource_calendar_id = calendar
        return employee

    # -- the register ----------------------------------------------------------------

    def test_each_kind_says_what_it_is_before_it_is_confirmed(self):
        for kind, missing in (
            ("people", {"job_id": False}), ("finance", {"budget": 0}), ("ip", {"rights_holder": False}),
            ("knowledge", {"lesson": False}),
        ):  # fmt: skip
            resource = self._create(kind, **missing)
            label = resource._fields[next(iter(missing))].string
            self._refused(UserError, label, lambda r=resource: r.action_transition("confirm"))
            orphan = self._create(kind, owner_id=False)
            self._refused(UserError, "Owner", lambda r=orphan: r.action_transition("confirm"))
            whole = self._confirmed(kind)
            self._refused(ValidationError, "is confirmed", lambda w=whole, m=missing: w.write(m))
            self._refused(ValidationError, "is confirmed", lambda w=whole: w.write({"owner_id": False}))
            self._refused(UserError, "kept", whole.unlink)
            self._refused(AccessError, "", lambda w=whole: w.action_transition("close"))
            self._refused(UserError, "", lambda w=whole: w.with_user(self.manager).action_transition("close"))
            whole.with_user(self.manager).closing_reason = "Not needed any more"
            whole.with_user(self.manager).action_transition("close")
            self._refused(AccessError, "no longer be changed", lambda w=whole: w.write({"name": "x"}))
        people = self._create("people")
        people.unlink()
        closed = self._confirmed("people")
        closed.with_user(self.manager).closing_reason = "x"
        closed.with_user(self.manager).action_transition("close")
        self._refused(AccessError, "", lambda: closed.need_ids.write({"fte": 9}))
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.CheckViolation, "", lambda: self._create("finance", budget=-1))
            self._refused(
                psycopg2.errors.UniqueViolation, "",
                lambda: self.env["sqms.resource.need"].create(
                    [{"resource_id": closed.copy().id, "date_from": TODAY, "fte": 1}] * 2
                ),
            )  # fmt: skip

    # -- people ----------------------------------------------------------------------

    def test_too_few_when_fewer_are_there_than_needed_on_that_day(self):
        resource = self._confirmed("people")
        self._employ("Full")
        half = self._employ("Half", 0.5)
        leaving = self._employ("Leaving", contract_date_start=date(2026, 1, 1), contract_date_end=date(2027, 1, 31))
        self.env.flush_all()
        staff = lambda *days: resource._staffing(days)[resource.id]  # noqa: E731
        days = (TODAY, date(2027, 1, 31), date(2027, 2, 1))
        self.assertEqual(staff(*days), {days[0]: (2, 2.5), days[1]: (2, 2.5), days[2]: (2, 1.5)})
        self.env.invalidate_all()
        self.assertEqual((resource.fte_available, resource.is_short, resource.date_short), (2.5, False, days[2]))
        self.assertIn("0.5 too few", resource.forecast)
        # From a day on more are needed; another calendar from a day on.
        resource.need_ids = [(0, 0, {"date_from": date(2026, 12, 1), "fte": 3})]
        half.create_version({"date_version": date(2026, 12, 15)})
        half.version_ids.sorted("date_version")[-1].resource_calendar_id = self.company.resource_calendar_id
        self.env.invalidate_all()
        self.assertEqual(resource.date_short, date(2026, 12, 1))
        self.assertEqual(staff(date(2026, 12, 1), date(2026, 12, 15)),
                         {date(2026, 12, 1): (3, 2.5), date(2026, 12, 15): (3, 3)})  # fmt: skip
        found = self._as("sqms.resource").search
        self.assertFalse(found([("is_short", "=", True), ("id", "=", resource.id)]))
        with freeze_time(datetime(2026, 12, 1, 4)):
            self.env.invalidate_all()
            self.assertTrue(resource.is_short)
            self.assertEqual(found([("is_short", "=", True), ("id", "=", resource.id)]), resource)
        leaving.active = False
        self.env.flush_all()
        self.assertEqual(staff(TODAY)[TODAY], (2, 1.5))

    def test_reckoning_equals_a_brute_force_twin(self):
        dice = random.Random(11)
        first = date(2026, 1, 1)
        for _turn in range(30):
            posts = [
                Post(dice.randrange(4), first + timedelta(dice.randrange(90)),
                     dice.choice((1, 2)), dice.choice((0.5, 1.0)), dice.choice((None, first + timedelta(20))),
                     dice.choice((None, first + timedelta(60))))
                for _number in range(dice.randrange(8))
            ]  # fmt: skip
            # One version of a person for each day at most, as the personnel records have it.
            posts = list({(post.person, post.starts): post for post in posts}.values())
            for offset in range(0, 100, 7):
                day = first + timedelta(offset)
                twin = 0.0
                for person in {post.person for post in posts}:
                    mine = sorted((post for post in posts if post.person == person and post.starts <= day),
                                  key=lambda post: post.starts)  # fmt: skip
                    if not mine:
                        continue
                    last = mine[-1]
                    begun = last.employed_from is None or last.employed_from <= day
                    if last.role == 1 and begun and (last.employed_to is None or last.employed_to >= day):
                        twin += last.share
                self.assertEqual(available_on(posts, 1, day), twin)
        self.assertEqual(needed_on([(first, 1), (first + timedelta(5), 3)], first + timedelta(4)), 1)

    def test_one_question_for_the_people_of_all_roles(self):
        few = self._create("people") | self._create("people")
        self.env.flush_all()
        self.env.invalidate_all()
        few._staffing([TODAY])
        many = few | self._as("sqms.resource").create(
            [{"name": str(n), "kind": "people", "job_id": self.job.id, "need_ids": [(0, 0, {"fte": 1})]}
             for n in range(10)]
        )  # fmt: skip
        for resources in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            resources._staffing([TODAY, TODAY + timedelta(30)])
            asked = self.cr.sql_log_count - before
            if resources == few:
                baseline = asked
        self.assertEqual(asked, baseline)

    # -- finance ---------------------------------------------------------------------

    def test_a_budget_and_what_was_booked_in_its_period(self):
        whole = self._confirmed("finance")
        part = self._confirmed("finance", category="prevention", process_id=self.process.id, budget=100)
        costs = self._as("sqms.quality.cost")
        nowhere = self.env["sqms.process"]
        rows = [("prevention", 80, "2026-03-01", self.process), ("prevention", 50, "2026-12-31", nowhere),
                ("external", 30, "2025-12-31", self.process), ("external", 40, "2026-01-01", self.process)]  # fmt: skip
        with freeze_time(datetime(2027, 1, 2, 4)):
            costs.create(
                [{"name": "x", "category": category, "amount": amount, "date": day, "process_id": process.id}
                 for category, amount, day, process in rows]
            ).action_transition("post")  # fmt: skip
            costs.create({"name": "draft", "category": "external", "amount": 500, "date": "2026-05-05"})
        self.env.invalidate_all()
        self.assertEqual((whole.spent, whole.remaining, whole.is_overspent), (170, 830, False))
        self.assertEqual((part.spent, part.remaining), (80, 20))
        part.budget = 79
        self.assertTrue(part.is_overspent)

    # -- renewals --------------------------------------------------------------------

    def _told(self, resource):
        return self.env["mail.activity"].search_count(
            [("res_model", "=", "sqms.resource"), ("res_id", "=", resource.id)]
        )  # fmt: skip

    def _run_on(self, left, resource):
        """The job, twice, so many days before the right ends."""
        with freeze_time(datetime.combine(resource.date_renewal - timedelta(left), NOON.time())):
            for _turn in range(2):
                self.env["sqms.resource"]._cron_renewals()
                self.env.flush_all()
        return self._told(resource)

    def test_told_of_a_renewal_90_and_30_days_ahead_each_once(self):
        mark = self._confirmed(date_renewal=date(2027, 6, 30), owner_id=self.plain.id)
        draft = self._create(date_renewal=date(2027, 6, 30))
        told = [self._run_on(left, mark) for left in (120, 91, 90, 89, 60, 31, 30, 29, 0, -5)]
        self.assertEqual(told, [0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        self.assertEqual(sorted(mark.notice_ids.mapped("days")), [30, 90])
        self.assertFalse(self._told(draft))
        notice = self.env["sqms.resource.notice"]
        with mute_logger("odoo.sql_db"):
            self._refused(
                psycopg2.errors.UniqueViolation, "",
                lambda: notice.create({"resource_id": mark.id, "user_id": self.plain.id, "days": 90,
                                       "date_renewal": mark.date_renewal}),
            )  # fmt: skip
        # Renewed: what was asked for is gone, and the next date is told of anew.
        mark.date_renewal = date(2037, 6, 30)
        self.assertFalse(self._told(mark))
        self.assertEqual([self._run_on(left, mark) for left in (91, 90, 30)], [0, 1, 2])
        # Registered late, it is told once for both; without an owner once there is one.
        late = self._confirmed(date_renewal=date(2027, 8, 1))
        self.assertEqual((self._run_on(10, late), sorted(late.notice_ids.mapped("days"))), (1, [30, 90]))
        self.plain.active = False
        alone = self._confirmed(date_renewal=date(2027, 9, 1), owner_id=self.second_officer.id)
        self.second_officer.active = False
        self.assertEqual(self._run_on(50, alone), 0)
        alone.owner_id = self.officer
        self.assertEqual(self._run_on(49, alone), 1)
        self.company.sqms_renewal_days = "7"
        short = self._confirmed(date_renewal=date(2027, 10, 1))
        self.assertEqual([self._run_on(left, short) for left in (30, 8, 7, 1)], [0, 0, 1, 1])
        for text in ("", "soon", "30, 30", "0", "-5", "30;90"):
            self._refused(ValidationError, "whole numbers", lambda t=text: self.company.write({"sqms_renewal_days": t}))

    def test_which_renewals_are_due(self):
        near = self._confirmed(date_renewal=TODAY + timedelta(days=90))
        far = self._confirmed(date_renewal=TODAY + timedelta(days=91))
        found = self._as("sqms.resource").search([("is_renewal_due", "=", True), ("id", "in", (near | far).ids)])
        self.assertEqual((found, near.is_renewal_due, far.is_renewal_due), (near, True, False))
        found = self._as("sqms.resource").search([("is_renewal_due", "=", False), ("id", "in", (near | far).ids)])
        self.assertEqual(found, far)

    # -- what is confidential ----------------------------------------------------------

    @mute_logger(*RULES)
    def test_a_confidential_one_is_found_by_nobody_else_by_any_way(self):
        secret = self._create(
            name=SECRET, ip_kind="know_how", owner_id=self.second_officer.id, is_confidential=True,
            process_id=self.process.id, user=self.manager,
        )  # fmt: skip
        document = self._create_document()
        secret.document_ids = document
        secret.with_user(self.manager).message_post(body=SECRET)
        secret.activity_schedule("mail.mail_activity_data_todo", user_id=self.second_officer.id, summary=SECRET)
        self.env["sqms.resource.notice"].create(
            {"resource_id": secret.id, "user_id": self.second_officer.id, "days": 90, "date_renewal": TODAY}
        )
        (self.officer | self.certifier).group_ids |= self.env.ref("base.group_allow_export")
        self.env.flush_all()
        for user in (self.second_officer, self.manager, self.top):
            self.assertEqual(secret.with_user(user).name, SECRET)
        for user in (self.officer, self.certifier, self.plain, self.hr, self.stranger, self.portal, self.public):
            self.env.invalidate_all()
            mine = secret.with_user(user)
            resources = self._as("sqms.resource", user)
            self._refused(AccessError, "", lambda m=mine: m.read(["name"]))
            self._refused(AccessError, "", lambda m=mine: m.web_read({"name": {}}))
            self._refused((AccessError, UserError), "", lambda m=mine: m.export_data(["name", "display_name"]))
            self._refused(AccessError, "", lambda m=mine: m.write({"is_confidential": False}))
            self._refused(AccessError, "", lambda m=mine: m.sqms_history())
            self._refused(AccessError, "", lambda m=mine: m.trace())
            self._refused(AccessError, "", lambda m=mine: m.notice_ids.read(["days"]))
            if resources.has_access("read"):
                by_name = [("name", "=", SECRET)]
                self.assertFalse(resources.search(by_name))
                self.assertFalse(resources.search_count(by_name))
                self.assertFalse(resources.search_read(by_name, ["name"]))
                self.assertFalse(resources.name_search(SECRET))
                self.assertFalse(resources._read_group(by_name, ["kind"], ["__count"]))
                self.assertFalse(resources.formatted_read_group(by_name, ["name"], ["__count"]))
                self.assertFalse(self._as("sqms.resource.notice", user).search([("resource_id", "=", secret.id)]))
                self.assertFalse(self._as("mail.message", user).search([("body", "ilike", SECRET)]))
                entries = self._as("sqms.ledger.entry", user)
                self.assertFalse(entries.search([("res_model", "=", "sqms.resource"), ("res_id", "=", secret.id)]))
                # From a document the thread comes to something restricted, and says nothing of it.
                if document.with_user(user).has_access("read"):
                    self.assertNotIn(SECRET, str(document.with_user(user).trace()))
        self.assertIn(SECRET, str(document.with_user(self.manager).trace()))

    def test_an_officer_keeps_his_own_confidential_and_nothing_is_left_of_it(self):
        own = self._create(is_confidential=True)
        self.assertTrue(own.with_user(self.officer).is_confidential)
        self.assertFalse(self._as("sqms.resource", self.certifier).search([("id", "=", own.id)]))
        gone = own.id
        own.unlink()
        self.env.flush_all()
        entries = self._as("sqms.ledger.entry", self.certifier)
        self.assertFalse(entries.search([("res_model", "=", "sqms.resource"), ("res_id", "=", gone)]))

    @mute_logger(*RULES)
    def test_roles(self):
        resource = self._confirmed("people")
        self.env.flush_all()
        for user in (self.portal, self.public, self.stranger, self.plain):
            self._refused(AccessError, "", lambda u=user: resource.with_user(u).read(["name"]))
            self._refused(AccessError, "", lambda u=user: resource.need_ids.with_user(u).read(["fte"]))
            self._refused(AccessError, "", lambda u=user: resource.need_ids.with_user(u).write({"fte": 1}))
        for user in (self.plain, self.certifier, self.top):
            self._refused(AccessError, "", lambda u=user: self._create(user=u))
        self.assertEqual(resource.with_user(self.certifier).fte_needed, 2)
        self._refused(AccessError, "", lambda: resource.with_user(self.certifier).write({"name": "x"}))
        resource.owner_id = self.plain
        self.env.flush_all()
        self.assertEqual(resource.with_user(self.plain).need_ids.fte, 2)
        self._refused(AccessError, "", lambda: resource.with_user(self.plain).write({"name": "x"}))

    # -- ready ------------------------------------------------------------------------

    def test_readiness_wants_each_kind_with_an_owner(self):
        readiness = self.env["sqms.readiness"].with_user(self.manager).with_company(self.company)
        check = lambda: readiness._check_resources(self.company)  # noqa: E731
        self.employee.department_id = self.desk_north
        self.desk.manager_id = self.workshop.manager_id = self.employee
        self.env["maintenance.equipment"].create(
            {"name": "Detector", "company_id": self.company.id, "technician_user_id": self.officer.id}
        )
        self.assertEqual(
            check(), (False, "Not in the register of resources yet: People, Finance, Intellectual Property.")
        )
        self._confirmed("people")
        self._confirmed("finance")
        self.assertIn("Intellectual Property", check()[1])
        mark = self._confirmed(is_confidential=True, owner_id=self.second_officer.id, name=SECRET, user=self.manager)
        self.assertTrue(check()[0], check()[1])
        self.second_officer.active = False
        self.env.invalidate_all()
        is_met, reason = check()
        self.assertEqual((is_met, SECRET in reason), (False, False))
        mark.owner_id = self.officer
        self.assertTrue(check()[0])
