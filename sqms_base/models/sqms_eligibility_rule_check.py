import ast
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.local_time import local_day, local_midnight

COLLEAGUES = 5
TRIED = 100


class SqmsEligibilityRuleCheck(models.Model):
    """The questions that the rules answer: is this person eligible, who is, and who was on that day."""

    _inherit = "sqms.eligibility.rule"

    @api.model
    @api.private
    def check(self, records, employees, on=None):
        """Whether each of the employees may be given each of the records.

        The number of queries depends on the kinds of requirement, not on the number of records, employees or rules.

        :param records: of one model
        :param employees: `hr.employee`
        :param on: an instant (naive UTC), or a day: then as things stood at its end, where the company is;
            today is this moment. Rules, editions, readings and overrides are those of that time; groups and the
            records themselves have no history and are those of today.
        :return: `{record id: {employee id: [reasons]}}`, an empty list for who is eligible
        """
        found = self._examine(records, {record.id: employees for record in records}, on)
        return {
            record_id: {
                employee_id: [row["reason"] for row in rows if row["reason"] and not row["override"]]
                for employee_id, rows in by_employee.items()
            }
            for record_id, by_employee in found.items()
        }

    @api.model
    def _examine(self, records, wanted, on=None, applying=None):
        """What each rule asks of whom, and what came of it.

        :param wanted: `{record id: employees}`
        :param applying: `{record id: rules}`, where it is known already
        :return: `{record id: {employee id: [{rule, requirement, text, reason, override}]}}`; `reason` is empty for
            what is met, `override` is the override that stands in for it
        """
        records = records.sudo()
        employees = self.env["hr.employee"].sudo().union(*wanted.values()) if wanted else self.env["hr.employee"]
        instant = self._instant(on, records)
        applying = applying or self._applying(records, instant)
        rules = self.sudo().union(*applying.values()) if applying else self.sudo()
        result = {record.id: {employee.id: [] for employee in wanted[record.id]} for record in records}
        if not rules or not employees:
            return result
        missing = rules.requirement_ids._provide(records, employees, instant)
        overrides = self.env["sqms.eligibility.override"]._valid_at(records, employees, rules, instant)
        for record in records:
            company = self._company_on(record)
            for rule in applying[record.id]:
                for employee in wanted[record.id].sudo():
                    if not company and rule.company_id and rule.company_id != employee.company_id:
                        continue
                    override = overrides.get((employee.id, rule.id, record.id)) or overrides.get(
                        (employee.id, rule.id, None)
                    )
                    for requirement in rule.requirement_ids:
                        reason = missing(requirement, record, employee)
                        result[record.id][employee.id].append({
                            "rule": rule,
                            "requirement": requirement,
                            "text": requirement.display_name,
                            "reason": self._with_why(reason, rule) if reason else "",
                            "override": override if reason else None,
                        })  # fmt: skip
        return result

    def _with_why(self, reason, rule):
        return self.env._("%(reason)s (%(why)s)", reason=reason, why=(rule.reason or rule.name).strip())

    @api.model
    def _instant(self, on, records):
        """The instant that is asked for: now, that one, or the end of that day where the company is."""
        now = fields.Datetime.now()
        if on is None or on is False:
            return now
        if isinstance(on, datetime):
            return on
        day = on if isinstance(on, date) else fields.Date.to_date(on)
        zone = self._company_of(records[:1])._sqms_tz()
        if day == local_day(now, zone):
            return now
        return local_midnight(day + timedelta(days=1), zone) - timedelta(seconds=1)

    @api.model
    def _company_on(self, record):
        """The company of a record, empty for one of no company."""
        name = record._eligibility_company
        return record[name] if record and name in record._fields else self.env["res.company"]

    def _company_of(self, record):
        """The company whose clock counts for a record."""
        return ((self._company_on(record) if record else None) or self.env.company).sudo()

    @api.model
    def _applying(self, records, instant):
        """`{record id: the rules that look at it at that instant}`."""
        known = self._rules_on(records._name)
        applying = {record.id: self.sudo() for record in records}
        days = {}
        for company in {self._company_of(record) for record in records} if known else ():
            days[company.id] = local_day(instant, company._sqms_tz())
        for rule_id, company_id, start, end, domain, _looks_at in known:
            rule = self.sudo().browse(rule_id)
            own = records.filtered(
                lambda record, company_id=company_id, start=start, end=end: (
                    (not company_id or self._may_hold(record, company_id))
                    and start <= days[self._company_of(record).id]
                    and (not end or days[self._company_of(record).id] <= end)
                )
            )
            # Whether a rule holds does not depend on the language or the filters of whoever looks.
            for record in rule._matching(own.with_context(active_test=False, lang=None), domain):
                applying[record.id] += rule
        # One prefetch for all of them.
        rules = self.sudo().browse({rule.id for own in applying.values() for rule in own})
        return {record_id: own.with_prefetch(rules.ids) for record_id, own in applying.items()}

    def _matching(self, records, domain):
        """Those of the records that a rule looks at; a rule that can no longer be understood lets nothing pass."""
        try:
            return records.filtered_domain(ast.literal_eval(domain or "[]"))
        except (ValueError, KeyError, AttributeError) as error:
            raise UserError(
                self.env._("The condition of “%(rule)s” cannot be used: %(error)s", rule=self.name, error=error)
            ) from error

    def _may_hold(self, record, company_id):
        """A company's rule holds for its records; for records of no company, for its people only."""
        company = self._company_on(record)
        return not company or company.id == company_id

    # -- who is eligible -----------------------------------------------------------

    @api.model
    def _eligible_domain(self, record, rules, instant):
        """The employees who may be given the record as a domain, and whether it says everything."""
        domain, complete = Domain.TRUE, True
        overridden = self.env["sqms.eligibility.override"]._employees_at(record, rules, instant)
        for rule in rules:
            met, whole = rule.requirement_ids._met_domain(record, instant)
            complete = complete and whole
            holds = met | Domain("id", "in", overridden.get(rule.id, []))
            if rule.company_id and not self._company_on(record):
                holds |= Domain("company_id", "!=", rule.company_id.id)
            domain &= holds
        return domain, complete

    @api.model
    def _candidates_domain(self, record):
        """Whom a record may be given to at all, by what the user at hand may know of."""
        domain = Domain("company_id", "in", list(self.env.user._get_company_ids()))
        company = self._company_on(record)
        if company:
            domain &= Domain("company_id", "=", company.id)
        if record._fields[record._eligibility_assignee].comodel_name == "res.users":
            domain &= Domain("user_id.active", "=", True) & Domain("user_id.share", "=", False)
        return domain

    @api.model
    def _nearest(self, record, department=None, instant=None, without=()):
        """The nearest colleagues who may be given the record: same department first, then the company.

        One query where the kinds of requirement can be asked of the database; names are all that leaves here.
        """
        record = record.sudo()
        instant = instant or fields.Datetime.now()
        rules = self._applying(record, instant)[record.id]
        domain, complete = self._eligible_domain(record, rules, instant)
        domain &= self._candidates_domain(record) & Domain("id", "not in", list(without))
        employees = self._by_distance(domain, department, COLLEAGUES if complete else TRIED)
        if not complete:
            answers = self.check(record, employees)[record.id]
            employees = employees.filtered(lambda employee: not answers[employee.id])[:COLLEAGUES]
        return employees

    @api.model
    def _by_distance(self, domain, department, limit=None):
        employees = self.env["hr.employee"].sudo()
        query = employees._search(domain, order="id")
        version = query.left_join(query.table, "current_version_id", "hr_version", "id", "distance")
        query.order = SQL(
            "CASE WHEN %s = %s THEN 0 ELSE 1 END, %s, %s",
            SQL.identifier(version, "department_id"),
            SQL("%s::int", department.id if department else None),
            SQL.identifier(query.table, "name"),
            SQL.identifier(query.table, "id"),
        )
        query.limit = limit
        employees.flush_model(["name", "current_version_id"])
        employees.env["hr.version"].flush_model(["department_id"])
        return employees.browse(query)
