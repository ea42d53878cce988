import logging

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.evidence import Found
from ..lib.local_time import local_day

_logger = logging.getLogger(__name__)

RULES_AT_ONCE = 200  # of one model in one SELECT


class SqmsEvidenceEngine(models.AbstractModel):
    """Evidence rules to SQL: the one file that knows the ORM's query builder from inside.

    1. All rules on one model are one SELECT, all SELECTs are one statement, whatever the number of rules and clauses.
    2. It runs as superuser, so that a colour is the same for everybody, and counts only rules that passed the
       whitelist a moment ago.
    3. The company is part of the statement itself, whoever runs it.
    4. A rule that cannot be asked (its addon changed) spoils none of the others.
    """

    _name = "sqms.evidence.engine"
    _description = "Evidence Engine"

    def _count(self, rules, company, clauses, today):
        """Count.

        :param clauses: the clauses for which linked records are counted
        :return: `({(rule id, clause id or 0): Found}, ids of the rules that cannot be asked)`
        """
        plans, broken = {}, set()
        for rule in rules.sudo():
            try:
                plans[rule.id] = rule._plan(company, today)
            except (ValidationError, KeyError, ValueError) as error:
                _logger.info("Evidence rule %s cannot be asked: %s", rule.id, error)
                broken.add(rule.id)
        found, failed = self._ask(list(plans.items()), company, clauses)
        return found, broken | failed

    def _ask(self, plans, company, clauses):
        parts, failed = self._parts(plans), set()
        try:
            return self._run(parts, company, clauses), failed
        except (ValueError, TypeError, UserError):
            _logger.info("Evidence is asked for rule by rule", exc_info=True)
        found = {}
        for rule, plan in plans:
            try:
                found |= self._run([[(rule, plan)]], company, clauses)
            except (ValueError, TypeError, UserError) as error:
                _logger.info("Evidence rule %s cannot be asked: %s", rule, error)
                failed.add(rule)
        return found, failed

    def _parts(self, plans):
        """Rules that fit into one SELECT."""
        groups = {}
        for rule, plan in plans:
            groups.setdefault((plan.model, plan.company, plan.link), []).append((rule, plan))
        return [
            group[start : start + RULES_AT_ONCE]
            for group in groups.values()
            for start in range(0, len(group), RULES_AT_ONCE)
        ]

    def _run(self, parts, company, clauses):
        selects = [
            select
            for number, part in enumerate(parts)
            for select in [self._select(number, part, company, clauses)]
            if select
        ]
        if not selects:
            return {}
        rows = self.env.execute_query(SQL(" UNION ALL ").join(SQL("(%s)", select) for select in selects))
        return self._read(rows, parts, company)

    def _select(self, number, part, company, clauses):
        sample = part[0][1]
        model = (
            self.env[sample.model]
            .sudo()
            .with_context(active_test=False, tz=company._sqms_tz(), lang=None, allowed_company_ids=company.ids)
        )
        scope = Domain(sample.company, "in", company.ids)
        if sample.link:
            scope &= Domain(sample.link, "in", clauses.ids)
        query = model._search(scope)
        if query.is_empty():
            return None
        key = SQL("0")
        if sample.link:
            key = model._read_group_groupby(model._table, sample.link, query)
            query.groupby = key
        counts, newest = [], []
        for _rule, plan in part:
            # Fully optimised once, then combined: some searches ask the database on their way.
            domain, marked = (one.optimize_full(model) for one in (plan.domain, plan.marked))
            for condition in (domain, domain & plan.fresh, domain & marked):
                counts.append(SQL("COUNT(*) FILTER (WHERE %s)", self._condition(model, condition, query)))
            newest.append(self._newest(model, plan, domain, query))
        return query.select(
            SQL("%s::int", number), key,
            SQL("ARRAY[%s]::bigint[]", SQL(", ").join(counts)),
            SQL("ARRAY[%s]::timestamp[]", SQL(", ").join(newest)),
        )  # fmt: skip

    def _newest(self, model, plan, domain, query):
        if not plan.date_field:
            return SQL("NULL")
        column = model._field_to_sql(model._table, plan.date_field, query)
        return SQL("MAX(%s) FILTER (WHERE %s)", column, self._condition(model, domain & plan.dated, query))

    def _condition(self, model, domain, query):
        return domain.optimize_full(model)._to_sql(model, model._table, query)

    def _read(self, rows, parts, company):
        found, zone = {}, company._sqms_tz()
        for number, clause, counts, newest in rows:
            if clause is None:
                continue
            for index, (rule, plan) in enumerate(parts[number]):
                day = newest[index]
                if day:
                    timed = self.env[plan.model]._fields[plan.date_field].type == "datetime"
                    day = local_day(day, zone) if timed else fields.Date.to_date(day)
                found[rule, clause] = Found(*counts[3 * index : 3 * index + 3], day)
        return found
