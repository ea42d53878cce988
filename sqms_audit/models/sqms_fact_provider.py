from odoo import api, models
from odoo.fields import Domain


class SqmsFactProvider(models.AbstractModel):
    """What audits tell of the work of people: findings they answered for, audits they led."""

    _inherit = "sqms.fact.provider"

    @api.model
    def _sqms_fact_labels(self):
        return {
            **super()._sqms_fact_labels(),
            "findings_on_time": self.env._("Audit findings settled on time"),
            "audits_led": self.env._("Audits led"),
        }

    @api.model
    def _sqms_employee_facts(self, employees, date_from, date_to):
        facts = super()._sqms_employee_facts(employees, date_from, date_to)
        due = Domain("due_date", ">=", date_from) & Domain("due_date", "<=", date_to)
        self._sqms_add_rate(
            facts, "findings_on_time", employees, "sqms.audit.finding", due, "responded_by_id", "is_on_time"
        )
        for span, people in self._sqms_fact_spans(employees, date_from, date_to):
            self._sqms_add_count(facts, "audits_led", people, "sqms.audit", span("closed_on"), "lead_id")
        return facts
