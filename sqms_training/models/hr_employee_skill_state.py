from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.validity import EXPIRING_DAYS, state_on

STATES = [
    ("expired", "Expired"),
    ("revoked", "Revoked"),
    ("expiring", "Expiring"),
    ("upcoming", "Not yet valid"),
    ("valid", "Valid"),
]


class HrEmployeeSkill(models.Model):
    """What a certificate is worth on a day: today, or the day in the context key `as_of`.

    1. Nothing is stored that ages: the state is computed from the dates whenever it is asked for.
    2. As of a day, a revocation counts if it was made on that day or before, in the company's own time.
       Without a day it counts from the moment it is made.
    3. Lists, groups, filters and counters ask the database for the same state by the same order of questions.
    """

    _inherit = "hr.employee.skill"

    certificate_state = fields.Selection(
        STATES, "Validity", compute="_compute_certificate_state", search="_search_certificate_state"
    )
    certificate_days = fields.Integer("Days Left", compute="_compute_certificate_state", aggregator=None)
    certificate_label = fields.Char("Validity in Words", compute="_compute_certificate_state")
    is_covered = fields.Boolean(
        "Successor at Hand",
        compute="_compute_is_covered",
        search="_search_is_covered",
        help="Another certificate of the same person for the same skill goes on where this one ends.",
    )

    @api.model
    def _certificate_day(self):
        """The day that is asked about, and whether it was named."""
        day = self.env.context.get("as_of")
        if not day:
            return fields.Date.context_today(self), False
        try:
            if not isinstance(day, (str, date, datetime)):
                raise ValueError
            return fields.Date.to_date(day), True
        except ValueError as error:
            raise UserError(self.env._("as_of must be a day, for instance 2026-11-30.")) from error

    @api.depends("skill_type_id.is_certification", "valid_from", "valid_to", "revoked_on")
    @api.depends_context("as_of", "tz", "uid", "lang")
    def _compute_certificate_state(self):
        day, named = self._certificate_day()
        for row in self:
            if not row.is_certification:
                row.certificate_state, row.certificate_days, row.certificate_label = False, 0, False
                continue
            revoked = row.revoked_on and (not named or row.revoked_on <= day)
            row.certificate_state = state_on(day, row.valid_from, row.valid_to, revoked)
            row.certificate_days = (row.valid_to - day).days if row.valid_to else 0
            row.certificate_label = row._certificate_words()

    def _certificate_words(self):
        days, state = self.certificate_days, self.certificate_state
        if state == "expiring":
            return self.env._("Expires in %s d", days) if days else self.env._("Expires today")
        if state == "expired":
            return self.env._("Expired %s d ago", -days)
        return dict(self._fields["certificate_state"]._description_selection(self.env))[state]

    # -- the same in the database -------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "certificate_state":
            self._check_field_access(self._fields[field_expr], "read")
            return self._certificate_state_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """What needs a hand comes first: expired, revoked, expiring."""
        if field_name != "certificate_state":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        rank = SQL(
            "array_position(%s, %s)", [state for state, _label in STATES], self._field_to_sql(alias, field_name, query)
        )
        return SQL("%s %s %s", rank, direction, nulls)

    def _certificate_state_sql(self, alias, query):
        day, named = self._certificate_day()
        column = {
            name: SQL.identifier(alias, name, to_flush=self._fields[name])
            for name in ("valid_from", "valid_to", "revoked_on")
        }
        revoked = SQL("%s <= %s", column["revoked_on"], day) if named else SQL("%s IS NOT NULL", column["revoked_on"])
        return SQL(
            """(CASE
                WHEN %(certification)s IS NOT TRUE THEN NULL
                WHEN %(revoked)s THEN 'revoked'
                WHEN %(valid_from)s > %(day)s THEN 'upcoming'
                WHEN %(valid_to)s < %(day)s THEN 'expired'
                WHEN %(valid_to)s <= %(soon)s THEN 'expiring'
                ELSE 'valid'
            END)""",
            certification=self._field_to_sql(alias, "is_certification", query),
            revoked=revoked,
            day=day,
            soon=day + timedelta(days=EXPIRING_DAYS),
            valid_from=column["valid_from"],
            valid_to=column["valid_to"],
        )

    def _search_certificate_state(self, operator, value):
        """Domains on the dates, which have an index; the CASE has none."""
        if operator != "in":
            return NotImplemented
        domains = self._certificate_state_domains()
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _certificate_state_domains(self):
        day, named = self._certificate_day()
        soon = day + timedelta(days=EXPIRING_DAYS)
        certificate = Domain("is_certification", "=", True)
        revoked = Domain("revoked_on", "!=", False)
        if named:
            revoked &= Domain("revoked_on", "<=", day)
        begun = certificate & ~revoked & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", day))
        return {
            False: Domain("is_certification", "=", False),
            "revoked": certificate & revoked,
            "upcoming": certificate & ~revoked & Domain("valid_from", ">", day),
            "expired": begun & Domain("valid_to", "<", day),
            "expiring": begun & Domain("valid_to", ">=", day) & Domain("valid_to", "<=", soon),
            "valid": begun & (Domain("valid_to", "=", False) | Domain("valid_to", ">", soon)),
        }

    # -- covered by another ---------------------------------------------------------

    @api.depends("employee_id", "skill_id", "skill_level_id", "valid_from", "valid_to", "revoked_on", "issued_on")
    @api.depends_context("as_of", "tz", "uid")
    def _compute_is_covered(self):
        covered = self.sudo().search([("id", "in", self.ids), ("is_covered", "=", True)])
        for row in self:
            row.is_covered = row.id in covered._ids

    def _search_is_covered(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = {answer for answer in (True, False) if (answer in value) == (operator == "in")}
        if len(wanted) != 1:
            return Domain.TRUE if wanted else Domain.FALSE
        # Written as NOT EXISTS by ourselves: PostgreSQL makes a join of that, of a negated domain it does not.
        return Domain.custom(to_sql=self._covered_sql if True in wanted else self._not_covered_sql)

    def _not_covered_sql(self, model, alias, query):
        return SQL("NOT %s", self._covered_sql(model, alias, query))

    def _covered_sql(self, model, alias, query):
        """There is another certificate of the same person and skill, not revoked, of the same level or higher, that

        1. begins at the latest on the day after this one ends (or today, if this one has ended) and ends later; or
        2. is running, if this one is revoked.

        As of a day, what was registered or revoked after it had not happened yet.
        """
        day, named = self._certificate_day()
        fields_ = model._fields

        def column(table, name):
            return SQL.identifier(table, name, to_flush=fields_[name])

        def revoked(table):
            if named:
                return SQL("COALESCE(%s <= %s, FALSE)", column(table, "revoked_on"), day)
            return SQL("(%s IS NOT NULL)", column(table, "revoked_on"))

        return SQL(
            """EXISTS (
                SELECT 1
                  FROM hr_employee_skill AS successor
                  JOIN hr_skill_level AS successor_level ON successor_level.id = %(successor_level)s
                 CROSS JOIN hr_skill_level AS own_level
                 WHERE own_level.id = %(level)s
                   AND %(successor_employee)s = %(employee)s
                   AND %(successor_skill)s = %(skill)s
                   AND successor.id != %(id)s
                   AND NOT %(successor_revoked)s
                   AND %(successor_there)s
                   AND %(successor_progress)s >= %(own_progress)s
                   AND CASE WHEN NOT %(revoked)s
                       THEN %(successor_from)s <= GREATEST(%(valid_to)s + 1, %(day)s)
                            AND (%(successor_to)s > %(valid_to)s
                                 OR %(successor_to)s IS NULL AND %(valid_to)s IS NOT NULL)
                       ELSE COALESCE(%(successor_to)s, %(day)s) >= %(day)s
                       END
            )""",
            id=SQL.identifier(alias, "id"),
            day=day,
            level=column(alias, "skill_level_id"),
            employee=column(alias, "employee_id"),
            skill=column(alias, "skill_id"),
            valid_to=column(alias, "valid_to"),
            revoked=revoked(alias),
            successor_level=column("successor", "skill_level_id"),
            successor_employee=column("successor", "employee_id"),
            successor_skill=column("successor", "skill_id"),
            successor_from=column("successor", "valid_from"),
            successor_to=column("successor", "valid_to"),
            successor_revoked=revoked("successor"),
            successor_there=SQL("COALESCE(%s <= %s, TRUE)", column("successor", "issued_on"), day)
            if named
            else SQL("TRUE"),
            own_progress=SQL.identifier("own_level", "level_progress", to_flush=self._progress_field()),
            successor_progress=SQL.identifier("successor_level", "level_progress", to_flush=self._progress_field()),
        )

    def _progress_field(self):
        return self.env["hr.skill.level"]._fields["level_progress"]
