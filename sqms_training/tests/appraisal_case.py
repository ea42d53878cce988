from datetime import date

from odoo.tests import TransactionCase, new_test_user

PASSWORD = "sqms_appraisal"
WORDS = {
    "self": "I did what I could",
    "manager": "Reliable, and late with papers",
    "calibrated": "Weighed against the others of the depot",
}


class AppraisalCase(TransactionCase):
    """A small company: director, lead, two technicians, HR, an outsider of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US", "tz": "Asia/Shanghai"})
        cls.company, cls.elsewhere = cls.env["res.company"].create(
            [{"name": "Appraisal Test Company"}, {"name": "Appraisal Other Company"}]
        )
        cls.env.user.company_ids |= cls.company | cls.elsewhere
        cls.env.user.company_id = cls.company
        cls.department = cls.env["hr.department"].create({"name": "Depot", "company_id": cls.company.id})
        cls.job = cls.env["hr.job"].create({"name": "Technician", "company_id": cls.company.id})
        users = {
            "director": "base.group_user",
            "lead": "base.group_user",
            "worker": "base.group_user",
            "mate": "base.group_user",
            "hr": "hr.group_hr_user",
            "officer": "sqms_training.group_training_officer",
            "certifier": "sqms_base.group_sqms_certifier",
        }
        for login, groups in users.items():
            setattr(cls, login, cls._create_user(login, f"{groups},base.group_allow_export", cls.company))
        cls.foreign_hr = cls._create_user("foreign", "hr.group_hr_user", cls.elsewhere)
        cls.boss = cls._create_employee("Boss", cls.director)
        cls.foreman = cls._create_employee("Foreman", cls.lead, parent_id=cls.boss.id)
        cls.person = cls._create_employee("Wang Li", cls.worker, parent_id=cls.foreman.id)
        cls.colleague = cls._create_employee("Zhang San", cls.mate, parent_id=cls.foreman.id)
        cls.clerk = cls._create_employee("Clerk", cls.hr, parent_id=cls.boss.id, job_id=False)
        cls.scheme = cls._create_scheme()

    @classmethod
    def _create_user(cls, login, groups, company):
        return new_test_user(
            cls.env, f"ap_{login}", groups, name=f"ap {login}", email=f"{login}@appraisal.example.com",
            password=PASSWORD, tz="Asia/Shanghai", company_id=company.id, company_ids=[(6, 0, company.ids)],
        )  # fmt: skip

    @classmethod
    def _create_employee(cls, name, user=None, **values):
        return cls.env["hr.employee"].create(
            {
                "name": name, "user_id": user and user.id, "company_id": cls.company.id,
                "department_id": cls.department.id, "job_id": cls.job.id, "tz": "Asia/Shanghai", **values,
            }
        )  # fmt: skip

    @classmethod
    def _create_scheme(cls, weights=(50, 30, 20), **values):
        return cls.env["sqms.appraisal.scheme"].create(
            {
                "name": "Technicians", "company_id": cls.company.id,
                "criterion_ids": [
                    (0, 0, {"name": f"Criterion {place}", "weight": weight, "sequence": place,
                            "is_must": place == 1, "minimum": 2 if place == 1 else False})
                    for place, weight in enumerate(weights, start=1)
                ],
                **values,
            }
        )  # fmt: skip

    @classmethod
    def _create_appraisal(cls, employee=None, start=True, **values):
        appraisal = cls.env["sqms.appraisal"].with_user(cls.hr).create(
            {
                "employee_id": (employee or cls.person).id, "company_id": cls.company.id, "scheme_id": cls.scheme.id,
                "date_from": date(2026, 1, 1), "date_to": date(2026, 6, 30), **values,
            }
        )  # fmt: skip
        if start:
            appraisal.action_transition("start")
        return appraisal

    def _say(self, appraisal, kind, scores, notes=(), words=None, fit=None):
        """As the form does it: scores and reasons by the list of criteria, the words beside it."""
        notes = dict(notes)
        values = {
            "line_ids": [
                (1, line.id, {f"{kind}_score": score, f"{kind}_note": notes.get(place, False)})
                for place, (line, score) in enumerate(zip(appraisal.line_ids.sorted("sequence"), scores, strict=True))
            ],
            f"{kind}_words": words or WORDS[kind],
        }
        if fit:
            values["calibrated_fit"] = fit
        appraisal.write(values)

    def _bring_to(self, state, appraisal=None, scores=None, fit="fit"):
        """Take an appraisal through its steps, each by the person whose step it is."""
        appraisal = appraisal or self._create_appraisal()
        scores = scores or {"self": (4, 4, 4), "manager": (4, 3, 4), "calibrated": (4, 4, 4)}
        path = [
            ("self", self.worker, "submit_self"),
            ("manager", self.lead, "submit_manager"),
            ("calibrated", self.director, "release"),
        ]
        for kind, user, step in path:
            if appraisal.state == state:
                return appraisal
            if appraisal.state != {"calibrated": "calibration"}.get(kind, kind):
                continue
            own = appraisal.with_user(user)
            self._say(own, kind, scores[kind], fit=fit if kind == "calibrated" else None)
            own.action_transition(step)
        if state == "confirmed":
            appraisal.with_user(self.worker).write({"employee_verdict": "agree", "employee_comment": "Fine"})
            appraisal.with_user(self.director).action_sign_step("confirm", PASSWORD)
        self.assertEqual(appraisal.state, state)
        return appraisal
