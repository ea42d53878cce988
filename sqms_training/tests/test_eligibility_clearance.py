from datetime import timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .clearance_common import ClearanceCase


@tagged("post_install", "-at_install")
class TestEligibilityClearance(ClearanceCase):
    """Sensitive work goes to who is cleared, and competence to who has it; why not is told no further than needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["sqms.eligibility.rule"]
        cls.findings = cls.env["sqms.eligibility.finding"]
        cls.rules.search([]).active = False
        cls.manager = cls._create_user("e_manager", "sqms_base.group_sqms_manager")
        cls.carer_user = cls._create_user("e_carer", "base.group_user")
        cls.driver_user = cls._create_user("e_driver", "base.group_user")
        cls.carer = cls._create_employee("Carer Chen", cls.carer_user, job_id=cls.job.id)
        cls.driver = cls._create_employee("Driver Du", cls.driver_user, job_id=cls.job.id)
        cls.requests = cls.env["maintenance.request"]
        cls.team = cls.env["maintenance.team"].create({"name": "Visits", "company_id": cls.company.id})

    @classmethod
    def _create_eligibility_rule(cls, **requirement):
        return cls.rules.with_user(cls.manager).create(
            {
                "name": "Work in homes",
                "company_id": cls.company.id,
                "model_id": cls.env["ir.model"]._get_id("maintenance.request"),
                "requirement_ids": [Command.create(requirement)],
            }
        )

    def _decided(self, employee, first=-10, last=100, verdict="approved", **values):
        """Whoever gets the post is asked at once: what was asked is withdrawn, the old register is taken over."""
        asked = self.env["sqms.clearance"].search([("employee_id", "=", employee.id), ("state", "=", "requested")])
        asked._take_over("withdrawn", {"ended_on": self.today - timedelta(days=200)})
        return self._taken_over(employee, self.rule, first, last, verdict, **values)

    def _create_request(self, user=None):
        return self.requests.create({**self._visit(), "user_id": user and user.id})

    def _visit(self):
        return {"name": "Visit", "company_id": self.company.id, "maintenance_team_id": self.team.id}

    # -- clearance ------------------------------------------------------------------

    def test_only_the_cleared_on_every_path(self):
        self._create_eligibility_rule(kind="clearance", position_rule_id=self.rule.id)
        self._decided(employee=self.carer)
        request = self._create_request(self.carer_user)
        self.assertEqual(request.user_id, self.carer_user)
        why = self.assertRaisesRegex(
            ValidationError, "e_driver cannot be given “Visit”: is not cleared for “School bus”(.|\n)*: Carer Chen"
        )
        for attempt in (
            lambda: self._create_request(self.driver_user),
            lambda: request.write({"user_id": self.driver_user.id}),
            lambda: request.web_save({"user_id": self.driver_user.id}, {}),
            lambda: (
                request.sudo()
                .with_context(default_user_id=self.driver_user.id, install_mode=True)
                .write({"user_id": self.driver_user.id})
            ),
        ):
            with why, self.cr.savepoint():
                attempt()
        self.assertFalse(self.requests.with_context(default_user_id=self.driver_user.id).create(self._visit()).user_id)

    def test_refused_ended_conditional_and_past_days(self):
        rule = self._create_eligibility_rule(kind="clearance", position_rule_id=self.rule.id)
        rule.sudo().date_from = self.today - timedelta(days=400)
        request = self._create_request()
        self._decided(employee=self.driver, verdict="refused")
        self.assertTrue(self.rules.check(request, self.driver)[request.id][self.driver.id])
        clearance = self._decided(employee=self.carer, first=-100, last=100)
        answers = [
            not self.rules.check(request, self.carer, self.today + timedelta(days=days))[request.id][self.carer.id]
            for days in (-101, -100, 0)
        ]
        self.assertEqual(answers, [False, True, True])
        instant = self.rules._instant(None, request)
        for person in (self.carer, self.driver):
            domain, whole = rule.requirement_ids._met_domain(request, instant)
            self.assertTrue(whole)
            self.assertEqual(bool(person.search([("id", "=", person.id), *domain])), person == self.carer)
        request.user_id = self.carer_user
        clearance._take_over("withdrawn", {"ended_on": self.today})
        finding = self.findings.search([("res_model", "=", request._name), ("res_id", "=", request.id)])
        self.assertEqual((finding.person_name, finding.is_open), ("e_carer", True))

    def test_why_not_is_told_no_further(self):
        """Refused, asked, ended or never asked: the sentence is the same."""
        rule = self._create_eligibility_rule(kind="clearance", position_rule_id=self.rule.id)
        request = self._create_request()
        never = self.rules.check(request, self.driver)[request.id][self.driver.id]
        self._decided(employee=self.driver, verdict="refused")
        self.assertEqual(self.rules.check(request, self.driver)[request.id][self.driver.id], never)
        self.assertEqual(rule.requirement_ids.display_name, "is cleared for “School bus”")

    def test_post_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._create_rule(company_id=elsewhere.id, job_ids=False)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.rules.create(
                {
                    "name": "Everywhere", "company_id": False,
                    "model_id": self.env["ir.model"]._get_id("maintenance.request"),
                    "requirement_ids": [Command.create({"kind": "clearance", "position_rule_id": foreign.id})],
                }
            )  # fmt: skip

    def test_number_of_queries(self):
        self._create_eligibility_rule(kind="clearance", position_rule_id=self.rule.id)
        counts = []
        for size in (5, 10):
            people = self.env["hr.employee"].create(
                [{"name": f"C {size} {n}", "company_id": self.company.id} for n in range(size)]
            )
            requests = self.requests.create([self._visit()] * size)
            for _turn in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.rules.check(requests, people)
                count = self.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)

    # -- competence -------------------------------------------------------------------

    def _create_need(self):
        kind = self.env["hr.skill.type"].create({
            "name": "Care", "skill_ids": [Command.create({"name": "Lifting"}), Command.create({"name": "Feeding"})],
            "skill_level_ids": [
                Command.create({"name": "Knows", "level_progress": 40, "default_level": True}),
                Command.create({"name": "Masters", "level_progress": 90}),
            ],
        })  # fmt: skip
        self.knows, self.masters = kind.skill_level_ids.sorted("level_progress")
        self.lifting, self.feeding = kind.skill_ids
        self.job.current_job_skill_ids = [
            Command.create({
                "skill_type_id": kind.id, "skill_id": self.lifting.id, "skill_level_id": self.masters.id,
                "valid_from": self.today - timedelta(days=900),
            })
        ]  # fmt: skip
        return kind

    def _skill(self, person, level, skill=None, days=-30):
        return self.env["hr.employee.skill"].create({
            "employee_id": person.id, "skill_type_id": level.skill_type_id.id, "skill_id": (skill or self.lifting).id,
            "skill_level_id": level.id, "valid_from": self.today + timedelta(days=days),
        })  # fmt: skip

    def test_one_competence_at_a_level(self):
        self._create_need()
        self._create_eligibility_rule(kind="competence", skill_id=self.lifting.id, skill_level_id=self.masters.id)
        self._skill(self.carer, self.masters)
        self._skill(self.driver, self.knows)
        self.assertEqual(self._create_request(self.carer_user).user_id, self.carer_user)
        with self.assertRaisesRegex(ValidationError, "holds “Lifting” at “Knows”, needed is “Masters”"):
            self._create_request(self.driver_user)

    def test_all_that_the_job_requires(self):
        self._create_need()
        rule = self._create_eligibility_rule(kind="competence")
        self._skill(self.carer, self.masters)
        self._skill(self.driver, self.knows)
        free = new_test_user(self.env, "e_free", name="Free", company_id=self.company.id,
                             company_ids=[Command.set(self.company.ids)])  # fmt: skip
        jobless = self._create_employee("Free Fang", free)
        self.assertEqual(self._create_request(self.carer_user).user_id, self.carer_user)
        with self.assertRaisesRegex(ValidationError, "lacks what the job requires: Lifting"), self.cr.savepoint():
            self._create_request(self.driver_user)
        with self.assertRaisesRegex(ValidationError, "has no job position"), self.cr.savepoint():
            self._create_request(free)
        request = self._create_request()
        instant = self.rules._instant(None, request)
        domain, whole = rule.requirement_ids._met_domain(request, instant)
        found = jobless.search([("id", "in", (self.carer | self.driver | jobless).ids), *domain])
        self.assertEqual((found, whole), (self.carer, True))
        rule.sudo().date_from = self.today - timedelta(days=100)
        past = self.rules.check(request, self.carer, self.today - timedelta(days=31))
        self.assertTrue(past[request.id][self.carer.id], "did not have it then")

    # -- coverage -------------------------------------------------------------------------

    def test_clearances_are_counted_for_the_company_alone(self):
        self.env.cr.execute(
            "UPDATE sqms_position_rule SET create_date = create_date - interval '90 days' WHERE id = %s",
            [self.rule.id],
        )
        self.job.department_id = self.env["hr.department"].create({"name": "Care", "company_id": self.company.id})
        self.env.flush_all()
        self._decided(employee=self.carer, first=-100, last=100)
        coverage = self.env["sqms.training.coverage"]
        coverage._count(self.company)
        rows = coverage.search([("company_id", "=", self.company.id), ("kind", "=", "clearance")], order="month desc")
        concerned = self.rule._coverage(self.today, companies=self.company)
        self.assertFalse(rows.department_id)
        self.assertEqual(rows[0].needed, len(concerned))
        self.assertEqual(rows[0].met, sum(row["is_cleared"] for row in concerned))
        self.assertGreater(rows[0].met, 0)
        self.assertLess(rows[0].met, rows[0].needed)
