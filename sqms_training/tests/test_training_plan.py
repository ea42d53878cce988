import doctest
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.tests.common import sign_step

from ..lib import training_plan
from .plan_common import PlanCase


@tagged("post_install", "-at_install")
class TestTrainingPlan(PlanCase):
    # -- lines from gaps ---------------------------------------------------------------

    def test_lines_follow_from_the_gaps_and_a_second_run_adds_none(self):
        self._create_certificate(last=90, skill_level_id=self.full.id)
        self._create_certificate(last=400, skill_id=self.power.id)
        plan = self._create_plan(department_id=self.field.id)
        plan.action_generate()
        ours, other = self.employee.name, self.other.name
        self.assertEqual(
            self._rows(plan),
            {
                (ours, "Licences gas"): ("expiry", "Gas", "open"),
                (ours, "Tongues gas"): ("gap", "Tongue", "open"),
                (other, "Licences gas"): ("gap", "Gas", "open"),
                (other, "Licences power"): ("gap", False, "open"),
                (other, "Tongues gas"): ("gap", "Tongue", "open"),
            },
        )
        due = {line.skill_id: line.due_on for line in plan.line_ids if line.employee_id == self.employee}
        self.assertEqual(due[self.gas], self.today + timedelta(days=90), "the day it ends")
        self.assertEqual(due[self.tongue], plan.date_to)
        missing = plan.line_ids.filtered(lambda line: line.skill_id == self.power)
        self.assertEqual(missing.due_on, self.today + timedelta(days=30), "nobody works without a licence")
        self.assertEqual((missing.needed_level_id, missing.job_id), (self.basic, self.job))
        self.assertIn("No course closes the gap: 1", plan.missing_label)
        self.assertEqual(plan.cost_planned, 300 + 300 + 100 + 100)
        before = plan.line_ids
        plan.action_generate()
        self.assertEqual(plan.line_ids, before)

    def test_whole_company_one_department_one_person(self):
        everybody = self._create_plan()
        everybody.action_generate()
        people = self.employee | self.other | self.third
        self.assertEqual(everybody.line_ids.employee_id, people)
        everybody.with_user(self.officer).write({"cancel_reason": "For the test"})
        everybody.action_transition("cancel")
        office = self._create_plan(department_id=self.office.id)
        office.action_generate()
        self.assertEqual(office.line_ids.employee_id, self.third)
        own = self._create_plan(kind="individual", employee_id=self.other.id)
        own.action_generate()
        self.assertEqual(own.line_ids.employee_id, self.other)
        both = self._create_plan()
        both.action_generate()
        self.assertEqual(
            both.line_ids.employee_id, self.employee, "what another living plan trains is not planned twice"
        )

    def test_gap_that_closes_or_comes_back_and_lines_by_hand(self):
        plan = self._create_plan(kind="individual", employee_id=self.employee.id)
        plan.action_generate()
        line = plan.line_ids.filtered(lambda line: line.skill_id == self.gas)
        by_hand = plan.line_ids.create({"plan_id": plan.id, "employee_id": self.employee.id, "name": "Talk to people"})
        tongue = plan.line_ids.filtered(lambda line: line.skill_id == self.tongue)
        tongue._drop("He speaks it at home")
        certificate = self._create_certificate(last=500, skill_level_id=self.full.id)
        certificate.action_issue()
        plan.action_generate()
        self.assertEqual((line.state, by_hand.state, tongue.state), ("met", "open", "dropped"))
        self.assertEqual(line.met_on, self.today)
        certificate._revoke("Wrong person")
        plan.action_generate()
        self.assertEqual((line.state, len(plan.line_ids)), ("open", 4))

    def test_job_that_asks_for_more(self):
        plan = self._create_plan(kind="individual", employee_id=self.employee.id)
        plan.action_generate()
        line = plan.line_ids.filtered(lambda line: line.skill_id == self.power)
        dear = self._create_course("Power", self.power, self.full, cost=700)
        self.env["hr.job.skill"].search([("job_id", "=", self.job.id), ("skill_id", "=", self.power.id)]).write(
            {"skill_level_id": self.full.id}
        )
        plan.action_generate()
        self.assertEqual((line.needed_level_id, line.course_id), (self.full, dear))

    def test_cheapest_course_then_the_nearest_session(self):
        self.gas_dear.cost = 300
        self.env["sqms.training.session"].create(
            {
                "course_id": self.gas_dear.id,
                "company_id": self.company.id,
                "date_start": self.today + timedelta(days=9),
                "date_end": self.today + timedelta(days=10),
            }
        )
        plan = self._create_plan(kind="individual", employee_id=self.employee.id)
        plan.action_generate()
        self.assertEqual(plan.line_ids.filtered(lambda line: line.skill_id == self.gas).course_id, self.gas_dear)

    def test_twice_the_people_same_number_of_questions(self):
        def cost(count):
            job = self._create_job(f"Job {count}", (self.gas, self.full), (self.tongue, self.high))
            department = self.env["hr.department"].create({"name": f"D{count}", "company_id": self.company.id})
            people = self.env["hr.employee"].create(
                [
                    {"name": f"P{n}", "company_id": self.company.id, "job_id": job.id, "department_id": department.id}
                    for n in range(count)
                ]
            )
            plan = self._create_plan(department_id=department.id)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            plan._generate()
            self.env.flush_all()
            queries = self.cr.sql_log_count - start
            self.assertEqual(len(plan.line_ids), 2 * len(people))
            return queries

        cost(1)
        self.assertLessEqual(cost(24), cost(12) + 2)

    # -- approval ------------------------------------------------------------------------

    def test_author_does_not_approve_and_a_password_is_asked(self):
        plan = self._create_plan(self.hr_manager)
        self._refused(UserError, "no line yet", lambda: plan.action_transition("submit"))
        plan.action_generate()
        plan.action_transition("submit")
        self._refused(UserError, "you wrote in it", lambda: sign_step(plan, "approve", self.hr_manager))
        self.assertEqual(plan.with_user(self.quality).action_transition("approve")["tag"], "sqms_sign")
        self.assertEqual(plan.state, "submitted")
        self._refused(UserError, "approve plans", lambda: sign_step(plan, "approve", self.officer))
        sign_step(plan, "approve", self.quality)
        self.assertEqual((plan.state, plan.approver_name), ("approved", self.quality.name))
        self.assertTrue(plan.signature_ids.is_valid)

    def test_whoever_fills_or_changes_lines_has_written_in_it(self):
        plan = self._create_plan()
        plan.with_user(self.hr_manager).action_generate()
        self.assertIn(self.hr_manager, plan.sudo().contributor_ids)
        plan.with_user(self.hr).line_ids[0].due_on = self.today + timedelta(days=5)
        self.assertIn(self.hr, plan.sudo().contributor_ids)
        plan.action_transition("submit")
        self._refused(UserError, "you wrote in it", lambda: sign_step(plan, "approve", self.hr_manager))

    def test_over_budget_needs_a_reason_and_top_management(self):
        plan = self._create_plan(budget=100)
        plan.action_generate()
        self.assertTrue(plan.is_over_budget)
        self._refused(UserError, "costs more than its budget", lambda: plan.action_transition("submit"))
        plan.budget_reason = "The licences are required by law"
        plan.action_transition("submit")
        self._refused(UserError, "top management approves it", lambda: sign_step(plan, "approve", self.quality))
        sign_step(plan, "approve", self.top_user)
        self.assertEqual(plan.state, "approved")

    def test_manager_approves_his_peoples_plan_and_nobody_his_own(self):
        plan = self._create_plan(kind="individual", employee_id=self.employee.id)
        plan.action_generate()
        plan.action_transition("submit")
        sign_step(plan, "approve", self.boss_user)
        self.assertEqual(plan.state, "approved")
        quality = self._create_employee("Quality", self.quality, job_id=self.job.id)
        own = self._create_plan(kind="individual", employee_id=quality.id)
        own.action_generate()
        own.action_transition("submit")
        self._refused(UserError, "your own development plan", lambda: sign_step(own, "approve", self.quality))
        annual = self._create_plan()
        annual.action_generate()
        annual.action_transition("submit")
        self._refused(UserError, "", lambda: sign_step(annual, "approve", self.boss_user))

    def test_morning_asks_who_may_and_not_whom_it_is_about(self):
        plan = self._create_plan(kind="individual", employee_id=self.employee.id)
        plan.action_generate()
        plan.action_transition("submit")

        def asked(user):
            plans = self.env["sqms.training.plan"].with_user(user)
            return plan in plans.search(plans._morning_sign_domain())

        self.assertEqual(
            [asked(user) for user in (self.boss_user, self.quality, self.user, self.officer)],
            [True, True, False, False],
        )

    def test_return_revise_cancel(self):
        plan = self._create_plan()
        plan.action_generate()
        plan.action_transition("submit")
        boss = plan.with_user(self.quality)
        self._refused(UserError, "please fill in", lambda: boss.action_transition("return_to_author"))
        boss.remarks = "Too much at once"
        boss.action_transition("return_to_author")
        self.assertEqual(plan.state, "draft")
        self._approve(plan)
        self._refused(UserError, "please fill in", lambda: plan.action_transition("revise"))
        plan.revision_reason = "A new team"
        plan.action_transition("revise")
        self.assertEqual((plan.state, plan.revision, plan.approver_name), ("draft", 2, False))
        self._approve(plan)
        self._refused(UserError, "please fill in", lambda: plan.action_transition("revise"))
        self._refused(UserError, "are still open", lambda: plan.action_transition("finish"))
        plan.line_ids._drop("No money")
        plan.action_transition("finish")
        self.assertEqual((plan.state, plan.met_percent, plan.line_count), ("done", 0, 0))

    # -- sessions ------------------------------------------------------------------------

    def test_sessions_respect_seats_and_lines_follow_the_enrolment(self):
        for number in range(3):
            self._create_employee(f"Fitter {number}", job_id=self.job.id, department_id=self.boiler.id)
        plan = self._approved(department_id=self.field.id, session_size=2)
        there = self.env["sqms.training.session"].create(
            {
                "course_id": self.gas_course.id,
                "company_id": self.company.id,
                "seats": 2,
                "date_start": self.today + timedelta(days=9),
                "date_end": self.today + timedelta(days=10),
            }
        )
        lines = plan.line_ids.filtered(lambda line: line.course_id == self.gas_course)
        self.assertEqual(len(lines), 5)
        plan.action_make_sessions()
        self.assertEqual(set(lines.mapped("state")), {"scheduled"})
        sessions = lines.session_id
        self.assertIn(there, sessions)
        self.assertEqual(sorted(sessions.mapped("seats_taken")), [1, 2, 2])
        self.assertEqual(len(plan.line_ids.enrolment_id), 10)
        self.assertEqual(plan.session_count, 6)
        self.assertEqual(set(plan.line_ids.enrolment_id.mapped("reason")), {f"Training plan {plan.number}"})
        self._refused(UserError, "nothing to schedule", plan.action_make_sessions)
        first = lines[0]
        self._begin(first.session_id)
        self.assertEqual(first.state, "training")
        first.enrolment_id.write({"end_reason": "Broke off"})
        first.enrolment_id.action_transition("fail")
        self.assertEqual(first.state, "failed")
        plan.action_make_sessions()
        self.assertEqual((first.state, len(plan.line_ids.enrolment_id)), ("scheduled", 10))
        second = lines[1]
        second.enrolment_id.write({"end_reason": "Moves away"})
        second.enrolment_id.action_transition("cancel")
        self.assertEqual(second.state, "open")

    def _begin(self, session):
        session.write(
            {
                "date_start": session.date_start or self.today,
                "date_end": session.date_end or self.today + timedelta(days=1),
                "trainer_id": self._create_employee("Teacher").id,
            }
        )
        session.action_transition("open")
        session.action_transition("begin")

    def test_gap_to_certificate(self):
        """What the course has granted closes the line, and the plan counts it."""
        plan = self._create_plan(kind="individual", employee_id=self.employee.id)
        plan.line_ids.create(
            {
                "plan_id": plan.id,
                "employee_id": self.employee.id,
                "skill_id": self.gas.id,
                "needed_level_id": self.full.id,
                "course_id": self.gas_course.id,
            }
        )
        self._approve(plan)
        plan.action_make_sessions()
        enrolment = plan.line_ids.enrolment_id
        self._begin(enrolment.session_id)
        enrolment.part_ids.write({"attended": True, "result": "passed"})
        if enrolment.state != "passed":
            enrolment.action_transition("finish")
        self.assertEqual((plan.line_ids.state, plan.met_percent, plan.met_label), ("met", 100, "1 of 1"))
        self.assertEqual(enrolment.certificate_id.employee_id, self.employee)
        plan.action_transition("finish")
        self.assertEqual(plan.state, "done")

    def test_course_without_session_and_who_is_under_way(self):
        self.tongue_course.module_ids.kind = "reading"
        plan = self._approved(kind="individual", employee_id=self.employee.id)
        known = self.gas_course._enrol(self.employee)
        known.with_user(self.officer).action_transition("start")
        plan.action_make_sessions()
        lines = {line.skill_id: line for line in plan.line_ids}
        self.assertEqual(lines[self.gas].enrolment_id, known)
        self.assertEqual(lines[self.gas].state, "training")
        self.assertTrue(lines[self.tongue].enrolment_id)
        self.assertFalse(lines[self.tongue].session_id)
        self.assertEqual(lines[self.power].state, "open", "no course, no enrolment")

    def test_refresh_marks_what_was_met_elsewhere(self):
        plan = self._approved(kind="individual", employee_id=self.employee.id)
        self._create_certificate(last=400, skill_id=self.power.id)
        plan.action_refresh()
        line = plan.line_ids.filtered(lambda line: line.skill_id == self.power)
        self.assertEqual(line.state, "met")
        self.assertTrue(plan.signature_ids.is_valid, "what was signed is unchanged")

    # -- individual development plan ----------------------------------------------------

    def test_development_plan_is_made_once_and_extended(self):
        plans = self.env["sqms.training.plan"].with_user(self.boss_user)
        needs = [
            {"skill_id": self.tongue.id, "needed_level_id": self.high.id, "text": "Speaks with customers"},
            {"text": "Learns to hold a meeting"},
        ]
        plan = plans._development_plan(self.employee, needs, "Appraisal 2026")
        again = plans._development_plan(self.employee, [*needs, {"course_id": self.gas_course.id}], "Appraisal again")
        self.assertEqual(plan, again)
        self.assertEqual(len(plan.sudo().line_ids), 3)
        self.assertEqual(set(plan.sudo().line_ids.mapped("source")), {"appraisal"})
        self.assertEqual(plan.sudo().line_ids[0].course_id | plan.sudo().line_ids[1].course_id, self.tongue_course)
        self.assertEqual((plan.kind, plan.sudo().objective), ("individual", "Appraisal 2026"))
        self.assertIn(self.boss_user, plan._writers())
        self._approve(plan.with_user(self.officer), self.quality)
        later = plans._development_plan(self.employee, needs, "Next year")
        self.assertNotEqual(later, plan, "what was approved stays as it was approved")

    # -- arithmetic ----------------------------------------------------------------------

    def test_doctests(self):
        result = doctest.testmod(training_plan)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_shares_never_exceed_seats(self):
        for count in range(30):
            for size in (0, 1, 2, 5, 12):
                for free in ([], [3], [0, 4], [2, None], [1, 1, 1]):
                    there, new = training_plan.share_out(count, free, size)
                    self.assertEqual(sum(there) + sum(new), count)
                    self.assertTrue(
                        all(seats is None or taken <= seats for taken, seats in zip(there, free, strict=True))
                    )
                    self.assertTrue(all(0 < group <= (size or count) for group in new))
                    self.assertLessEqual(max(new, default=0) - min(new, default=0), 1)

    @mute_logger("odoo.sql_db")
    def test_what_a_plan_may_say(self):
        self._refused(CheckViolation, "_whose", lambda: self._create_plan(kind="individual"))
        self._refused(CheckViolation, "_whose", lambda: self._create_plan(employee_id=self.employee.id))
        self._refused(CheckViolation, "_year_range", lambda: self._create_plan(year=27))
        self._refused(
            ValidationError,
            "not for a department",
            lambda: self._create_plan(kind="individual", employee_id=self.employee.id, department_id=self.field.id),
        )
        plan = self._create_plan()
        values = {"plan_id": plan.id, "employee_id": self.employee.id}
        self._refused(CheckViolation, "_something_needed", lambda: plan.line_ids.create(values))
        self._refused(
            ValidationError,
            "does not grant",
            lambda: plan.line_ids.create({**values, "skill_id": self.power.id, "course_id": self.gas_course.id}),
        )
        self._refused(
            ValidationError,
            "is no level of",
            lambda: plan.line_ids.create({**values, "skill_id": self.power.id, "needed_level_id": self.high.id}),
        )
