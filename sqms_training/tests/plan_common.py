from datetime import timedelta

from odoo.addons.sqms_base.tests.common import sign_step

from .common import CertificateCase


class PlanCase(CertificateCase):
    """A boiler team of four whose job needs two licences and a tongue; courses for them; a manager who leads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss_user = cls._create_user("t_boss", "base.group_user")
        cls.top_user = cls._create_user("t_top", "sqms_base.group_sqms_top")
        cls.quality = cls._create_user("t_quality", "sqms_base.group_sqms_manager")
        cls.hr_manager = cls._create_user("t_hr_manager", "hr.group_hr_manager")
        cls.field = cls.env["hr.department"].create({"name": "Field", "company_id": cls.company.id})
        cls.boiler = cls.env["hr.department"].create(
            {"name": "Boiler", "company_id": cls.company.id, "parent_id": cls.field.id}
        )
        cls.office = cls.env["hr.department"].create({"name": "Office", "company_id": cls.company.id})
        cls.tongue = cls.language.skill_ids[0]
        cls.low, cls.high = cls.language.skill_level_ids.sorted("level_progress")
        cls.job = cls._create_job("Fitter", (cls.gas, cls.full), (cls.power, cls.basic), (cls.tongue, cls.high))
        cls.boss = cls._create_employee("Boss", cls.boss_user, department_id=cls.field.id)
        cls.employee.write({"department_id": cls.boiler.id, "job_id": cls.job.id, "parent_id": cls.boss.id})
        cls.other.write({"department_id": cls.boiler.id, "job_id": cls.job.id, "parent_id": cls.boss.id})
        cls.third = cls._create_employee("Li Na", department_id=cls.office.id, job_id=cls.job.id)
        cls.gas_course = cls._create_course("Gas", cls.gas, cls.full, cost=300)
        cls.gas_dear = cls._create_course("Gas, dear", cls.gas, cls.full, cost=900)
        cls._create_course("Gas, for beginners", cls.gas, cls.basic, cost=50)
        cls.tongue_course = cls._create_course("Tongue", cls.tongue, cls.high, cost=100)

    @classmethod
    def _create_job(cls, name, *needs):
        job = cls.env["hr.job"].create({"name": name, "company_id": cls.company.id})
        cls.env["hr.job.skill"].create(
            [
                {
                    "job_id": job.id,
                    "skill_type_id": skill.skill_type_id.id,
                    "skill_id": skill.id,
                    "skill_level_id": level.id,
                    "valid_from": cls.today - timedelta(days=400),
                }
                for skill, level in needs
            ]
        )
        return job

    @classmethod
    def _create_course(cls, name, skill=None, level=None, kind="lecture", **values):
        return cls.env["sqms.training.course"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "skill_type_id": skill and skill.skill_type_id.id,
                "skill_id": skill and skill.id,
                "skill_level_id": level and level.id,
                "module_ids": [(0, 0, {"name": "All of it", "kind": kind})],
                **values,
            }
        )

    @classmethod
    def _create_plan(cls, author=None, **values):
        return (
            cls.env["sqms.training.plan"]
            .with_user(author or cls.officer)
            .create(
                {
                    "name": "Plan",
                    "company_id": cls.company.id,
                    "year": cls.today.year,
                    "date_from": cls.today - timedelta(days=30),
                    "date_to": cls.today + timedelta(days=200),
                    **values,
                }
            )
        )

    @classmethod
    def _approved(cls, approver=None, **values):
        plan = cls._create_plan(**values)
        plan.action_generate()
        return cls._approve(plan, approver)

    @classmethod
    def _approve(cls, plan, approver=None):
        if plan.state == "draft":
            plan.action_transition("submit")
        sign_step(plan, "approve", approver or cls.quality)
        return plan

    @classmethod
    def _rows(cls, plan):
        return {
            (line.employee_id.name, line.skill_id.name): (line.source, line.course_id.name, line.state)
            for line in plan.sudo().line_ids
        }

    def _refused(self, error, words, function):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            function()
            self.env.flush_all()
        self.assertIn(words, str(caught.exception))
