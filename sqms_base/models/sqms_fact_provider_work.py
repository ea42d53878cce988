from odoo import api, models
from odoo.fields import Domain


class SqmsFactProviderWork(models.AbstractModel):
    """What the quality system itself knows of the work of people: actions, readings, ideas."""

    _inherit = "sqms.fact.provider"

    @api.model
    def _sqms_fact_labels(self):
        return {
            **super()._sqms_fact_labels(),
            "actions_on_time": self.env._("Actions done on time"),
            "readings_confirmed": self.env._("Documents read that were due"),
            "ideas_proposed": self.env._("Improvements proposed"),
            "ideas_implemented": self.env._("Own improvements implemented"),
        }

    @api.model
    def _sqms_employee_facts(self, employees, date_from, date_to):
        facts = super()._sqms_employee_facts(employees, date_from, date_to)
        due = Domain("date_due", ">=", date_from) & Domain("date_due", "<=", date_to)
        for span, people in self._sqms_fact_spans(employees, date_from, date_to):
            self._sqms_add_rate(
                facts, "actions_on_time", people, "sqms.action", span("done_at"), "owner_id", "is_on_time"
            )
            read = due & Domain("state", "in", ("open", "done"))
            self._sqms_add_rate(
                facts, "readings_confirmed", people, "sqms.acknowledgement", read, "employee_id", ("state", {"done"})
            )
            self._sqms_add_count(facts, "ideas_proposed", people, "sqms.improvement", span("create_date"), "author_id")
            self._sqms_add_count(
                facts, "ideas_implemented", people, "sqms.improvement", span("implemented_at"), "author_id"
            )
        return facts
