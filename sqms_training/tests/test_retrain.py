from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.tests.common import NOON, DocumentCase

from ..models import sqms_document_version_retrain


@tagged("post_install", "-at_install")
class TestRetrain(DocumentCase):
    """A new edition says itself whether it is read, trained in a course, or neither."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trainer = cls._create_user("trainer", "sqms_training.group_training_officer")
        cls.first = cls._create_in_force()
        cls.document = cls.first.document_id
        cls.course = cls._create_course("Refunds")

    @classmethod
    def _create_course(cls, name, **values):
        return cls.env["sqms.training.course"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "responsible_id": cls.trainer.id,
                "module_ids": [(0, 0, {"name": "All of it"})],
                **values,
            }
        )

    def _next(self, **values):
        action = self.document.with_user(self.officer).action_new_edition()
        version = self.env["sqms.document.version"].browse(action["res_id"])
        version.with_user(self.officer).write(values)
        return version

    def _trained(self, **values):
        return self._next(reading_decision="course", retrain_course_id=self.course.id, **values)

    def _enrolled(self):
        self.env.invalidate_all()
        return self.env["sqms.training.enrolment"].search([("course_id", "=", self.course.id)])

    def _refused(self, error, words, function):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            function()
            self.env.flush_all()
        self.assertIn(words, str(caught.exception))

    def test_everybody_of_the_target_group_is_enrolled_once_when_it_takes_effect(self):
        people = self.document.sudo().audience_ids.member_ids.employee_id
        self.assertTrue(people)
        version = self._trained(retrain_days=20)
        self._submit(version)
        self.assertFalse(self._enrolled(), "not before it is in force")
        self.assertIn("trained in “Refunds”", version._signature_facts()[version.id])
        self.assertIn("Everybody is enrolled in “Refunds”", version.asks_words)
        with freeze_time(NOON + timedelta(hours=1)):
            self._approve(version)
            enrolments = self._enrolled()
            self.assertEqual(enrolments.employee_id, people)
            self.assertEqual(enrolments.retrain_version_id, version)
            self.assertEqual(set(enrolments.mapped("retrain_due_on")), {version.date_effective + timedelta(days=20)})
            self.assertEqual((version.sudo().retrain_count, version.sudo().retrain_passed_count), (len(people), 0))
            self.assertEqual(version.sudo().reader_count, len(people), "it is read as well")
            version._retrain(1000)
            self.env["sqms.document.version"]._retrain(1000)
            self.assertEqual(self._enrolled(), enrolments)
            newcomer = self._create_employee("Newcomer")
            self.env["sqms.document.version"]._retrain(1000)
            self.assertEqual(self._enrolled().employee_id, people | newcomer)

    def test_in_pieces_and_who_is_under_way(self):
        known = self.course._enrol(self.employee)
        version = self._trained()
        with freeze_time(NOON + timedelta(hours=1)):
            self.startPatcher(self._one_at_a_time())
            self._approve(version)
            self.assertEqual(len(self._enrolled().filtered("retrain_version_id")), 1)
            while version._retrain(1):
                pass
        enrolments = self._enrolled()
        self.assertEqual(enrolments.filtered("retrain_version_id"), enrolments)
        self.assertIn(known, enrolments)
        self.assertEqual(len(enrolments.filtered(lambda row: row.employee_id == self.employee)), 1)

    def _one_at_a_time(self):
        return patch.object(sqms_document_version_retrain, "PEOPLE_AT_ONCE", 1)

    def test_twice_the_people_same_number_of_questions(self):
        def cost(count):
            department = self.env["hr.department"].create({"name": f"D{count}", "company_id": self.company.id})
            for number in range(count):
                self._create_employee(f"P{count}-{number}", department_id=department.id)
            document = self._create_document(
                f"Procedure {count}", audience="chosen", department_ids=[(6, 0, department.ids)]
            )
            course = self._create_course(f"Course {count}")
            version = self._create_draft(document, reading_decision="course", retrain_course_id=course.id)
            self._submit(version)
            with self._watched() as asked:
                self._approve(version)
            self.env.flush_all()
            self.assertEqual(len(course.enrolment_ids), count)
            return asked[0]

        cost(1)
        few, many = cost(8), cost(16)
        self.assertLessEqual(many, few + 2)

    def _watched(self):
        """How many questions the enrolling itself asks."""
        model = type(self.env["sqms.document.version"])
        original = model._retrain
        asked = []

        def counted(records, *args):
            start = records.env.cr.sql_log_count
            result = original(records, *args)
            records.env.flush_all()
            asked.append(records.env.cr.sql_log_count - start)
            return result

        @contextmanager
        def watch():
            with patch.object(model, "_retrain", counted):
                yield asked

        return watch()

    def test_read_and_none_train_nobody(self):
        with freeze_time(NOON + timedelta(hours=1)):
            self._approve(self._next())
        with freeze_time(NOON + timedelta(hours=2)):
            self._approve(self._next(reading_decision="none", reading_reason="A telephone number"))
        self.assertFalse(self._enrolled())

    def test_edition_of_what_a_course_teaches_says_why_reading_is_enough(self):
        self.course.document_ids = self.document
        version = self._next()
        self._refused(UserError, "Refunds teaches this document", lambda: self._submit(version))
        version.with_user(self.officer).retrain_reason = "The new form explains itself"
        self._submit(version)
        self._refused(AccessError, "can no longer be changed", lambda: version.with_user(self.officer).write(
            {"retrain_reason": "Something else"}))  # fmt: skip
        with freeze_time(NOON + timedelta(hours=1)):
            self.assertIn("The new form explains itself", version._signature_facts()[version.id])
            self._approve(version)
        self.assertEqual(version.state, "effective")
        self.assertTrue(all(version.sudo().signature_ids.mapped("is_valid")))

    def test_course_that_came_later_is_asked_about_at_the_approval(self):
        version = self._submit(self._next())
        self.course.document_ids = self.document
        with freeze_time(NOON + timedelta(hours=1)):
            self._refused(UserError, "Refunds teaches this document", lambda: self._approve(version))

    def test_first_edition_and_documents_that_no_course_teaches_go_on_as_before(self):
        self._create_in_force(document=self._create_document("Other"))
        other = self._create_document("Third")
        self.course.document_ids = other
        version = self._create_in_force(document=other)
        self.assertEqual((version.state, version.reading_decision), ("effective", "read"))

    @mute_logger("odoo.sql_db")
    def test_decision_without_course_by_every_path(self):
        version = self._next()
        officer = version.with_user(self.officer)
        words = "please choose the course"
        self._refused(ValidationError, words, lambda: officer.write({"reading_decision": "course"}))
        self._refused(CheckViolation, "retrain_course_given", lambda: self._create_draft(
            self._create_document("X"), reading_decision="course"))  # fmt: skip
        hostile = (
            self.env["sqms.document.version"].with_user(self.officer).with_context(default_reading_decision="course")
        )
        self._refused(CheckViolation, "retrain_course_given", lambda: hostile.create(
            {"document_id": self._create_document("Y").id}))  # fmt: skip
        loaded = officer.load([".id", "reading_decision"], [[str(version.id), "course"]])
        self.assertIn(words, loaded["messages"][0]["message"])
        officer.write({"reading_decision": "course", "retrain_course_id": self.course.id})
        self._refused(ValidationError, words, lambda: officer.write({"retrain_course_id": False}))
        self.assertIn(words, version.new({"reading_decision": "course", "edition": 2})._why_to_be_read())
        for values in ({"retrain_course_id": False}, {"retrain_days": 1}, {"reading_decision": "read"}):
            self._submit(version) if version.state == "draft" else None
            self._refused(AccessError, "can no longer be changed", lambda v=values: officer.write(v))
        self.course.active = False
        with freeze_time(NOON + timedelta(hours=1)):
            self._refused(UserError, "the course is archived", lambda: self._approve(version))

    def test_what_was_signed_before_stays_signed(self):
        """Signatures name what they cover: an addon that adds a field voids none of them."""
        self.assertTrue(self.first.sudo().signature_ids)
        self.assertTrue(all(self.first.sudo().signature_ids.mapped("is_valid")))

    def test_course_says_that_its_content_changed_and_its_owner_that_it_fits_again(self):
        self.course.document_ids = self.document
        self.assertFalse(self.course.is_content_changed)
        with freeze_time(NOON + timedelta(hours=1)):
            self._approve(self._next(retrain_reason="Small"))
            self.env.invalidate_all()
            self.assertEqual(self.course.changed_document_ids, self.document)
            self.assertIn(self.course, self.env["sqms.training.course"].search([("is_content_changed", "=", True)]))
            self.assertIn("is in force", self.course.message_ids[0].body)
            self.assertIn(self.trainer.partner_id, self.course.message_ids[0].partner_ids)
            for user in (self.plain, self.officer):
                self._refused(AccessError, "Its owner", self.course.with_user(user).action_content_reviewed)
            self._refused(UserError, "The Course Fits Again", lambda: self.course.with_user(self.trainer).write(
                {"content_reviewed_at": "2030-01-01 00:00:00"}))  # fmt: skip
            self.course.with_user(self.trainer).action_content_reviewed()
            self.env.invalidate_all()
            self.assertFalse(self.course.is_content_changed)
            self.assertNotIn(self.course, self.env["sqms.training.course"].search([("is_content_changed", "=", True)]))
