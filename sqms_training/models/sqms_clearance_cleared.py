from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.local_time import local_day

from ..lib.clearance_dates import holds_on

DECIDED = ("employee_id", "rule_id", "verdict", "cleared_from", "valid_to", "ended_on", "condition_until", "lifted_on")


class SqmsClearanceCleared(models.Model):
    """Who is cleared for what, as of any day: the question that eligibility, lists and managers ask.

    The answer is yes or no, until when, and whether under supervision; never why. A clearance counts from the day
    on which it was decided: what was decided later does not make the past better.
    """

    _inherit = "sqms.clearance"

    def _holds_on(self, day):
        self.ensure_one()
        own = self.sudo()
        return holds_on(
            day, own.verdict, own.cleared_from, own.valid_to, own.ended_on, own.condition_until, own.lifted_on
        )

    @api.model
    def _holds_sql(self, alias, day):
        """As `lib.clearance_dates.holds_on`, for the rows of a query.

        :param day: a date, or an SQL expression
        """
        column = {name: SQL.identifier(alias, name) for name in DECIDED}
        return SQL(
            """(%(verdict)s IN ('approved', 'conditional') AND %(cleared_from)s <= %(day)s
                AND (%(valid_to)s IS NULL OR %(valid_to)s >= %(day)s)
                AND (%(ended_on)s IS NULL OR %(ended_on)s > %(day)s)
                AND (%(condition_until)s IS NULL OR %(condition_until)s >= %(day)s OR %(lifted_on)s <= %(day)s))""",
            day=day,
            **column,
        )

    @api.model
    def _day_of(self, on):
        """The day that is meant: a day, an instant, or today."""
        if isinstance(on, datetime):
            return local_day(on, self.env.company._sqms_tz())
        return on or self.env.company._sqms_today()

    @api.model
    def _cleared_until(self, employees, rules, on=None):
        """One query for whatever many people and rules.

        :param on: a day or an instant; today if left out
        :return: `{(employee id, rule id): (last day or None, whether under supervision)}` of those who are cleared
        """
        if not employees or not rules:
            return {}
        day = self._day_of(on)
        self.sudo().flush_model(DECIDED)
        supervised = SQL("(c.condition_until IS NOT NULL AND (c.lifted_on IS NULL OR c.lifted_on > %s))", day)
        until = SQL("CASE WHEN %s THEN LEAST(c.valid_to, c.condition_until) ELSE c.valid_to END", supervised)
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (c.employee_id, c.rule_id) c.employee_id, c.rule_id, %(until)s, %(supervised)s
                  FROM sqms_clearance c
                 WHERE c.employee_id = ANY(%(employees)s)
                   AND c.rule_id = ANY(%(rules)s)
                   AND %(holds)s
              ORDER BY c.employee_id, c.rule_id, %(supervised)s, %(until)s DESC NULLS FIRST
                """,
                until=until,
                supervised=supervised,
                employees=list(employees.ids),
                rules=list(rules.ids),
                holds=self._holds_sql("c", day),
            )
        )
        return {(employee, rule): (last, under) for employee, rule, last, under in self.env.cr.fetchall()}

    @api.model
    def _cleared(self, employees, rules, on=None):
        """`{(employee id, rule id)}` of those who are cleared on that day."""
        return set(self._cleared_until(employees, rules, on))

    @api.model
    def _cleared_domain(self, rules, on=None):
        """Employees who are cleared for all of these posts on that day, as a domain over `hr.employee`."""
        day = self._day_of(on)
        self.sudo().flush_model(DECIDED)
        return Domain.AND(
            Domain(
                "id",
                "in",
                SQL(
                    "(SELECT c.employee_id FROM sqms_clearance c WHERE c.rule_id = %s AND %s)",
                    rule.id,
                    self._holds_sql("c", day),
                ),
            )
            for rule in rules
        )

    @api.model
    def _supervised_words(self, until):
        """For a refusal or a badge: cleared, but under supervision."""
        return self.env._("under supervision until %s", fields.Date.to_string(until)) if until else ""
