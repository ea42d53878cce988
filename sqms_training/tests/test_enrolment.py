from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .training_case import TrainingCase


@tagged("post_install", "-at_install")
class TestEnrolment(TrainingCase):
    # -- three of four, four of four --------------------------------------------------

    def test_three_of_four_parts_give_no_certificate_and_the_sentence_names_the_fourth(self):
        _session, enrolment = self._running()
        enrolment.part_ids[:3].write({"result": "passed"})
        self._refused(enrolment.action_transition, "finish", words="missing: Part 4")
        self._refused(enrolment._grant, words="missing: Part 4")
        self.assertEqual(enrolment._missing_parts().mapped("name"), ["Part 4"])
        self.assertEqual(enrolment.state, "running")
        self.assertFalse(enrolment.certificate_id or self.employee.certification_ids)

    def test_four_of_four_give_the_certificate_once(self):
        _session, enrolment = self._running()
        enrolment.part_ids.write({"result": "passed"})
        certificate = enrolment._grant()
        self.assertEqual(enrolment.state, "passed")
        self.assertTrue(certificate.sudo().number)
        self.assertEqual(certificate.sudo().issued_by, self.officer.name)
        self.assertEqual(certificate.valid_from, self.today)
        self.assertEqual(certificate.valid_to, fields.Date.add(self.today, years=1, days=-1))
        self.assertTrue(certificate.sudo().verification_url)
        self.assertEqual(enrolment._grant(), certificate)
        self._refused(enrolment.action_transition, "finish", words="Passed")
        enrolment._issue_granted()
        self.assertEqual(self.employee.certification_ids, certificate)

    def test_one_certificate_belongs_to_one_enrolment(self):
        _session, enrolments = self._running(self.employee | self.other)
        enrolments.part_ids.write({"result": "passed"})
        enrolments._grant()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE sqms_training_enrolment SET certificate_id = %s WHERE id = %s",
                (enrolments[0].certificate_id.id, enrolments[1].id),
            )

    def test_absent_and_failed_never_pass(self):
        _session, enrolment = self._running()
        enrolment.part_ids[:3].write({"result": "passed"})
        for result in ("absent", "failed"):
            enrolment.part_ids[3].result = result
            self._refused(enrolment._grant, words="missing: Part 4")
        self.assertTrue(enrolment.part_ids[3].attended)

    def test_a_course_of_optional_parts_is_not_passed_by_staying_away(self):
        course = self._create_course(
            skill_type_id=False, skill_id=False, skill_level_id=False,
            module_ids=[(0, 0, {"name": "Talk", "is_mandatory": False})],
        )  # fmt: skip
        session, enrolment = self._running(course=course)
        self._refused(enrolment._grant, words="absent")
        enrolment.part_ids.result = "absent"
        session.action_transition("close")
        self.assertEqual(enrolment.state, "absent")

    def test_an_exam_that_is_open_holds_the_certificate_back(self):
        survey = self.env["survey.survey"].create({"title": "Gas"})
        attempt = self.env["survey.user_input"].create([{"survey_id": survey.id}] * 3)
        self.course.write({"exam_survey_id": survey.id, "exam_pass_percent": 80, "exam_attempts": 2})
        session, enrolments = self._running(self.employee | self.other)
        first, second = enrolments
        first.part_ids.write({"result": "passed"})
        self._refused(first._grant, words="exam is not passed")
        session_parts = second.part_ids
        session_parts[:3].write({"result": "passed"})
        pupil = first.with_user(self.user).sudo()
        self.assertTrue(pupil._exam_done(40, False, attempt[0]))
        self.assertFalse(pupil._exam_done(100, True, attempt[0]), "the same attempt counts once")
        self.assertEqual((first.exam_attempts_done, first.exam_score, first.state), (1, 40, "running"))
        self.assertTrue(pupil._exam_done(250, True, attempt[1]))
        self.assertEqual((first.exam_score, first.state), (100, "passed"))
        self.assertTrue(first.certificate_id)
        self.assertNotEqual(first.certificate_id.sudo().issued_by, self.user.name, "nobody registers his own")
        self.assertFalse(pupil._exam_done(90, True, attempt[2]))
        # The exam alone is not enough.
        self.assertTrue(second._exam_done(79.9, True, attempt[0]))
        self.assertFalse(second.exam_passed_at, "what the enrolment asks for decides")
        self.assertTrue(second._exam_done(85, True, attempt[1]))
        self.assertEqual((second.state, bool(second.exam_passed_at)), ("running", True))
        session_parts[3].result = "passed"
        session.action_transition("close")
        self.assertEqual(second.state, "passed")

    def test_the_last_failed_attempt_ends_it(self):
        survey = self.env["survey.survey"].create({"title": "Gas"})
        attempt = self.env["survey.user_input"].create([{"survey_id": survey.id}] * 3)
        self.course.write({"exam_survey_id": survey.id, "exam_attempts": 2})
        _session, enrolment = self._running()
        enrolment._exam_done(10, False, attempt[0])
        enrolment._exam_done(20, False, attempt[1])
        self.assertEqual((enrolment.state, enrolment.exam_score), ("failed", 20))
        self.assertIn("2 attempts", enrolment.end_reason)
        self.assertFalse(enrolment._exam_done(100, True, attempt[2]))
        self.assertFalse(enrolment.certificate_id)

    # -- frozen ---------------------------------------------------------------------

    def test_a_later_change_of_the_course_does_not_bend_what_has_started(self):
        _session, enrolment = self._running()
        self.course.module_ids[3].write({"is_mandatory": False, "name": "Bent"})
        self.course.write({"validity_months": 1, "skill_level_id": self.full.id})
        self.course.module_ids = [(0, 0, {"name": "Part 5"})]
        self.assertEqual(enrolment.part_ids.mapped("name"), [f"Part {n}" for n in range(1, 5)])
        self.assertTrue(all(enrolment.part_ids.mapped("is_mandatory")))
        enrolment.part_ids[:3].write({"result": "passed"})
        self._refused(enrolment._grant, words="missing: Part 4")
        enrolment.part_ids[3].result = "passed"
        certificate = enrolment._grant()
        self.assertEqual(certificate.skill_level_id, self.basic)
        self.assertEqual(certificate.valid_to, fields.Date.add(self.today, years=1, days=-1))

    def test_what_was_copied_is_not_written_by_anybody(self):
        _session, enrolment = self._running()
        part = enrolment.part_ids[0]
        for record in (part, part.sudo(), part.with_user(self.hr)):
            self._refused(record.write, {"is_mandatory": False})
            self._refused(record.write, {"name": "Other", "result": "passed"})
            self._refused(record.unlink)
        self._refused(part.sudo().create, {"enrolment_id": enrolment.id, "module_id": part.module_id.id, "name": "x"})
        self._refused(enrolment.sudo().write, {"part_ids": [(5, 0, 0)]})
        for name, value in (
            ("exam_passed_at", fields.Datetime.now()), ("certificate_id", 1), ("validity_months", 99),
            ("effect_result", "effective"), ("employee_id", self.other.id), ("course_id", self._create_course().id),
        ):  # fmt: skip
            self._refused(enrolment.write, {name: value})
            self._refused(enrolment.sudo().write, {name: value})
        self._refused(enrolment.unlink)

    def test_part_names_are_copied_in_all_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.course.module_ids[0].with_context(lang="zh_CN").name = "法规"
        _session, enrolment = self._running()
        part = enrolment.part_ids[0]
        self.assertEqual((part.name, part.with_context(lang="zh_CN").name), ("Part 1", "法规"))
        self._refused(part.with_context(lang="zh_CN").write, {"name": "x"})
        self._refused(part.update_field_translations, "name", {"zh_CN": "x"})

    def test_the_story_leads_from_the_training_to_the_certificate(self):
        _session, enrolment = self._running()
        enrolment.part_ids.action_passed()
        certificate = enrolment._grant()
        self.env.flush_all()
        for record in (enrolment, certificate.with_user(self.officer)):
            graph = record.trace()
            self.assertIn(
                (f"{enrolment._name},{enrolment.id}", f"hr.employee.skill,{certificate.id}", "grants"),
                [(edge["source"], edge["target"], edge["label"]) for edge in graph["edges"]],
            )

    # -- nobody moves it otherwise ------------------------------------------------------

    def test_only_steps_move_it_on_any_path(self):
        enrolment = self._enrol().with_user(self.officer)
        model = enrolment.with_context(default_state="passed", default_exam_passed_at=fields.Datetime.now())
        values = {"course_id": self.course.id, "employee_id": self.other.id, "company_id": self.company.id}
        self._refused(enrolment.write, {"state": "passed"})
        self._refused(enrolment.sudo().write, {"state": "running"})
        self._refused(model.create, values)
        self._refused(enrolment.create, {**values, "state": "passed"})
        self._refused(enrolment.create, {**values, "certificate_id": self._create_certificate().id})
        loaded = enrolment.load(
            ["course_id/.id", "employee_id/.id", "company_id/.id", "state"],
            [[str(self.course.id), str(self.other.id), str(self.company.id), "passed"]],
        )
        self.assertFalse(loaded["ids"])
        action = self.env["ir.actions.server"].create(
            {
                "name": "Pass",
                "model_id": self.env["ir.model"]._get_id("sqms.training.enrolment"),
                "state": "code",
                "code": "record.write({'state': 'passed'})",
            }
        )
        self._refused(
            action.with_context(
                active_model="sqms.training.enrolment", active_id=enrolment.id, active_ids=enrolment.ids
            ).run
        )
        self.assertEqual(enrolment.state, "enrolled")

    def test_parts_are_not_slipped_in_before_the_start(self):
        enrolment = self._enrol()
        line = {"module_id": self.course.module_ids[0].id, "name": "Mine", "result": "passed", "attended": True}
        self._refused(enrolment.write, {"part_ids": [(0, 0, line)]})
        self._refused(
            enrolment.create,
            {"course_id": self.course.id, "employee_id": self.other.id, "company_id": self.company.id,
             "part_ids": [(0, 0, line)]},
        )  # fmt: skip

    # -- nobody his own -------------------------------------------------------------

    def test_nobody_grants_his_own_nor_takes_his_own_attendance(self):
        session, enrolments = self._running(self.officer_employee | self.employee)
        own = enrolments.filtered(lambda row: row.employee_id == self.officer_employee)
        for records in (own.part_ids, own.part_ids.sudo(), enrolments.part_ids):
            self._refused(records.write, {"result": "passed"}, words="Nobody takes his own")
            self._refused(records.action_passed, words="Nobody takes his own")
        self._refused(session.write, {"part_ids": [(1, own.part_ids[0].id, {"result": "passed"})]})
        own.with_user(self.hr).part_ids.write({"result": "passed"})
        for record in (own, own.sudo()):
            self._refused(record._grant, words="nobody passes himself")
            self._refused(record.action_transition, "finish", words="nobody passes himself")
        enrolments[1].part_ids.write({"result": "passed"})
        session.action_transition("close")
        self.assertEqual(enrolments.sorted("employee_id").mapped("state").count("passed"), 1)
        self.assertEqual(own.state, "running", "it waits for a colleague")
        self.assertTrue(own.with_user(self.hr)._grant())

    def test_plain_people_do_not_move_enrolments(self):
        _session, enrolment = self._running()
        for user in (self.user, self.manager_user, self.trainer_user, self.certifier):
            mine = enrolment.with_user(user)
            for step in ("finish", "fail", "miss", "cancel"):
                self._refused(mine.action_transition, step)
            self._refused(mine.write, {"reason": "x"})
            self._refused(mine.create, {"course_id": self.course.id, "employee_id": self.trainer.id})
        for user in (self.user, self.manager_user, self.certifier, self.colleague):
            self._refused(enrolment.part_ids[0].with_user(user).write, {"result": "passed"})

    def test_the_trainer_takes_attendance_of_his_own_sessions_only(self):
        session, enrolment = self._running()
        enrolment.part_ids[0].with_user(self.trainer_user).write({"result": "passed", "note": "Well done"})
        part = enrolment.part_ids[0]
        self.assertTrue(part.attended)
        self.assertEqual(part.taken_by_id, self.trainer_user)
        self.assertEqual(session.part_ids.with_user(self.trainer_user).mapped("session_id"), session)
        _other_session, foreign = self._running(course=self._create_course(trainer_id=self.manager.id), days=30)
        self._refused(foreign.part_ids[0].with_user(self.trainer_user).write, {"result": "passed"})

    def test_attendance_is_over_when_the_enrolment_is(self):
        _session, enrolment = self._running()
        enrolment.part_ids.write({"result": "passed"})
        enrolment._grant()
        self._refused(enrolment.part_ids[0].write, {"result": "absent"}, words="Passed")
        self._refused(enrolment.part_ids[0].sudo().write, {"result": "absent"}, words="Passed")

    # -- who sees it ----------------------------------------------------------------

    def test_who_sees_what(self):
        other_company = self.env["res.company"].create({"name": "Elsewhere"})
        mine, his = self._enrol(self.employee), self._enrol(self.other)
        found = {
            user.login: self.env["sqms.training.enrolment"].with_user(user).search([("course_id", "=", self.course.id)])
            for user in (self.user, self.colleague, self.manager_user, self.trainer_user, self.hr, self.officer,
                         self.certifier)
        }  # fmt: skip
        self.assertEqual(found["t_employee"], mine)
        self.assertEqual(found["t_colleague"], his)
        self.assertEqual(found["t_manager"], mine | his)
        self.assertFalse(found["t_trainer"])
        for login in ("t_hr", "t_officer", "t_certifier"):
            self.assertEqual(found[login], mine | his)
        stranger = self._create_user("t_far", "sqms_training.group_training_officer")
        stranger.write({"company_ids": [(6, 0, other_company.ids)], "company_id": other_company.id})
        self.assertFalse(self.env["sqms.training.enrolment"].with_user(stranger).search([]) & (mine | his))
        self._refused(mine.with_user(stranger).action_transition, "start")
        for group in ("base.group_portal", "base.group_public"):
            outside = self._create_user(group.replace(".", "_"), group)
            self._refused(self.env["sqms.training.enrolment"].with_user(outside).search, [])
            self._refused(self.env["sqms.training.course"].with_user(outside).search, [])

    def test_an_employee_of_another_company_is_not_enrolled(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["hr.employee"].create({"name": "Far", "company_id": elsewhere.id})
        self._refused(self._enrol, stranger)

    # -- enrolling --------------------------------------------------------------------

    def test_enrolling_twice_gives_the_same_enrolment(self):
        first = self._enrol()
        session = self._create_session()
        again = self._enrol(session=session)
        self.assertEqual((first, again.session_id), (again, session))
        self.assertEqual(len(self._enrol(self.employee | self.other)), 2)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            first.create({"course_id": self.course.id, "employee_id": self.employee.id, "company_id": self.company.id})
            self.env.flush_all()

    def test_a_course_with_a_certificate_and_no_mandatory_part_takes_nobody(self):
        course = self._create_course(parts=0)
        words = "no mandatory part"
        self._refused(course._enrol, self.employee, words=words)
        self._refused(
            self.env["sqms.training.enrolment"].create,
            {"course_id": course.id, "employee_id": self.employee.id, "company_id": self.company.id},
            words=words,
        )
        self._refused(self._create_session(course).action_transition, "open", words=words)
        enrolment = self._enrol()
        self.course.module_ids.is_mandatory = False
        self._refused(enrolment.action_transition, "start", words=words)
        course.module_ids = [(0, 0, {"name": "One"})]
        self.assertTrue(course._enrol(self.employee))

    # -- what it grants -----------------------------------------------------------------

    def _pass(self, course=None, employee=None):
        enrolment = self._enrol(employee or self.employee, course=course)
        enrolment.action_transition("start")
        enrolment.part_ids.write({"result": "passed"})
        enrolment._grant()
        return enrolment.certificate_id

    def test_a_renewal_goes_on_where_the_old_one_ends(self):
        old = self._create_certificate(-300, 65)
        new = self._pass()
        self.assertEqual(old.renewed_by_id, new)
        self.assertEqual(new.valid_from, old.valid_to + timedelta(days=1))
        self.assertEqual(new.valid_to, fields.Date.add(new.valid_from, years=1, days=-1))

    def test_within_the_days_of_grace_nothing_drifts_and_after_them_the_gap_shows(self):
        late = self._create_certificate(-395, -30)
        self.assertEqual(self._pass().valid_from, late.valid_to + timedelta(days=1))
        too_late = self._create_certificate(-396, -31, employee_id=self.other.id)
        new = self._pass(employee=self.other)
        self.assertEqual((new.valid_from, too_late.renewed_by_id), (self.today, new))

    def test_a_revoked_one_is_not_renewed_and_a_higher_level_holds_at_once(self):
        revoked = self._create_certificate(-10, 300)
        revoked._revoke("Wrong person")
        new = self._pass()
        self.assertEqual((new.valid_from, revoked.renewed_by_id.id), (self.today, False))
        higher = self._pass(self._create_course(skill_level_id=self.full.id))
        self.assertEqual((higher.valid_from, new.renewed_by_id), (self.today, higher))
        lower = self._pass(self._create_course())
        self.assertEqual(lower.valid_from, self.today + timedelta(days=1), "the same one was valid from today on")
        self.assertFalse(higher.renewed_by_id)

    def test_without_end_nobody_holds_it_twice_from_one_day_on(self):
        first, second = (self._pass(self._create_course(validity_months=0)) for _ in range(2))
        self.assertEqual((first.valid_to, second.valid_to), (False, False))
        self.assertEqual(first.renewed_by_id, second)

    def test_a_skill_rises_and_never_sinks(self):
        skill = self.language.skill_ids[0]
        basic, full = self.language.skill_level_ids.sorted("level_progress")
        old = self._create_skill(skill_level_id=basic.id)
        values = {"skill_type_id": self.language.id, "skill_id": skill.id}
        self.assertFalse(self._pass(self._create_course(**values, skill_level_id=full.id)))
        current = self.employee.current_employee_skill_ids.filtered(lambda row: row.skill_id == skill)
        self.assertEqual(current.skill_level_id, full)
        self.assertTrue(old.exists().valid_to, "hr_skills ends the old level and keeps it")
        self._pass(self._create_course(**values, skill_level_id=basic.id))
        self.employee.invalidate_recordset()
        current = self.employee.current_employee_skill_ids.filtered(lambda row: row.skill_id == skill)
        self.assertEqual(current.skill_level_id, full)

    def test_twice_as_many_certificates_cost_no_more_searches(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Pupil {n}", "company_id": self.company.id} for n in range(12)]
        )
        self._create_certificate(employee_id=people[0].id)

        def searches(some):
            enrolments = self._enrol(some)
            enrolments.action_transition("start")
            enrolments.part_ids.write({"result": "passed"})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            enrolments._certificates_before(enrolments._certificates_held())
            return self.env.cr.sql_log_count - before

        searches(people[:2])
        self.assertEqual(searches(people[2:5]), searches(people[6:12]))
