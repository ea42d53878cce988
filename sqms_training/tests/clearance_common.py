import base64
from datetime import timedelta

from odoo.tests import TransactionCase, new_test_user

PDF = base64.b64encode(b"%PDF-1.4 no entry in the register")
NOTICE = "We ask the authority whether there is an entry, because the law says so. It is erased after 30 days."


class ClearanceCase(TransactionCase):
    """A sensitive post, three officers, somebody who is to hold it, and those who must not know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US", "tz": "Asia/Shanghai"})
        cls.company = cls.env["res.company"].create({"name": "Clearance Test Company"})
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.env.user.company_ids |= cls.company
        cls.env.user.company_id = cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.today = cls.company._sqms_today()
        office = "sqms_training.group_clearance"
        cls.asker, cls.reviewer, cls.approver = (
            cls._create_user(name, office) for name in ("c_asker", "c_reviewer", "c_approver")
        )
        cls.person = cls._create_user("c_person", "base.group_user")
        cls.job, cls.harmless = cls.env["hr.job"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("Driver of a school bus", "Gardener")]
        )
        cls.employee = cls._create_employee("Wang Li", cls.person)
        cls.item = cls._item("T-1")
        cls.rule = cls._create_rule()

    @classmethod
    def _create_user(cls, login, groups, **values):
        return new_test_user(
            cls.env, login, f"base.group_user,{groups}", name=login, tz="Asia/Shanghai",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)], **values,
        )  # fmt: skip

    @classmethod
    def _create_employee(cls, name, user=None, **values):
        values = {"company_id": cls.company.id, "date_version": "2020-01-01", **values}
        return cls.env["hr.employee"].create({"name": name, "user_id": user and user.id, **values})

    @classmethod
    def _item(cls, code, verified=True, **values):
        values = {"name": f"Law of {code}", "duty": "Is checked.", "use": "basis", "effect": "barred", **values}
        item = cls.env["sqms.negative.item"].create({"code": code, **values})
        if verified:
            item.action_transition("verify")
        return item

    @classmethod
    def _create_rule(cls, **values):
        values = {
            "name": "School bus", "company_id": cls.company.id, "job_ids": [(6, 0, cls.job.ids)],
            "assessment_reference": "PIA-7", "assessment_date": cls.today,
            "check_ids": [(0, 0, {"name": "Record of offences", "kind": "offences", "item_id": cls.item.id})],
            "notice_ids": [(0, 0, {"body": NOTICE})],
            **values,
        }  # fmt: skip
        return cls.env["sqms.position.rule"].create(values)

    @classmethod
    def _request(cls, employee=None, rule=None, user=None, **values):
        values = {"rule_id": (rule or cls.rule).id, "employee_id": (employee or cls.employee).id, **values}
        return cls.env["sqms.clearance"].with_user(user or cls.asker).create(values)

    @classmethod
    def _own(cls, clearance, user=None):
        return cls.env["sqms.clearance.own"].with_user(user or cls.person).browse(clearance.id)

    @classmethod
    def _agree(cls, clearance, user=None):
        ticks = {"has_read": True, "has_agreed": True, "has_agreed_sensitive": True}
        user = user or cls.person
        cls.env["sqms.clearance.consent"].with_user(user).create({"own_id": clearance.id, **ticks}).action_agree()
        clearance.invalidate_recordset()
        return clearance

    @classmethod
    def _paper(cls, clearance, user=None, **values):
        values = {"outcome": "clear", "check_id": clearance.rule_id.check_ids[:1].id, **values}
        return cls.env["sqms.clearance.paper"].with_user(user or cls.asker).create(
            {"clearance_id": clearance.id, "file": PDF, "file_name": "answer.pdf", **values}
        )  # fmt: skip

    @classmethod
    def _collect(cls, clearance, user=None, **values):
        own = clearance.with_user(user or cls.asker)
        cls._paper(clearance, user, **values)
        own.write({"certificate_number": "NR-2026-77", "valid_from": cls.today})
        own.action_transition("collect")
        return own

    @classmethod
    def _review(cls, clearance, user=None, note="Nothing speaks against it."):
        own = clearance.with_user(user or cls.reviewer)
        own.risk_note = note
        own.action_transition("review")
        return own

    @classmethod
    def _sign(cls, clearance, step, user=None):
        user = user or cls.approver
        own = clearance.with_user(user)
        own.action_sign_step(step, user.login)
        clearance.invalidate_recordset()
        return own

    @classmethod
    def _reviewed(cls, employee=None, person=None, rule=None, **paper):
        clearance = cls._agree(cls._request(employee, rule), person)
        return cls._review(cls._collect(clearance, **paper))

    @classmethod
    def _cleared(cls, employee=None, person=None, rule=None):
        return cls._sign(cls._reviewed(employee, person, rule), "approve")

    @classmethod
    def _taken_over(cls, employee, rule, first, last, verdict="approved", **values):
        """A clearance of the past, as it comes from the old register; days counted from today."""
        clearance = cls.env["sqms.clearance"].create({"rule_id": rule.id, "employee_id": employee.id})
        day = lambda number: None if number is None else cls.today + timedelta(days=number)  # noqa: E731
        clearance._take_over(
            verdict,
            {
                "verdict": verdict, "valid_from": day(first), "valid_to": day(last), "cleared_from": day(first),
                "certificate_number": "OLD-1", "erase_on": day(first + 30),
                **{name: day(number) for name, number in values.items()},
            },
        )  # fmt: skip
        return clearance
