from odoo.tests import TransactionCase, new_test_user


class ProcessCase(TransactionCase):
    """Two companies, people of each role, and three processes of the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.company = cls._create_company("Qinghe")
        cls.other_company = cls._create_company("Elsewhere")
        cls.officer = cls._create_user("officer", "sqms_base.group_sqms_officer")
        cls.manager = cls._create_user("manager", "sqms_base.group_sqms_manager")
        cls.top = cls._create_user("top", "sqms_base.group_sqms_top")
        cls.certifier = cls._create_user("certifier", "sqms_base.group_sqms_certifier")
        cls.plain = cls._create_user("plain", "base.group_user")
        cls.portal = new_test_user(cls.env, login="sqms_process_portal", groups="base.group_portal")
        cls.foreign_officer = cls._create_user("foreign", "sqms_base.group_sqms_officer", cls.other_company)
        cls.anna, cls.bo = (
            cls.env["hr.employee"].create({"name": name, "company_id": cls.company.id}) for name in ("Anna", "Bo")
        )
        cls.intake = cls._create_process("TP1", "Intake")
        cls.repair = cls._create_process("TP2", "Repair")
        cls.invoice = cls._create_process("TP3", "Invoice")

    @classmethod
    def _create_company(cls, name):
        company = cls.env["res.company"].create({"name": name})
        company.resource_calendar_id.tz = "Asia/Shanghai"
        return company

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"sqms_process_{login}",
            groups=groups,
            tz="Asia/Shanghai",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def _create_process(cls, code, name, **values):
        return cls.env["sqms.process"].create({"code": code, "name": name, "company_id": cls.company.id, **values})

    @classmethod
    def _link(cls, source, target, name="order", user=None):
        flows = cls.env["sqms.process.flow"].with_user(user or cls.env.user)
        return flows.create({"source_id": source.id, "target_id": target.id, "name": name})

    @classmethod
    def _hold(cls, process, employee, role="accountable", start="2026-01-01", end=False, **values):
        return cls.env["sqms.responsibility"].create(
            {
                "process_id": process.id, "role": role, "employee_id": employee.id if employee else False,
                "date_from": start, "date_to": end, **values,
            }
        )  # fmt: skip
