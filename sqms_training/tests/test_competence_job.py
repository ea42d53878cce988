from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_competence import CompetenceCase


@tagged("post_install", "-at_install")
class TestCompetenceJob(CompetenceCase):
    """What a job requires changes by its form, and what was required before stays on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls._create_job("Fitter", [(cls.gas, cls.basic)])
        cls.employee.job_id = cls.job
        cls.today = fields.Date.today()  # the day by which hr_skills ends and begins rows
        cls._create_certificate(-300, 300)

    def test_level_of_a_required_certificate_changes_from_today_on(self):
        old = self.job.job_skill_ids
        self.job.write({"current_job_skill_ids": [(1, old.id, {"skill_level_id": self.full.id})]})
        new = self.job.job_skill_ids - old
        self.assertEqual((old.skill_level_id, old.valid_to), (self.basic, self.today - timedelta(days=1)))
        self.assertEqual((new.skill_level_id, new.valid_from, new.valid_to), (self.full, self.today, False))
        self.job.invalidate_recordset()
        self.assertEqual(self.job.current_job_skill_ids, new)
        (gap,) = self.env["sqms.competence"]._gaps(self.employee)
        self.assertEqual((gap["state"], gap["gap"]), ("lower", 50))
        self.assertFalse(self.env["sqms.competence"]._gaps(self.employee, on=self.today - timedelta(days=1)))

    def test_twice_on_one_day_and_a_day_of_ones_own(self):
        self.job.write({"current_job_skill_ids": [(1, self.job.job_skill_ids.id, {"skill_level_id": self.full.id})]})
        again = self.job.job_skill_ids.filtered(lambda row: row.skill_level_id == self.full)
        self.job.write({"current_job_skill_ids": [(1, again.id, {"skill_level_id": self.basic.id})]})
        self.assertEqual(len(self.job.job_skill_ids), 2)
        running = self.job.job_skill_ids.filtered(lambda row: not row.valid_to)
        later = self.today + timedelta(days=10)
        self.job.write(
            {"current_job_skill_ids": [(1, running.id, {"skill_level_id": self.full.id, "valid_from": later})]}
        )
        self.assertEqual(max(self.job.job_skill_ids.mapped("valid_from")), later)
