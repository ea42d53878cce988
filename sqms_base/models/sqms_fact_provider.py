from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..lib.local_time import local_midnight
from ..lib.morning import plain_domain


class SqmsFactProvider(models.AbstractModel):
    """What an addon can tell of how employees do their work: figures about a period, for appraisals.

    1. An addon extends `_sqms_employee_facts`, calls `super()` and adds its own; one grouped query for each figure,
       whatever the number of employees; nothing is written.
    2. A figure comes with the number of cases it rests on: a mean of two ratings is not a score.
    3. It names the records that it was counted from, for those who may read them.
    """

    _name = "sqms.fact.provider"
    _description = "Facts about Employees"

    @api.model
    def _sqms_employee_facts(self, employees, date_from, date_to):
        """Facts of each employee between two days, both included, in the time of the employee's company.

        :param employees: `hr.employee`, of whatever companies
        :return: `{employee id: [{code, label, value, unit, n, source: (model, domain)}]}`; `value` is a float or
            None where n is 0, `unit` one of "count", "percent", "score", "days", "hours"; an employee without
            facts has an empty list
        """
        return {employee.id: [] for employee in employees}

    @api.model
    def _sqms_fact_labels(self):
        """`{code: what the figure is called}` in the language of the reader; every addon adds its own."""
        return {}

    # -- what providers are built with -----------------------------------------------

    @api.model
    def _sqms_fact(self, code, value, unit, n, source, **more):
        """One figure.

        :param source: `(model, domain)` of the records that it was counted from
        :param more: `text` instead of a number
        """
        model, domain = source
        return {
            "code": code,
            "label": self._sqms_fact_labels().get(code, code),
            "value": value,
            "unit": unit,
            "n": n,
            "source": (model, plain_domain(Domain(domain))),
            **more,
        }

    @api.model
    def _sqms_fact_spans(self, employees, date_from, date_to):
        """`[(domain of the instants of a datetime field, employees)]`: the days in the time of each company.

        Companies that live by the same time are asked about together.
        """
        zones = {}
        for company, people in employees.sudo().grouped("company_id").items():
            zone = company._sqms_tz()
            zones[zone] = zones.get(zone, employees.browse()) | people
        return [
            (
                lambda name, zone=zone: (
                    Domain(name, ">=", local_midnight(date_from, zone))
                    & Domain(name, "<", local_midnight(date_to + timedelta(days=1), zone))
                ),
                people,
            )
            for zone, people in zones.items()
        ]

    @api.model
    def _sqms_fact_groups(self, employees, model, domain, person, groupby=(), aggregates=("__count",)):
        """`{employee id: [(group, ..., aggregate, ...), ...]}`, in one grouped query.

        :param person: field of the model that names the employee, or his login; a login counts in the company of the
            record alone, where one person has a card in several companies
        """
        records = self.env[model].sudo().with_context(active_test=False)
        employees = employees.sudo()
        domain = Domain(domain)
        found = {employee.id: [] for employee in employees}
        if records._fields[person].comodel_name == "hr.employee":
            ids = dict(zip(employees.ids, employees.ids, strict=True))
            rows = records._read_group(domain & Domain(person, "in", employees.ids), [person, *groupby], aggregates)
            for someone, *row in rows:
                if someone.id in ids:
                    found[someone.id].append(tuple(row))
            return found
        cards = {
            (employee.user_id.id, employee.company_id.id): employee.id for employee in employees if employee.user_id
        }
        rows = records._read_group(
            domain & Domain(person, "in", employees.user_id.ids) & Domain("company_id", "in", employees.company_id.ids),
            [person, "company_id", *groupby],
            aggregates,
        )
        for user, company, *row in rows:
            if (user.id, company.id) in cards:
                found[cards[user.id, company.id]].append(tuple(row))
        return found

    @api.model
    def _sqms_fact_source(self, employee, model, domain, person):
        """`(model, domain)` of the records of one employee."""
        if self.env[model]._fields[person].comodel_name == "hr.employee":
            return model, Domain(domain) & Domain(person, "in", employee.ids)
        own = Domain(person, "=", employee.user_id.id) & Domain("company_id", "=", employee.company_id.id)
        return model, Domain(domain) & own

    @api.model
    def _sqms_add_rate(self, facts, code, employees, model, domain, person, good):
        """Add “so many percent of n” to those with at least one case; `good` is a boolean field, or a function of
        the value of the field it is given with: `("state", {"passed"})`."""
        name, values = good if isinstance(good, tuple) else (good, {True})
        groups = self._sqms_fact_groups(employees, model, domain, person, [name])
        for employee in employees.sudo():
            total = sum(count for _value, count in groups[employee.id])
            hits = sum(count for value, count in groups[employee.id] if value in values)
            if total:
                source = self._sqms_fact_source(employee, model, domain, person)
                facts[employee.id].append(self._sqms_fact(code, 100.0 * hits / total, "percent", total, source))

    @api.model
    def _sqms_add_count(self, facts, code, employees, model, domain, person, zero=False):
        """Add how many there were; with `zero` also that there were none."""
        groups = self._sqms_fact_groups(employees, model, domain, person)
        for employee in employees.sudo():
            count = sum(row[0] for row in groups[employee.id])
            if count or zero:
                source = self._sqms_fact_source(employee, model, domain, person)
                facts[employee.id].append(self._sqms_fact(code, float(count), "count", count, source))
