from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .training_case import TrainingCase


@tagged("post_install", "-at_install")
class TestSession(TrainingCase):
    # -- seats ------------------------------------------------------------------

    def test_no_more_than_seats_on_any_path(self):
        session = self._create_session(seats=1)
        first = self._enrol(self.employee, session)
        values = {"course_id": self.course.id, "employee_id": self.other.id, "session_id": session.id}
        self._refused(self._enrol, self.other, session, words="1 seats, and 2 would be enrolled")
        self._refused(first.create, {**values, "company_id": self.company.id}, words="seats")
        waiting = self._enrol(self.other)
        self._refused(waiting.write, {"session_id": session.id}, words="seats")
        self._refused(waiting.sudo().write, {"session_id": session.id}, words="seats")
        self._refused(session.write, {"enrolment_ids": [(4, waiting.id)]}, words="seats")
        session.seats = 2
        waiting.session_id = session
        self._refused(session.write, {"seats": 1}, words="seats")
        self.assertEqual(session.seats_taken, 2)
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE sqms_training_session SET seats = 1 WHERE id = %s", (session.id,))
        waiting.end_reason = "Cannot come"
        waiting.action_transition("cancel")
        session.seats = 1

    # -- the trainer ------------------------------------------------------------------

    def test_a_trainer_holds_one_session_at_a_time(self):
        session = self._create_session(days=10)
        self._refused(self._create_session, days=10.1, words="Zhao Trainer cannot hold")
        after = self._create_session(days=10.5)
        self._refused(after.write, {"date_start": session.date_start}, words="another session at that time")
        beside = self._create_session(days=10, trainer_id=self.manager.id)
        self._refused(beside.write, {"trainer_id": self.trainer.id})
        outside = self.env["res.partner"].create({"name": "Fire Brigade"})
        self._create_session(days=20, trainer_id=False, trainer_partner_id=outside.id)
        self._refused(self._create_session, days=20, trainer_id=False, trainer_partner_id=outside.id)
        session.cancel_reason = "Flu"
        session.action_transition("cancel")
        beside.trainer_id = self.trainer

    def test_a_trainer_is_not_his_own_pupil(self):
        session = self._create_session()
        self._refused(self._enrol, self.trainer, session, words="holds")
        enrolment = self._enrol(self.trainer)
        self._refused(enrolment.write, {"session_id": session.id}, words="holds")
        session.trainer_id = self.manager
        enrolment.session_id = session
        self._refused(session.write, {"trainer_id": self.trainer.id}, words="holds")

    # -- its way ------------------------------------------------------------------

    def test_a_session_goes_its_way_by_steps_alone(self):
        session = self._create_session(trainer_id=False).with_user(self.officer)
        session.trainer_id = False
        self._refused(session.write, {"state": "open"})
        self._refused(session.with_context(default_state="closed").copy, words="starts as")
        self._refused(session.action_transition, "open", words="name the trainer")
        session.trainer_id = self.trainer
        session.action_transition("open")
        self._refused(session.action_transition, "begin", words="nobody is enrolled")
        self._enrol(self.employee | self.other, session)
        for user in (self.user, self.trainer_user, self.manager_user, self.certifier):
            self._refused(session.with_user(user).action_transition, "begin")
            self._refused(session.with_user(user).write, {"seats": 5})
        session.action_transition("begin")
        self.assertEqual(session.enrolment_ids.mapped("state"), ["running"] * 2)
        self.assertEqual(len(session.part_ids), 8)
        self._refused(session.write, {"seats": 3}, words="can no longer be changed")
        self._refused(session.action_transition, "close", words="attendance is not taken of")
        mine, his = session.enrolment_ids.sorted("employee_id")
        session.write({"part_ids": [(1, part.id, {"result": "passed"}) for part in mine.part_ids]})
        his.part_ids.with_user(self.trainer_user).action_absent()
        session.action_transition("close")
        self.assertEqual((mine.state, his.state), ("passed", "absent"))
        self.assertTrue(mine.certificate_id)
        self.assertFalse(his.certificate_id)
        self.assertEqual(session.passed_count, 1)
        session.cost_actual = 500
        self.assertEqual(session.cost_per_person, 250)
        self._refused(session.write, {"date_start": fields.Datetime.now()})
        self._refused(session.unlink)
        self._refused(self._enrol, self.trainer, session, words="over")

    def test_a_missing_part_is_made_up_in_another_session(self):
        session, enrolment = self._running(days=10)
        enrolment.part_ids[:3].action_passed()
        enrolment.part_ids[3].action_absent()
        session.action_transition("close")
        self.assertEqual((enrolment.state, enrolment.missing), ("running", "Part 4"))
        later = self._create_session(days=40).with_user(self.officer)
        enrolment.session_id = later
        later.action_transition("open")
        later.action_transition("begin")
        enrolment.part_ids[3].action_passed()
        later.action_transition("close")
        self.assertEqual(enrolment.state, "passed")

    def test_a_failed_part_fails_the_course_and_says_which(self):
        session, enrolment = self._running()
        enrolment.part_ids[:3].action_passed()
        enrolment.part_ids[3].result = "failed"
        session.action_transition("close")
        self.assertEqual((enrolment.state, enrolment.end_reason), ("failed", "Not passed: Part 4"))
        again = self.env[enrolment._name].browse(enrolment.with_user(self.hr).action_enrol_again()["res_id"])
        self.assertEqual((again.state, again.course_id, again.employee_id), ("enrolled", self.course, self.employee))
        self.assertFalse(again.session_id)
        self._refused(enrolment.with_user(self.user).action_enrol_again)

    def test_when_it_is_cancelled_they_wait_for_another_and_are_told(self):
        session = self._create_session().with_user(self.officer)
        enrolment = self._enrol(session=session)
        self._refused(session.action_transition, "cancel", words="fill in")
        session.cancel_reason = "The trainer is ill"
        session.action_transition("cancel")
        self.assertEqual((enrolment.state, enrolment.session_id.id), ("enrolled", False))
        notes = self.env["mail.message"].search(
            [
                ("model", "=", session._name),
                ("res_id", "=", session.id),
                ("partner_ids", "in", self.user.partner_id.ids),
            ]
        )
        self.assertIn("The trainer is ill", notes.mapped("body")[0])

    def test_an_invitation_reaches_whoever_is_enrolled(self):
        session = self._create_session().with_user(self.officer)
        self._enrol(session=session)
        session.action_transition("open")
        self._enrol(self.other, session=session)
        told = self.env["mail.message"].search([("model", "=", session._name), ("res_id", "=", session.id)]).partner_ids
        self.assertLessEqual(self.user.partner_id | self.colleague.partner_id, told)

    def test_sessions_and_courses_of_another_company_are_not_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("t_far", "sqms_training.group_training_officer")
        stranger.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        session = self._create_session()
        for record in (session, self.course, self.course.module_ids):
            self.assertFalse(self.env[record._name].with_user(stranger).search([("id", "in", record.ids)]))
        self.assertTrue(self.env["sqms.training.session"].with_user(self.user).search([("id", "=", session.id)]))

    # -- the course ------------------------------------------------------------------

    def test_a_course_grants_type_skill_and_level_that_belong_together(self):
        self._refused(self._create_course, skill_level_id=self.language.skill_level_ids[0].id)
        self._refused(self._create_course, skill_id=self.language.skill_ids[0].id)
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._create_course(exam_pass_percent=101)
        plain = self._create_course(skill_type_id=False, skill_id=False, skill_level_id=False)
        self.assertFalse(plain.is_certification)
        for user in (self.user, self.manager_user, self.trainer_user, self.certifier):
            self._refused(self.course.with_user(user).write, {"validity_months": 99})
            self._refused(self.course.module_ids.with_user(user).write, {"is_mandatory": False})

    def test_files_of_a_course_are_looked_at_and_read_by_whoever_reads_it(self):
        make = self.env["ir.attachment"].with_user(self.officer).create
        file = make({"name": "slides.pdf", "raw": b"%PDF-1.4 slides"})
        self.course.with_user(self.officer).attachment_ids = file
        self.assertEqual((file.res_model, file.res_id), ("sqms.training.course", self.course.id))
        self.assertTrue(self.course.attachment_ids.with_user(self.user).raw)
        evil = make({"name": "page.html", "raw": b"<html><script>1</script></html>"})
        self._refused(self.course.with_user(self.officer).write, {"attachment_ids": [(4, evil.id)]})

    def test_who_may_not_read_a_document_opens_his_training_all_the_same(self):
        self.course.document_ids = self.env["sqms.document"].create({"name": "Draft", "company_id": self.company.id})
        enrolment = self._enrol()
        for user in (self.user, self.hr, self.officer, self.manager_user):
            mine = enrolment.with_user(user)
            mine.invalidate_recordset()
            shown = mine.web_read({"document_ids": {"fields": {"display_name": {}}}, "missing": {}})
            self.assertEqual(
                bool(shown[0]["document_ids"]), self.course.document_ids.with_user(user).has_access("read")
            )

    # -- afterwards ------------------------------------------------------------------

    def _passed(self, people):
        session, enrolments = self._running(people)
        enrolments.part_ids.action_passed()
        session.action_transition("close")
        return session, enrolments

    def test_points_are_given_once_and_shown_from_three_on(self):
        people = self.employee | self.other | self.manager
        session, enrolments = self._passed(people)
        mine = enrolments.filtered(lambda row: row.employee_id == self.employee)
        self._refused(mine._react, 5, words="by who took part")
        self._refused(mine.with_user(self.user)._react, 6, words="one to five")
        feedback = self.env["sqms.training.feedback"].with_user(self.user)
        feedback.create({"enrolment_id": mine.id, "points": "5", "comment": "Zeal"}).action_apply()
        self._refused(mine.with_user(self.user)._react, 1)
        self._refused(mine.with_user(self.officer).read, ["reaction"])
        enrolments.filtered(lambda row: row.employee_id == self.other).with_user(self.colleague)._react(4, "Air")
        self.assertFalse(session.reaction_label or session.reaction_words or self.course.reaction_label)
        enrolments.filtered(lambda row: row.employee_id == self.manager).with_user(self.manager_user)._react(4)
        (session | self.course.session_ids).invalidate_recordset()
        self.course.invalidate_recordset()
        self.assertEqual(session.reaction_label, "4.3 of 5 (n = 3)")
        self.assertEqual(session.reaction_words, "Air\nZeal")
        self.assertEqual(self.course.reaction_label, "4.3 of 5 (n = 3)")

    def test_the_manager_says_once_whether_it_helped_when_its_day_has_come(self):
        _session, enrolment = self._passed(self.employee)
        self.assertEqual(enrolment.effect_due_on, self.today + timedelta(days=90))
        mine = enrolment.with_user(self.manager_user)
        self.assertFalse(mine.may_judge)
        self._refused(mine._judge, "effective", "x", words="when its day has come")
        with freeze_time(fields.Datetime.now() + timedelta(days=90)):
            enrolment.invalidate_recordset()
            self._refused(enrolment.with_user(self.user)._judge, "effective", "I am good")
            for user in (self.colleague, self.trainer_user, self.certifier):
                self._refused(enrolment.with_user(user)._judge, "effective", "x")
            self._refused(mine._judge, "effective", " ", words="Say what shows it")
            form = self.env["sqms.training.judge"].with_user(self.manager_user)
            form.create(
                {"enrolment_id": enrolment.id, "result": "not_effective", "reason": "Three leaks"}
            ).action_apply()
            self.assertEqual((enrolment.effect_result, enrolment.effect_by_id), ("not_effective", self.manager_user))
            self._refused(enrolment.with_user(self.hr)._judge, "effective", "No")
            mine.invalidate_recordset()
            again = self.env[enrolment._name].browse(mine.action_enrol_again()["res_id"])
        self.assertEqual((again.state, again.reason), ("enrolled", "Once more after Not Effective"))

    def test_managers_are_asked_once_each_and_twice_the_records_cost_the_same(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Pupil {n}", "company_id": self.company.id, "parent_id": self.manager.id} for n in range(12)]
        )
        _session, enrolments = self._passed(people)
        model = self.env["sqms.training.enrolment"]
        manager_mail = [("partner_ids", "in", self.manager_user.partner_id.ids)]

        def ask(some):
            (enrolments - some).invalidate_recordset()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sqms_training_enrolment SET effect_asked_at = CASE WHEN id IN %s THEN NULL ELSE now() END",
                (tuple(some.ids),),
            )
            self.env.invalidate_all()
            before, told = self.env.cr.sql_log_count, self.env["mail.message"].search_count(manager_mail)
            self.assertEqual(model._cron_ask_managers(), len(some))
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertEqual(self.env["mail.message"].search_count(manager_mail) - told, 1)
            return queries

        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            ask(enrolments[:2])
            self.assertEqual(ask(enrolments[2:6]), ask(enrolments[4:12]))
            self.assertEqual(model._cron_ask_managers(), 0, "nobody is asked twice")

    # -- a manager's people, the start page ----------------------------------------------

    def test_a_manager_enrols_his_own_people_and_nobody_else(self):
        wizard = self.env["sqms.training.enrol"].with_user(self.manager_user)
        values = {"course_id": self.course.id, "reason": "Gap"}
        wizard.create({**values, "employee_ids": [(6, 0, (self.employee | self.other).ids)]}).action_apply()
        self.assertEqual(len(self.course.enrolment_ids), 2)
        self._refused(wizard.create({**values, "employee_ids": [(6, 0, self.trainer.ids)]}).action_apply, words="Zhao")
        for user in (self.user, self.certifier):
            form = self.env["sqms.training.enrol"].with_user(user)
            own = form.create({**values, "employee_ids": [(6, 0, self.trainer.ids)]})
            self._refused(own.action_apply, words="your own people")

    def test_who_learns_by_himself_begins_himself(self):
        enrolment = self._enrol().with_user(self.user)
        enrolment.with_user(self.manager_user).action_begin_own()
        self.assertEqual(enrolment.state, "enrolled")
        enrolment.action_begin_own()
        self.assertEqual((enrolment.state, len(enrolment.part_ids)), ("running", 4))
        self._refused(enrolment.part_ids.write, {"result": "passed"})

    def _section(self, user, key):
        self.env.flush_all()
        self.env.invalidate_all()
        page = self.env["sqms.morning"].with_user(user).with_context(allowed_company_ids=self.company.ids)
        found = next((part for part in page._morning_sections() if part and part["key"] == key), None)
        return found and found["count"] and found

    def test_the_start_page_says_what_waits(self):
        session = self._create_session(days=2).with_user(self.officer)
        enrolment = self._enrol(session=session)
        item = self._section(self.user, "training")["items"][0]
        self.assertEqual((item["title"], bool(item["due"])), (self.course.name, True))
        self.assertFalse(self._section(self.colleague, "training"))
        session.action_transition("open")
        session.action_transition("begin")
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            for user in (self.trainer_user, self.officer):
                self.assertEqual(bool(self._section(user, "training_sessions")), user == self.trainer_user)
            self.course.responsible_id = False
            self.assertEqual(self._section(self.officer, "training_sessions")["count"], 1)
        enrolment.part_ids.with_user(self.officer).action_passed()
        session.action_transition("close")
        self.assertFalse(self._section(self.user, "training"))
        self.assertFalse(self._section(self.manager_user, "training_effects"))
        with freeze_time(fields.Datetime.now() + timedelta(days=95)):
            self.assertEqual(self._section(self.manager_user, "training_effects")["count"], 1)
            self.assertFalse(self._section(self.user, "training_effects"))
