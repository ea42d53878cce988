import random
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.competence import FULFILLED, SOON_DAYS
from .common import CertificateCase


class CompetenceCase(CertificateCase):
    @classmethod
    def _create_job(cls, name, needs=(), **values):
        """A job with what it requires: (skill, level) or (skill, level, first day, last day), as days from today."""
        job = cls.env["hr.job"].create({"name": name, "company_id": cls.company.id, **values})
        for need in needs:
            cls._require(job, *need)
        return job

    @classmethod
    def _require(cls, job, skill, level, first=-400, last=None):
        return cls.env["hr.job.skill"].create(
            {
                "job_id": job.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
                "valid_from": cls.today + timedelta(days=first),
                "valid_to": last is not None and cls.today + timedelta(days=last),
            }
        )

    @classmethod
    def _revoke_on(cls, row, days):
        cls.env.cr.execute(
            SQL("UPDATE hr_employee_skill SET revoked_on = %s WHERE id = %s", cls.today + timedelta(days=days), row.id)
        )
        row.invalidate_recordset()

    @classmethod
    def _gap_rows(cls, *args, **kwargs):
        return {(row["employee_id"], row["skill_id"]): row for row in cls.env["sqms.competence"]._gaps(*args, **kwargs)}


@tagged("post_install", "-at_install", "sqms_alone")
class TestCompetenceTwin(CompetenceCase):
    """The statement against a twin that goes through all rows one by one, on many days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dice = random.Random(20261124)
        skills = cls.certification.skill_ids + cls.language.skill_ids
        cls.jobs = cls.env["hr.job"].create(
            [{"name": f"Job {n}", "company_id": cls.company.id, "no_of_recruitment": 0} for n in range(4)]
        )
        cls.people = cls.env["hr.employee"].create(
            [
                {"name": f"Person {n}", "company_id": cls.company.id, "job_id": dice.choice([*cls.jobs.ids, False]),
                 "date_version": cls.today - timedelta(days=dice.choice([20, 300]))}
                for n in range(14)
            ]
        )  # fmt: skip
        for person in cls.people[:5]:
            person.create_version({"date_version": cls.today - timedelta(days=9), "job_id": dice.choice(cls.jobs.ids)})
        cls.people._compute_current_version_id()
        cls._scatter(dice, skills)

    @classmethod
    def _scatter(cls, dice, skills):
        """Rows by SQL: the checks of hr_skills know no overlap of requirements, databases do."""
        for job in cls.jobs:
            for _n in range(6):
                skill = dice.choice(skills)
                first = dice.randint(-200, 20)
                cls._insert("hr_job_skill", "job_id", job.id, dice, skill, first)
        for person in cls.people:
            for _n in range(9):
                skill = dice.choice(skills)
                row = cls._insert("hr_employee_skill", "employee_id", person.id, dice, skill, dice.randint(-200, 20))
                if skill.skill_type_id == cls.certification and dice.random() < 0.25:
                    cls._revoke_on(row, dice.randint(-60, 0))
        cls.env.invalidate_all()

    @classmethod
    def _insert(cls, table, link, id_, dice, skill, first):
        last = dice.choice([None, first, first + dice.randint(0, 80), first + dice.randint(80, 400)])
        ((row,),) = cls.env.execute_query(
            SQL(
                """INSERT INTO %s (%s, skill_type_id, skill_id, skill_level_id, valid_from, valid_to)
                   VALUES (%s, %s, %s, %s, %s, %s) RETURNING id""",
                SQL.identifier(table),
                SQL.identifier(link),
                id_,
                skill.skill_type_id.id,
                skill.id,
                dice.choice(skill.skill_type_id.skill_level_ids).id,
                cls.today + timedelta(days=first),
                last is not None and cls.today + timedelta(days=last) or None,
            )
        )
        return cls.env["hr.employee.skill"].browse(row)

    # -- the twin ---------------------------------------------------------------

    def _version(self, person, day):
        versions = person.version_ids.sorted("date_version")
        begun = [version for version in versions if version.date_version <= day]
        return begun[-1] if begun else versions[0]

    def _twin(self, day, named):
        found = {}
        for person in self.people:
            needs = {}
            for need in self.env["hr.job.skill"].search([("job_id", "=", self._version(person, day).job_id.id)]):
                if need.valid_from <= day and (not need.valid_to or need.valid_to >= day):
                    needs[need.skill_id] = max(needs.get(need.skill_id, 0), need.level_progress)
            for skill, needed in needs.items():
                rows = self.env["hr.employee.skill"].search(
                    [("employee_id", "=", person.id), ("skill_id", "=", skill.id)]
                )
                found[person.id, skill.id] = (needed, *self._twin_held(rows, needed, day, named))
        return found

    def _twin_held(self, rows, needed, day, named):
        def is_revoked(row):
            return bool(row.revoked_on) and (not named or row.revoked_on <= day)

        def in_force(row):
            return not is_revoked(row) and row.valid_from <= day and (not row.valid_to or row.valid_to >= day)

        running = [row for row in rows if in_force(row)]
        if running:
            held = max(row.level_progress for row in running)
            if held < needed:
                return held, "lower"
            enough = [row for row in running if row.level_progress >= needed]
            ends = [row.valid_to for row in enough]
            soon = all(ends) and max(ends) <= day + timedelta(days=SOON_DAYS)
            return held, "expiring" if soon else "valid"
        if not rows:
            return 0, "missing"
        last = max(rows, key=lambda row: (not row.valid_to, row.valid_to or day, row.id))
        if is_revoked(last):
            return 0, "revoked"
        return 0, "upcoming" if last.valid_from > day else "expired"

    def test_statement_agrees_with_its_twin_on_every_day(self):
        competence = self.env["sqms.competence"]
        seen = set()
        for days in (None, 0, -1, -8, -9, -10, -30, -75, -120, -199, 15, 60):
            day = self.today + timedelta(days=days or 0)
            expected = self._twin(day, days is not None)
            rows = competence._standings(self.people, on=days is not None and day or None)
            self.assertEqual(len(rows), len(expected), "one row for each person and skill")
            for row in rows:
                needed, held, standing = expected[row["employee_id"], row["skill_id"]]
                self.assertEqual((row["needed_progress"], row["standing"]), (needed, standing), (days, row))
                # Of those that are high enough the one that ends last is shown, not the highest.
                self.assertEqual(min(row["held_progress"], needed), min(held, needed), (days, row))
                seen.add(standing)
            gaps = self._gap_rows(self.people, on=days is not None and day or None)
            self.assertEqual(set(gaps), {key for key, twin in expected.items() if twin[2] not in FULFILLED}, days)
            self.assertEqual(
                {key: row["gap"] for key, row in gaps.items()},
                {key: expected[key][0] - expected[key][1] for key in gaps},
            )
        self.assertEqual(seen, {"missing", "revoked", "expired", "upcoming", "lower", "expiring", "valid"})


@tagged("post_install", "-at_install")
class TestCompetence(CompetenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tongue = cls.language.skill_ids[0]
        cls.spoken, cls.fluent = cls.language.skill_level_ids.sorted("level_progress")
        cls.job = cls._create_job("Fitter", [(cls.gas, cls.basic), (cls.tongue, cls.fluent)])
        cls.employee.job_id = cls.job
        cls.key = (cls.employee.id, cls.gas.id)

    def test_nothing_held_is_the_whole_gap(self):
        row = self._gap_rows(self.employee)[self.key]
        self.assertEqual((row["state"], row["gap"], row["job_id"]), ("missing", 50, self.job.id))
        self.assertFalse(row["certificate_id"] or row["held_level_id"])
        self.assertTrue(row["is_certification"])

    def test_required_80_actual_50_is_a_gap_of_30(self):
        levels = self.env["hr.skill.level"].create(
            [{"name": name, "level_progress": part, "skill_type_id": self.language.id} for name, part in (("H", 80),)]
        )
        job = self._create_job("Clerk", [(self.language.skill_ids[1], levels)])
        self.other.job_id = job
        self._create_skill(self.other, skill_id=self.language.skill_ids[1].id, skill_level_id=self.spoken.id)
        (row,) = self.env["sqms.competence"]._gaps(self.other)
        self.assertEqual((row["needed_progress"], row["held_progress"], row["gap"]), (80, 50, 30))
        self.assertEqual((row["state"], row["held_level_id"]), ("lower", self.spoken.id))

    def test_expired_revoked_and_not_yet_valid_count_as_missing(self):
        expired = self._create_certificate(-300, -1)
        row = self._gap_rows(self.employee)[self.key]
        self.assertEqual((row["state"], row["gap"], row["certificate_id"]), ("expired", 50, expired.id))
        upcoming = self._create_certificate(1, 300)
        row = self._gap_rows(self.employee)[self.key]
        self.assertEqual((row["state"], row["standing"], row["certificate_id"]), ("missing", "upcoming", upcoming.id))
        running = self._create_certificate(-10, 300)
        self.assertNotIn(self.key, self._gap_rows(self.employee))
        running._revoke("Wrong person")
        self.assertEqual(self._gap_rows(self.employee)[self.key]["state"], "missing")
        self.assertNotIn(self.key, self._gap_rows(self.employee, on=self.today - timedelta(days=1)))

    def test_first_and_last_day_both_count(self):
        self._create_certificate(-300, 0)
        self.assertNotIn(self.key, self._gap_rows(self.employee))
        day = self.today - timedelta(days=300)
        self.assertNotIn(self.key, self._gap_rows(self.employee, on=day))
        self.assertIn(self.key, self._gap_rows(self.employee, on=day - timedelta(days=1)))
        self.assertIn(self.key, self._gap_rows(self.employee, on=self.today + timedelta(days=1)))

    def test_requirement_that_ended_is_not_asked_any_more(self):
        self.job.job_skill_ids.filtered(lambda need: need.skill_id == self.gas).valid_to = self.today - timedelta(1)
        self.assertNotIn(self.key, self._gap_rows(self.employee))
        self.assertIn(self.key, self._gap_rows(self.employee, on=self.today - timedelta(days=1)))

    def test_a_type_in_the_archive_asks_for_nothing(self):
        self.language.active = False
        self.assertEqual(set(self._gap_rows(self.employee)), {self.key})

    def test_all_people_of_the_company_and_of_no_other(self):
        rows = self.env["sqms.competence"]._gaps(company=self.company)
        self.assertEqual({row["employee_id"] for row in rows}, {self.employee.id})
        stranger = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(self.env["sqms.competence"]._gaps(company=stranger))
        self.employee.active = False
        self.assertFalse(self.env["sqms.competence"]._gaps(company=self.company))
        self.assertFalse(self.env["sqms.competence"]._gaps(self.env["hr.employee"]))

    def test_sub_select_of_the_requirements(self):
        query = self.env["hr.employee"]._search([("company_id", "=", self.company.id)])
        sql = self.env["sqms.competence"]._requirements_sql(query)
        rows = self.env.execute_query(SQL("SELECT employee_id, skill_id FROM (%s) AS need", sql))
        self.assertEqual(set(rows), {self.key, (self.employee.id, self.tongue.id)})

    def test_twice_the_people_the_same_number_of_queries(self):
        def asked(count):
            people = self.env["hr.employee"].create(
                [{"name": f"P{n}", "company_id": self.company.id, "job_id": self.job.id} for n in range(count)]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.env["sqms.competence"]._gaps(people)), 2 * count)
            return self.env.cr.sql_log_count - before

        self.assertEqual((asked(5), asked(10)), (1, 1))
