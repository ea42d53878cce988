from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import CertificateCase


class TrainingCase(CertificateCase):
    """A course of four mandatory parts that grants a certificate, a trainer, a manager, two pupils."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trainer_user = cls._create_user("t_trainer", "base.group_user")
        cls.manager_user = cls._create_user("t_manager", "base.group_user")
        cls.trainer = cls._create_employee("Zhao Trainer", cls.trainer_user)
        cls.manager = cls._create_employee("Chen Manager", cls.manager_user)
        cls.officer_employee = cls._create_employee("Officer Wu", cls.officer)
        (cls.employee | cls.other).parent_id = cls.manager
        cls.course = cls._create_course()

    @classmethod
    def _create_course(cls, parts=4, **values):
        return cls.env["sqms.training.course"].create(
            {
                "name": "Gas at the customer's",
                "company_id": cls.company.id,
                "skill_type_id": cls.certification.id,
                "skill_id": cls.gas.id,
                "skill_level_id": cls.basic.id,
                "validity_months": 12,
                "grace_days": 30,
                "trainer_id": cls.trainer.id,
                "module_ids": [
                    (0, 0, {"name": f"Part {number}", "hours": 2, "sequence": number}) for number in range(1, parts + 1)
                ],
                **values,
            }
        )

    @classmethod
    def _create_session(cls, course=None, days=10, **values):
        start = fields.Datetime.now() + timedelta(days=days)
        return cls.env["sqms.training.session"].create(
            {
                "course_id": (course or cls.course).id,
                "company_id": cls.company.id,
                "date_start": start,
                "date_end": start + timedelta(hours=8),
                **values,
            }
        )

    @classmethod
    def _enrol(cls, employees=None, session=None, course=None):
        return (course or cls.course)._enrol(employees if employees is not None else cls.employee, session)

    def _running(self, employees=None, course=None, **values):
        """A session under way as the officer sees it, with its enrolments."""
        session = self._create_session(course, **values).with_user(self.officer)
        enrolments = self._enrol(employees, session, course=session.course_id)
        session.action_transition("open")
        session.action_transition("begin")
        return session, enrolments.with_user(self.officer)

    def _refused(self, method, *args, words="", **kwargs):
        with self.assertRaises(UserError) as caught, mute_logger("odoo.http", "odoo.sql_db"), self.env.cr.savepoint():
            method(*args, **kwargs)
            self.env.flush_all()
        self.assertIn(words, str(caught.exception))
