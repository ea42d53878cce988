from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Days before the end at which somebody has to act, as the reminders say it, and the last one to be shown at all.
WINDOW_DAYS = (7, 30, 60, 90)
WINDOWS = [
    ("expired", "Expired"),
    ("revoked", "Revoked"),
    ("7", "Expires in 7 d"),
    ("30", "Expires in 30 d"),
    ("60", "Expires in 60 d"),
    ("90", "Expires in 90 d"),
    ("upcoming", "Not yet valid"),
    ("valid", "Valid"),
]


class HrEmployeeSkillWindow(models.Model):
    """The validity of a certificate, its last ninety days told apart: what the register counts beside its list."""

    _inherit = "hr.employee.skill"

    certificate_window = fields.Selection(
        WINDOWS, "State", compute="_compute_certificate_window", search="_search_certificate_window"
    )

    @api.depends("certificate_state", "certificate_days")
    @api.depends_context("as_of", "tz", "uid")
    def _compute_certificate_window(self):
        for row in self:
            row.certificate_window = (
                next(str(days) for days in WINDOW_DAYS if row.certificate_days <= days)
                if row.certificate_state == "expiring"
                else row.certificate_state
            )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "certificate_window":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        day, _named = self._certificate_day()
        return SQL(
            "(CASE WHEN %(state)s = 'expiring' THEN (CASE %(windows)s END) ELSE %(state)s END)",
            state=self._certificate_state_sql(alias, query),
            windows=SQL(" ").join(
                SQL(
                    "WHEN %s <= %s THEN %s",
                    SQL.identifier(alias, "valid_to", to_flush=self._fields["valid_to"]),
                    fields.Date.add(day, days=days),
                    str(days),
                )
                for days in WINDOW_DAYS
            ),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "certificate_window":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        rank = SQL(
            "array_position(%s, %s)",
            [window for window, _label in WINDOWS],
            self._field_to_sql(alias, field_name, query),
        )
        return SQL("%s %s %s", rank, direction, nulls)

    def _search_certificate_window(self, operator, value):
        """Domains on the dates, which have an index."""
        if operator != "in":
            return NotImplemented
        domains = self._certificate_state_domains()
        day, _named = self._certificate_day()
        expiring = domains.pop("expiring")
        before = -1
        for days in WINDOW_DAYS:
            domains[str(days)] = (
                expiring
                & Domain("valid_to", ">", fields.Date.add(day, days=before))
                & Domain("valid_to", "<=", fields.Date.add(day, days=days))
            )
            before = days
        return Domain.OR(domains[window] for window in value if window in domains)

    @api.model
    def search_panel_select_multi_range(self, field_name, **kwargs):
        """Beside the list the most urgent comes first; Odoo would go by the letter."""
        result = super().search_panel_select_multi_range(field_name, **kwargs)
        if field_name == "certificate_window" and "values" in result:
            order = [window for window, _label in WINDOWS]
            result["values"].sort(key=lambda value: order.index(value["id"]))
        return result
