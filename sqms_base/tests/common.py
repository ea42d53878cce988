from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import TransactionCase, new_test_user

ZONE = "Asia/Shanghai"
NOON = datetime(2026, 11, 23, 4, 0)  # twelve o'clock in Shanghai


def password_of(user):
    """`new_test_user` makes the login the password, at least eight characters long."""
    return user.login.ljust(8, "x")


def sign_step(records, step, user):
    """Take a step as the dialog does it: this user, with his password."""
    return records.with_user(user).action_sign_step(step, password_of(user))


class DocumentCase(TransactionCase):
    """A company with its people, and a clock that stands at noon of 23 November 2026 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.startClassPatcher(freeze_time(NOON))
        cls.company = cls._create_company("Qinghe")
        cls.other_company = cls._create_company("Elsewhere")
        cls.officer = cls._create_user("officer", "sqms_base.group_sqms_officer")
        cls.manager = cls._create_user("manager", "sqms_base.group_sqms_manager")
        cls.second_manager = cls._create_user("manager2", "sqms_base.group_sqms_manager")
        cls.top = cls._create_user("top", "sqms_base.group_sqms_top")
        cls.certifier = cls._create_user("certifier", "sqms_base.group_sqms_certifier")
        cls.hr = cls._create_user("hr", "hr.group_hr_manager")
        cls.plain = cls._create_user("plain", "base.group_user")
        cls.portal = new_test_user(cls.env, login="sqms_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")
        cls.desk = cls.env["hr.department"].create({"name": "Desk", "company_id": cls.company.id})
        cls.desk_north = cls.env["hr.department"].create(
            {"name": "Desk North", "company_id": cls.company.id, "parent_id": cls.desk.id}
        )
        cls.workshop = cls.env["hr.department"].create({"name": "Workshop", "company_id": cls.company.id})
        cls.employee = cls._create_employee("Plain", user_id=cls.plain.id, department_id=cls.desk_north.id)
        cls.colleague = cls._create_employee("Colleague", department_id=cls.workshop.id)

    @classmethod
    def _create_company(cls, name):
        company = cls.env["res.company"].create({"name": name})
        company.resource_calendar_id.tz = ZONE
        return company

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"sqms_{login}",
            groups=groups,
            tz=ZONE,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def _create_employee(cls, name, **values):
        return cls.env["hr.employee"].create({"name": name, "company_id": cls.company.id, **values})

    @classmethod
    def _create_document(cls, name="Refund procedure", author=None, **values):
        return (
            cls.env["sqms.document"]
            .with_user(author or cls.officer)
            .create({"name": name, "document_type": "procedure", "tz": ZONE, **values})
        )

    @classmethod
    def _create_draft(cls, document=None, text="<p>Refund within one working day.</p>", author=None, **values):
        document = document or cls._create_document()
        return (
            cls.env["sqms.document.version"]
            .with_user(author or cls.officer)
            .create({"document_id": document.id, "content": text, **values})
        )

    @classmethod
    def _submit(cls, version):
        sign_step(version, "submit", version.author_id)
        return version

    @classmethod
    def _approve(cls, version, day=date(2026, 11, 23), approver=None):
        """Take a draft to its approval; with the day of today it is in force at once."""
        if version.state == "draft":
            cls._submit(version)
        version.with_user(cls.officer).date_effective = day
        sign_step(version, "approve", approver or cls.manager)
        cls.env.invalidate_all()
        return version

    @classmethod
    def _create_in_force(cls, **values):
        return cls._approve(cls._create_draft(**values))
