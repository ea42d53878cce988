import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.fields import Domain
from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestTrainingCoverage(CertificateCase):
    """How many of those who need something have it, compared with counting by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2031-05-20 04:00:00"))
        cls.today = date(2031, 5, 20)
        cls.coverage = cls.env["sqms.training.coverage"]
        cls.north, cls.south = cls.env["hr.department"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("North", "South")]
        )
        cls.jobs = cls.env["hr.job"].create(
            [
                {
                    "name": f"Job {number}",
                    "company_id": cls.company.id,
                    "current_job_skill_ids": [
                        Command.create({
                            "skill_type_id": skill.skill_type_id.id, "skill_id": skill.id, "skill_level_id": level.id,
                            "valid_from": "2020-01-01",
                        })
                        for skill, level in needs
                    ],
                }
                for number, needs in enumerate((
                    ((cls.gas, cls.full), (cls.language.skill_ids[0], cls.language.skill_level_ids[0])),
                    ((cls.gas, cls.basic), (cls.power, cls.basic)),
                    ((cls.language.skill_ids[1], cls.language.skill_level_ids[0]),),
                    (),
                ))
            ]
        )  # fmt: skip

    def _create_staff(self, size, dice):
        staff = self.env["hr.employee"].create(
            [
                {
                    "name": f"Staff {number}",
                    "company_id": self.company.id,
                    "department_id": dice.choice((self.north, self.south)).id,
                    "job_id": dice.choice(self.jobs).id,
                    "date_version": f"2030-{dice.randint(1, 12):02}-01",
                }
                for number in range(size)
            ]
        )
        self.env["hr.employee.skill"].create(
            [
                {
                    **self._values(first := dice.randint(-200, 5), first + dice.randint(0, 250)),
                    "employee_id": dice.choice(staff).id,
                    "skill_id": dice.choice(self.gas | self.power).id,
                    "skill_level_id": dice.choice(self.basic | self.full).id,
                    "issuer": f"Office {number}",
                }
                for number in range(size * 2)
            ]
        )
        return staff

    def _figures(self, kind, month=None):
        """`{department: (met, needed)}`"""
        domain = Domain("company_id", "=", self.company.id) & Domain("kind", "=", kind)
        rows = self.coverage.search(domain & Domain("month", "=", month or self.today.replace(day=1)))
        return {row.department_id: (row.met, row.needed) for row in rows}

    def _by_hand(self, staff, day):
        """The same, person by person and requirement by requirement."""
        people, requirements = {}, {}
        for person in staff:
            met_all, needs_any = True, False
            if person.date_version > day:
                continue
            for need in person.job_id.job_skill_ids:
                rows = self.env["hr.employee.skill"].search(
                    [("employee_id", "=", person.id), ("skill_id", "=", need.skill_id.id)]
                )
                met = any(
                    row.valid_from <= day
                    and (not row.valid_to or row.valid_to >= day)
                    and (not row.revoked_on or row.revoked_on > day)
                    and row.level_progress >= need.level_progress
                    for row in rows
                )
                had, needed = requirements.get(person.department_id, (0, 0))
                requirements[person.department_id] = had + met, needed + 1
                if need.is_certification:
                    needs_any, met_all = True, met_all and met
            if needs_any:
                had, needed = people.get(person.department_id, (0, 0))
                people[person.department_id] = had + met_all, needed + 1
        return people, requirements

    def test_counted_as_by_hand_in_each_month(self):
        staff = self._create_staff(30, random.Random(3))
        self.coverage._count(self.company)
        for month, day in ((date(2031, 5, 1), self.today), (date(2031, 3, 1), date(2031, 3, 31)),
                           (date(2030, 8, 1), date(2030, 8, 31))):  # fmt: skip
            people, requirements = self._by_hand(staff, day)
            self.assertTrue(people)
            self.assertEqual(self._figures("certificate", month), people)
            self.assertEqual(self._figures("competence", month), requirements)
        self.assertFalse(self._figures("certificate", date(2030, 4, 1)))

    def test_again_changes_nothing(self):
        self._create_staff(10, random.Random(4))
        self.coverage._count(self.company)
        before = self.coverage.search([]).read()
        self.env.flush_all()
        self.coverage._count(self.company)
        self.assertEqual(self.coverage.search([]).read(), before)

    def test_late_data_counts_while_the_month_is_open(self):
        person = self._create_staff(1, random.Random(5))
        person.job_id, person.date_version = self.jobs[0], date(2029, 1, 1)
        self.env["hr.employee.skill"].search([("employee_id", "=", person.id)])._revoke("None of these")
        self.coverage._count(self.company)
        april, december = date(2031, 4, 1), date(2030, 12, 1)
        department = person.department_id
        self.assertEqual(self._figures("certificate", december)[department], (0, 1))
        self._create_certificate(
            employee_id=person.id, skill_level_id=self.full.id, valid_from="2030-11-01", valid_to="2032-01-01"
        )
        self.coverage._count(self.company)
        self.assertEqual(self._figures("certificate", april)[department], (1, 1))
        self.assertEqual(self._figures("certificate")[department], (1, 1))
        self.assertEqual(self._figures("certificate", december)[department], (0, 1), "closed months stay as they were")

    def test_who_left_counts_up_to_his_last_day(self):
        person = self._create_staff(1, random.Random(6))
        person.job_id, person.date_version = self.jobs[1], date(2029, 1, 1)
        person.write({"departure_date": date(2031, 4, 15), "active": False})
        self.coverage._count(self.company)
        self.assertTrue(self._figures("certificate", date(2031, 3, 1)))
        self.assertFalse(self._figures("certificate", date(2031, 4, 1)))
        self.assertFalse(self._figures("certificate"))

    def test_what_nobody_needs_any_more_goes(self):
        person = self._create_staff(1, random.Random(7))
        person.job_id = self.jobs[0]
        self.coverage._count(self.company)
        self.assertTrue(self._figures("certificate"))
        person.job_id = self.jobs[3]
        self.coverage._count(self.company)
        self.assertFalse(self._figures("certificate"))
        self.assertFalse(self._figures("competence"))

    def test_twice_the_people_cost_the_same(self):
        counts = []
        for size in (20, 40):
            self._create_staff(size, random.Random(size))
            self.coverage._count(self.company)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.coverage._count(self.company)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_indicators_divide_the_sums(self):
        staff = self._create_staff(20, random.Random(8))
        self.coverage._count(self.company)
        people, _requirements = self._by_hand(staff, self.today)
        indicator = self.env.ref("sqms_training.sqms_indicator_certificate_coverage")
        formula = indicator._formula()
        rows = self.coverage.search(
            formula.domain & Domain("company_id", "=", self.company.id) & Domain("month", "=", "2031-05-01")
        )
        self.assertEqual(sum(rows.mapped(formula.quantity)), sum(met for met, _needed in people.values()))
        self.assertEqual(sum(rows.mapped(formula.quantity_below)), sum(needed for _met, needed in people.values()))

    def test_cron_counts_all_companies(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere.resource_calendar_id.tz = "America/Los_Angeles"
        person = self.env["hr.employee"].create(
            {"name": "There", "company_id": elsewhere.id, "date_version": "2030-01-01"}
        )
        person.job_id = self.jobs[2].copy({"company_id": elsewhere.id})
        person.job_id.current_job_skill_ids = [
            Command.create({
                "skill_type_id": self.language.id, "skill_id": self.language.skill_ids[0].id,
                "skill_level_id": self.language.skill_level_ids[0].id, "valid_from": "2020-01-01",
            })
        ]  # fmt: skip
        with self.enter_registry_test_mode():
            self.env.ref("sqms_training.ir_cron_training_coverage").method_direct_trigger()
        row = self.coverage.search([("company_id", "=", elsewhere.id), ("month", "=", "2031-05-01")])
        self.assertEqual((row.kind, row.met, row.day), ("competence", 0, date(2031, 5, 19)))

    def test_read_by_those_who_answer_for_it(self):
        self._create_staff(2, random.Random(9))[0].job_id = self.jobs[0]
        self.coverage._count(self.company)
        rows = self.coverage.search([("company_id", "=", self.company.id)])
        for user in (self.hr, self.officer, self.certifier):
            self.assertTrue(rows.with_user(user).has_access("read"))
            for operation in ("create", "write", "unlink"):
                self.assertFalse(rows.with_user(user).has_access(operation))
        self.assertFalse(rows.with_user(self.user).has_access("read"))
        self.assertEqual(timedelta(), self.today - rows[:1].day)
