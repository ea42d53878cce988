from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.sqms_training.models.sqms_fact_provider_presence import ATTENDANCE

from .appraisal_case import AppraisalCase

FROM, TO = date(2026, 1, 1), date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestAppraisalFacts(AppraisalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env["hr.skill.type"].create(
            {
                "name": "Licence of facts", "is_certification": True,
                "skill_ids": [(0, 0, {"name": "Gas"}), (0, 0, {"name": "Lift"})],
                "skill_level_ids": [(0, 0, {"name": "Full", "level_progress": 100, "default_level": True})],
            }
        )  # fmt: skip
        cls.gas, cls.lift = cls.type.skill_ids
        cls.env["hr.job.skill"].create(
            [
                {"job_id": cls.job.id, "skill_type_id": cls.type.id, "skill_id": skill.id,
                 "skill_level_id": cls.type.skill_level_ids.id, "valid_from": date(2020, 1, 1), "valid_to": False}
                for skill in (cls.gas, cls.lift)
            ]
        )  # fmt: skip

    def _certificate(self, employee, skill=None, start=date(2026, 2, 1), end=date(2027, 1, 31)):
        return self.env["hr.employee.skill"].create(
            {
                "employee_id": employee.id, "skill_type_id": self.type.id, "skill_id": (skill or self.gas).id,
                "skill_level_id": self.type.skill_level_ids.id, "valid_from": start, "valid_to": end,
            }
        )  # fmt: skip

    def _facts(self, employees):
        found = self.env["sqms.fact.provider"].sudo()._sqms_employee_facts(employees, FROM, TO)
        return {id_: {fact["code"]: (fact["value"], fact["n"]) for fact in own} for id_, own in found.items()}

    def _ideas(self, user, days):
        ideas = self.env["sqms.improvement"].with_user(user).create(
            [{"name": f"Idea {day}", "situation": "So", "proposal": "Else", "company_id": self.company.id}
             for day in days]
        )  # fmt: skip
        self.env.flush_all()
        for idea, day in zip(ideas, days, strict=True):
            self.cr.execute("UPDATE sqms_improvement SET create_date = %s WHERE id = %s", [day, idea.id])
        self.env.invalidate_all()
        return ideas

    def test_figures_count_the_days_of_the_company_and_nobody_else(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self._certificate(self.person)
        self._certificate(self.colleague, end=date(2026, 6, 29))
        # First and last instant of the period in Shanghai, and the ones beside them.
        self._ideas(self.worker, ["2025-12-31 15:59:59", "2025-12-31 16:00:00", "2026-06-30 15:59:59",
                                  "2026-06-30 16:00:00"])  # fmt: skip
        zone = self.company._sqms_tz()
        facts = self._facts(self.person | self.colleague | self.foreman)
        self.assertEqual(facts[self.person.id]["certificates_valid"], (1, 1))
        self.assertNotIn("certificates_valid", facts[self.colleague.id])
        self.assertEqual(facts[self.person.id]["requirements_met"], (50.0, 2))
        self.assertEqual(facts[self.colleague.id]["requirements_met"], (0.0, 2))
        self.assertEqual(facts[self.person.id]["ideas_proposed"][1], 2 if zone == "Asia/Shanghai" else 3)
        self.assertNotIn("ideas_proposed", facts[self.foreman.id])

    def test_a_login_in_two_companies_is_counted_where_the_record_is(self):
        twin = self.env["hr.employee"].create(
            {"name": "Wang Li elsewhere", "user_id": self.worker.id, "company_id": self.elsewhere.id}
        )
        self._ideas(self.worker, ["2026-03-01 04:00:00"])
        facts = self._facts(self.person | twin)
        self.assertEqual(facts[self.person.id]["ideas_proposed"], (1, 1))
        self.assertNotIn("ideas_proposed", facts[twin.id])

    def test_source_opens_what_was_counted(self):
        self._ideas(self.worker, ["2026-03-01 04:00:00", "2026-04-01 04:00:00"])
        self._certificate(self.person)
        found = self.env["sqms.fact.provider"].sudo()._sqms_employee_facts(self.person, FROM, TO)[self.person.id]
        for fact in found:
            model, domain = fact["source"]
            if fact["code"] != "requirements_met":
                self.assertEqual(self.env[model].sudo().search_count(domain), fact["n"], fact["code"])

    def test_one_query_for_each_figure_whatever_the_number_of_people(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Fact {n}", "company_id": self.company.id, "job_id": self.job.id,
              "user_id": self._create_user(f"fact{n}", "base.group_user", self.company).id} for n in range(12)]
        )  # fmt: skip
        for person in people:
            self._certificate(person)
        self.env.flush_all()
        counts = []
        for some in (people[:4], people[:4], people[4:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._facts(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)

    def test_facts_are_copied_and_stay(self):
        mates = [self._create_employee(f"Peer {n}", parent_id=self.foreman.id) for n in range(5)]
        for mate in mates:
            self._certificate(mate)
        self._certificate(mates[0], self.lift)
        self._certificate(self.person)
        appraisal = self._create_appraisal()
        by_code = {fact.code: fact for fact in appraisal.fact_ids}
        met, valid = by_code["requirements_met"], by_code["certificates_valid"]
        self.assertEqual((met.value, met.n), (50.0, 2))
        self.assertEqual((met.value_words, met.n_words, met.is_small), ("50.0 %", "only 2 cases", True))
        # Peers: five mates at 50, 50, 50, 50, 100, a colleague and the lead at 0, the boss at 0.
        self.assertEqual(met.peers_n, 8)
        self.assertAlmostEqual(met.peers_mean, 300 / 8)
        self.assertEqual((valid.value_words, valid.n_words, valid.peers_words), ("1", "", "1.2 (5 people)"))
        self._certificate(self.person, self.lift)
        self.env.invalidate_all()
        self.assertEqual((met.value, valid.value), (50.0, 1.0))
        for user in (self.worker, self.lead, self.hr, self.officer):
            self.assertEqual(met.with_user(user).value, 50.0)
            for call in (
                lambda user=user: met.with_user(user).write({"value": 99}),
                lambda user=user: met.with_user(user).unlink(),
                lambda user=user: met.with_user(user).create(
                    {"appraisal_id": appraisal.id, "code": "x", "unit": "count"}
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    call()
        self.assertEqual(met.with_user(self.worker).action_open_source()["res_model"], "hr.employee.skill")
        chinese = met.with_context(lang="zh_CN") if self.env["res.lang"]._lang_get("zh_CN") else met
        self.assertTrue(chinese.name)

    def test_no_mean_of_few_people(self):
        self._certificate(self.person)
        self._certificate(self.colleague)
        appraisal = self._create_appraisal()
        met = appraisal.fact_ids.filtered(lambda fact: fact.code == "certificates_valid")
        self.assertEqual((met.peers_n, met.peers_words), (0, ""))

    def test_facts_set_no_score(self):
        for n in range(6):
            self._certificate(self.person, start=date(2026, 1, 2 + n))
        appraisal = self._create_appraisal()
        self.assertFalse(appraisal.rating_ids)
        self.assertFalse(any(appraisal.line_ids.mapped("score")))

    def test_presence_counts_against_the_calendar_where_it_is_installed(self):
        facts = {self.person.id: [], self.colleague.id: []}
        provider = self.env["sqms.fact.provider"].sudo()
        if ATTENDANCE not in self.env:
            codes = {
                fact["code"] for own in provider._sqms_employee_facts(self.person, FROM, TO).values() for fact in own
            }
            self.assertFalse(codes & {"hours_worked", "days_absent"})
            return
        monday = date(2026, 3, 2)
        self.env[ATTENDANCE].create(
            [
                {"employee_id": self.person.id, "check_in": f"{monday + timedelta(days=day)} 00:30:00",
                 "check_out": f"{monday + timedelta(days=day)} 08:30:00"}
                for day in range(4)
            ]
        )  # fmt: skip
        provider._sqms_add_presence(facts, self.person | self.colleague, monday, monday + timedelta(days=4))
        found = {fact["code"]: (fact["value"], fact["n"]) for fact in facts[self.person.id]}
        self.assertEqual(found["days_absent"], (20.0, 5))
        self.assertFalse(facts[self.colleague.id])

    def test_planned_days_are_those_of_the_calendar(self):
        monday = date(2026, 3, 2)
        planned = self.env["sqms.fact.provider"]._sqms_planned_days(self.person, monday, monday + timedelta(days=6))
        days = planned[self.person.id]
        self.assertEqual(sorted(days), [monday + timedelta(days=day) for day in range(5)])
        self.assertAlmostEqual(sum(days.values()), 40.0)


@tagged("post_install", "-at_install")
class TestFitness(AppraisalCase):
    def _rows(self, user, employee):
        self.env.invalidate_all()
        rows = self.env["hr.employee.public"].with_user(user).browse(employee.id).fitness_rows
        return {row["key"]: row["text"] for row in rows or []}

    def test_hr_and_the_manager_see_it_nobody_else(self):
        self._bring_to("confirmed")
        seen = self._rows(self.lead, self.person)
        self.assertIn("Fit", seen["appraisal"])
        for user in (self.hr, self.officer):
            self.assertEqual(self._rows(user, self.person), seen)
        for user in (self.worker, self.mate, self.director, self.certifier):
            self.assertEqual(self._rows(user, self.person), {})
        self.assertEqual(self._rows(self.hr, self.clerk), {})
        self.assertTrue(self.person.with_user(self.hr).fitness_rows)
        # A plain user still reads every employee.
        self.env.invalidate_all()
        self.assertEqual(self.env["hr.employee"].with_user(self.mate).browse(self.person.id).name, "Wang Li")
        with self.assertRaises(AccessError):
            self.person.with_user(self.mate).read(["fitness_rows"])

    def test_same_queries_for_twice_as_many(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Fit {n}", "company_id": self.company.id, "job_id": self.job.id} for n in range(12)]
        )
        counts = []
        for some in (people[:4], people[:4], people[4:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.with_user(self.hr).mapped("fitness_rows")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)

    def test_it_tells_the_last_result_and_what_the_job_asks(self):
        self._bring_to("confirmed", scores={"self": (3, 3, 3), "manager": (2, 3, 2), "calibrated": (2, 3, 2)},
                       fit="not_fit")  # fmt: skip
        rows = {row["key"]: row for row in self.person.with_user(self.hr).fitness_rows}
        self.assertEqual(rows["appraisal"]["tone"], "danger")
        self.assertIn("Not Fit", rows["appraisal"]["text"])
        self.assertIn(str(fields.Date.to_date("2026-06-30").year), rows["appraisal"]["text"])
        self.assertNotIn("requirements", rows)
