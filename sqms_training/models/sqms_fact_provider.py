from odoo import api, fields, models
from odoo.fields import Domain

from ..lib.competence import FULFILLED


class SqmsFactProvider(models.AbstractModel):
    """What training tells of people: courses passed, certificates, what their job requires."""

    _inherit = "sqms.fact.provider"

    @api.model
    def _sqms_fact_labels(self):
        return {
            **super()._sqms_fact_labels(),
            "training_passed": self.env._("Courses passed, of those that ended"),
            "certificates_valid": self.env._("Certificates in force at the end"),
            "requirements_met": self.env._("Requirements of the job met at the end"),
        }

    @api.model
    def _sqms_employee_facts(self, employees, date_from, date_to):
        facts = super()._sqms_employee_facts(employees, date_from, date_to)
        ended = Domain("state", "in", ("passed", "failed", "absent"))
        for span, people in self._sqms_fact_spans(employees, date_from, date_to):
            self._sqms_add_rate(
                facts, "training_passed", people, "sqms.training.enrolment", ended & span("ended_at"), "employee_id",
                ("state", {"passed"}),
            )  # fmt: skip
        self._sqms_add_standing(facts, employees, min(date_to, fields.Date.context_today(self)))
        return facts

    @api.model
    def _sqms_add_standing(self, facts, employees, day):
        """Certificates, and what the job of that day asks for against what was held on that day."""
        held = (
            Domain("is_certification", "=", True)
            & Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
            & (Domain("revoked_on", "=", False) | Domain("revoked_on", ">", day))
        )
        self._sqms_add_count(facts, "certificates_valid", employees, "hr.employee.skill", held, "employee_id")
        needed, met = {}, {}
        for row in self.env["sqms.competence"]._standings(employees.sudo(), on=day):
            needed[row["employee_id"]] = needed.get(row["employee_id"], 0) + 1
            met[row["employee_id"]] = met.get(row["employee_id"], 0) + (row["standing"] in FULFILLED)
        for employee in employees:
            n = needed.get(employee.id)
            if n:
                source = ("hr.employee.skill", held & Domain("employee_id", "=", employee.id))
                facts[employee.id].append(
                    self._sqms_fact("requirements_met", 100.0 * met[employee.id] / n, "percent", n, source)
                )
