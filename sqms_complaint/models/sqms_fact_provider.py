from odoo import api, models
from odoo.fields import Domain


class SqmsFactProvider(models.AbstractModel):
    """What complaints tell of the work of people: those who handle them, and those they are about."""

    _inherit = "sqms.fact.provider"

    @api.model
    def _sqms_fact_labels(self):
        return {
            **super()._sqms_fact_labels(),
            "complaints_handled": self.env._("Complaints handled and closed"),
            "complaints_on_time": self.env._("Complaints decided on time"),
            "complaints_about": self.env._("Complaints about the employee"),
            "complaints_upheld": self.env._("Of these upheld, at least partly"),
            "satisfaction": self.env._("Satisfaction of customers with the handling (1 to 5)"),
        }

    @api.model
    def _sqms_employee_facts(self, employees, date_from, date_to):
        facts = super()._sqms_employee_facts(employees, date_from, date_to)
        complaints = Domain("is_complaint", "=", True) & Domain("complaint_state", "!=", "merged")
        for span, people in self._sqms_fact_spans(employees, date_from, date_to):
            self._sqms_add_count(
                facts, "complaints_handled", people, "helpdesk.ticket", complaints & span("complaint_closed_at"),
                "user_id",
            )  # fmt: skip
            decided = (
                complaints
                & span("complaint_decision_due_at")
                & (Domain("complaint_decision_on_time", "=", True) | Domain("complaint_decision_late", "=", True))
            )
            self._sqms_add_rate(
                facts, "complaints_on_time", people, "helpdesk.ticket", decided, "user_id",
                "complaint_decision_on_time",
            )  # fmt: skip
            about = complaints & span("complaint_received_at")
            self._sqms_add_count(
                facts, "complaints_about", people, "helpdesk.ticket", about, "complaint_person_ids", zero=True
            )
            upheld = about & Domain("complaint_decision", "in", ("upheld", "partly"))
            self._sqms_add_count(facts, "complaints_upheld", people, "helpdesk.ticket", upheld, "complaint_person_ids")
            self._sqms_add_satisfaction(facts, people, span("answered_at") & Domain("csat", "!=", False))
        return facts

    @api.model
    def _sqms_add_satisfaction(self, facts, employees, domain):
        """The mean mark of the customers whose complaints they handled, with the number of answers."""
        model, person = "sqms.satisfaction.answer", "user_id"
        groups = self._sqms_fact_groups(employees, model, domain, person, aggregates=("csat:sum", "csat:count"))
        for employee in employees.sudo():
            total = sum(row[0] or 0 for row in groups[employee.id])
            n = sum(row[1] for row in groups[employee.id])
            if n:
                source = self._sqms_fact_source(employee, model, domain, person)
                facts[employee.id].append(self._sqms_fact("satisfaction", total / n, "score", n, source))
