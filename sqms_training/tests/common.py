import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

PDF = base64.b64encode(b"%PDF-1.4 a scan")


class CertificateCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US", "tz": "Asia/Shanghai"})
        cls.company = cls.env["res.company"].create({"name": "Certificate Test Company"})
        cls.env.user.company_ids |= cls.company
        cls.env.user.company_id = cls.company
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.today = cls.company._certificate_today()
        cls.certification, cls.language = cls.env["hr.skill.type"].create(
            [cls._skill_type("Licences", True), cls._skill_type("Tongues", False)]
        )
        cls.gas, cls.power = cls.certification.skill_ids
        cls.basic, cls.full = cls.certification.skill_level_ids.sorted("level_progress")
        cls._create_people()

    @classmethod
    def _skill_type(cls, name, is_certification):
        return {
            "name": name,
            "is_certification": is_certification,
            "skill_ids": [(0, 0, {"name": f"{name} gas"}), (0, 0, {"name": f"{name} power"})],
            "skill_level_ids": [
                (0, 0, {"name": "Basic", "level_progress": 50, "default_level": True}),
                (0, 0, {"name": "Full", "level_progress": 100}),
            ],
        }

    @classmethod
    def _create_people(cls):
        cls.user = cls._create_user("t_employee", "base.group_user")
        cls.colleague = cls._create_user("t_colleague", "base.group_user")
        cls.hr = cls._create_user("t_hr", "base.group_user,hr.group_hr_user")
        cls.officer = cls._create_user("t_officer", "sqms_training.group_training_officer")
        cls.certifier = cls._create_user("t_certifier", "sqms_base.group_sqms_certifier")
        cls.employee = cls._create_employee("Wang Li", cls.user)
        cls.other = cls._create_employee("Zhang San", cls.colleague)

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            name=login,
            tz="Asia/Shanghai",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _create_employee(cls, name, user=None, **values):
        return cls.env["hr.employee"].create(
            {"name": name, "user_id": user and user.id, "company_id": cls.company.id, "tz": "Asia/Shanghai", **values}
        )

    @classmethod
    def _values(cls, first=-300, last=65, **values):
        """Values of a certificate whose first and last day lie so many days from today."""
        return {
            "employee_id": cls.employee.id,
            "skill_type_id": cls.certification.id,
            "skill_id": cls.gas.id,
            "skill_level_id": cls.basic.id,
            "valid_from": cls.today + timedelta(days=first),
            "valid_to": last is not None and cls.today + timedelta(days=last),
            **values,
        }

    @classmethod
    def _create_certificate(cls, first=-300, last=65, **values):
        return cls.env["hr.employee.skill"].create(cls._values(first, last, **values))

    @classmethod
    def _create_skill(cls, employee=None, **values):
        return cls.env["hr.employee.skill"].create(
            {
                "employee_id": (employee or cls.employee).id,
                "skill_type_id": cls.language.id,
                "skill_id": cls.language.skill_ids[0].id,
                "skill_level_id": cls.language.skill_level_ids[0].id,
                "valid_from": fields.Date.add(cls.today, days=-40),
                **values,
            }
        )

    @classmethod
    def _create_unnumbered(cls, **values):
        """A certification as it was before this addon: no number."""
        skill = cls._create_skill(skill_id=cls.language.skill_ids[1].id, **values)
        cls.language.is_certification = True
        return skill
