from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SOON = timedelta(days=1)
# Columns that stand closed when the board is opened: work goes on in the others.
CURRENCY = "complaint_currency_id"
FOLDED = ("decided", "communicated", "implementing", "closed", "withdrawn", "merged")


class HelpdeskTicketBoard(models.Model):
    """The board: how urgent the nearest deadline is, at the moment the board is read.

    1. Late, due within 24 hours, later, paused; nothing where no deadline runs.
    2. It is no column: a stored word would be wrong the next minute. Groups, filters and the coloured bar are
       counted in the database from the due date that stands on each complaint.
    3. Columns after the investigation are folded until somebody opens them.
    """

    _inherit = "helpdesk.ticket"

    complaint_timing = fields.Selection(
        [("late", "Late"), ("soon", "Due within 24 h"), ("in_time", "In Time"), ("paused", "Paused")],
        "Urgency of the Deadline",
        compute="_compute_complaint_timing",
        search="_search_complaint_timing",
        groups="base.group_user",
    )

    complaint_short_number = fields.Char(compute="_compute_complaint_short_number", export_string_translation=False)
    complaint_occurrence = fields.Char("Which Complaint", compute="_compute_complaint_occurrence")

    complaint_is_my_team = fields.Boolean(
        "My Team", compute="_compute_complaint_is_my_team", search="_search_complaint_is_my_team"
    )

    # Which complaint of its customer one is.
    _complaint_customer_idx = models.Index(
        "(commercial_partner_id, complaint_received_at) INCLUDE (complaint_state) WHERE is_complaint IS TRUE"
    )
    # The count of a column, its sum and its bar, without a look at the tickets themselves: what they and the rules of
    # who reads what ask is all in it. The words are the ORM's own.
    _complaint_count_idx = models.Index(
        "(complaint_state, team_id) INCLUDE (id, company_id, user_id, partner_id, complaint_is_confidential,"
        " clock_due_at, clock_nearest_id, complaint_closed_at, complaint_amount)"
        " WHERE is_complaint IS TRUE AND active IS TRUE"
    )
    # The filters “late” and “due today”, and the list by next deadline: found, counted and put in order without a
    # look at the tickets themselves.
    _complaint_due_idx = models.Index(
        "(clock_due_at) INCLUDE (id, complaint_received_at, complaint_state, team_id, company_id, user_id, partner_id,"
        " complaint_is_confidential) WHERE is_complaint IS TRUE AND active IS TRUE"
    )

    @api.depends("clock_due_at", "clock_nearest_id")
    def _compute_complaint_timing(self):
        now = fields.Datetime.now()
        for ticket in self:
            due = ticket.clock_due_at
            if due:
                ticket.complaint_timing = "late" if due < now else "soon" if due < now + SOON else "in_time"
            else:
                ticket.complaint_timing = "paused" if ticket.sudo().clock_nearest_id else False

    @api.depends("number")
    def _compute_complaint_short_number(self):
        for ticket in self:
            ticket.complaint_short_number = (ticket.number or "").removeprefix("C/")

    @api.depends("commercial_partner_id", "complaint_received_at")
    @api.depends_context("lang")
    def _compute_complaint_occurrence(self):
        """“3rd complaint”: the customer has been here before, counted over the last twelve months."""
        positions = self._complaint_positions()
        for ticket in self:
            position = positions.get(ticket._origin.id, 1)
            ticket.complaint_occurrence = position > 1 and (
                self.env._("2nd complaint") if position == 2
                else self.env._("3rd complaint") if position == 3
                else self.env._("%(number)sth complaint", number=position)
            )  # fmt: skip

    def _complaint_positions(self):
        """`{complaint id: which one of its customer it is}` among those received in the year before it."""
        customers = self.filtered(lambda ticket: ticket.is_complaint and ticket.complaint_received_at)
        customers = customers.commercial_partner_id
        if not customers:
            return {}
        self.flush_model(["commercial_partner_id", "complaint_received_at", "complaint_state", "is_complaint"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id,
                       (SELECT count(*)
                          FROM helpdesk_ticket b
                         WHERE b.is_complaint IS TRUE
                           AND b.commercial_partner_id = t.commercial_partner_id
                           AND b.complaint_state <> 'merged'
                           AND b.complaint_received_at <= t.complaint_received_at
                           AND b.complaint_received_at > t.complaint_received_at - interval '1 year')
                  FROM helpdesk_ticket t
                 WHERE t.id IN %s AND t.is_complaint IS TRUE AND t.commercial_partner_id IS NOT NULL
                """,
                tuple(self._origin.ids),
            )
        )
        return dict(rows)

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """A page of the late ones: first which they are, from the index alone, then what stands on these few.

        In one question the database reads all late tickets to put them in order, and shows twenty of them.
        """
        wanted = None if field_names is None else list(field_names)
        if not limit or wanted == [] or not self._asks_for_deadline(domain):
            return super().search_fetch(domain, wanted, offset=offset, limit=limit, order=order)
        found = super().search_fetch(domain, [], offset=offset, limit=limit, order=order)
        found.fetch(wanted)
        return found

    @api.model
    def _asks_for_deadline(self, domain):
        asked = {condition.field_expr for condition in Domain(domain).iter_conditions()}
        return not asked.isdisjoint(("clock_due_at", "complaint_timing"))

    def _search_complaint_timing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._complaint_timing_domain(timing) for timing in value)

    @api.model
    def _complaint_timing_domain(self, timing):
        now = fields.Datetime.now()
        due = "clock_due_at"
        return {
            "late": Domain(due, "<", now),
            "soon": Domain(due, ">=", now) & Domain(due, "<", now + SOON),
            "in_time": Domain(due, ">=", now + SOON),
            "paused": Domain(due, "=", False) & Domain("clock_nearest_id", "!=", False),
            False: Domain(due, "=", False) & Domain("clock_nearest_id", "=", False),
        }.get(timing, Domain.FALSE)

    @api.depends("team_id", "user_id")
    @api.depends_context("uid")
    def _compute_complaint_is_my_team(self):
        mine = self.filtered_domain(self._complaint_my_team_domain())
        for ticket in self:
            ticket.complaint_is_my_team = ticket in mine

    def _search_complaint_is_my_team(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._complaint_my_team_domain()
        return Domain.OR(mine if wanted else ~mine for wanted in value)

    @api.model
    def _complaint_my_team_domain(self):
        """What one's teams handle, and what nobody's team has yet; people of no team look after all of them."""
        teams = self.env["helpdesk.ticket.team"].search([("user_ids", "in", self.env.uid)])
        if not teams:
            return Domain.TRUE
        return Domain("team_id", "in", [*teams.ids, False]) | Domain("user_id", "=", self.env.uid)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "complaint_timing":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["complaint_timing"], "read")
        now = fields.Datetime.now()
        return SQL(
            """CASE WHEN %(due)s < %(now)s THEN 'late'
                    WHEN %(due)s < %(soon)s THEN 'soon'
                    WHEN %(due)s IS NOT NULL THEN 'in_time'
                    WHEN %(nearest)s IS NOT NULL THEN 'paused'
                END""",
            due=SQL.identifier(alias, "clock_due_at", to_flush=self._fields["clock_due_at"]),
            nearest=SQL.identifier(alias, "clock_nearest_id", to_flush=self._fields["clock_nearest_id"]),
            now=now,
            soon=now + SOON,
        )

    @api.model
    def read_progress_bar(self, domain, group_by, progress_bar):
        """The bars of the board, each column counted in the order of the index; the answer is Odoo's own."""
        if (group_by, progress_bar["field"]) != ("complaint_state", "complaint_timing"):
            return super().read_progress_bar(domain, group_by, progress_bar)
        self.browse().check_access("read")
        self._check_field_access(self._fields["complaint_timing"], "read")
        query = self._search(domain)
        if query.is_empty():
            return {}
        now, soon = fields.Datetime.now(), fields.Datetime.now() + SOON
        state, due, nearest = (
            self._field_to_sql(self._table, name, query)
            for name in ("complaint_state", "clock_due_at", "clock_nearest_id")
        )
        whole = {
            "late": SQL("%s < %s", due, now),
            "soon": SQL("%s >= %s AND %s < %s", due, now, due, soon),
            "in_time": SQL("%s >= %s", due, soon),
            "paused": SQL("%s IS NULL AND %s IS NOT NULL", due, nearest),
        }
        shown = [timing for timing in whole if timing in progress_bar["colors"]]
        query.groupby, query.order = state, state
        rows = self.env.execute_query(
            query.select(state, *(SQL("COUNT(*) FILTER (WHERE %s)", whole[timing]) for timing in shown))
        )
        empty = dict.fromkeys(progress_bar["colors"], 0)
        return {
            str(value or False): {**empty, **dict(zip(shown, counts, strict=True))}
            for value, *counts in rows
            if any(counts)
        }

    def _read_group_select(self, aggregate_spec, query):
        """Where all companies count in one currency, sums of money ask neither companies nor rates row by row.

        Each ticket has a company: the answer is the same as Odoo's own, from the columns of the index alone.
        """
        if aggregate_spec in (f"{CURRENCY}:array_agg_distinct", "complaint_amount:sum_currency"):
            currency = self._complaint_sole_currency()
            if currency:
                self._check_field_access(self._fields[CURRENCY], "read")
                if aggregate_spec.startswith(CURRENCY):
                    # An aggregate, so that no row of the answer is left out where there is nothing to count.
                    return SQL("CASE WHEN COUNT(*) > 0 THEN ARRAY[%s::int] END", currency.id)
                amount = self._field_to_sql(self._table, "complaint_amount", query)
                return SQL("SUM(%s) / COALESCE(%s, 1.0)", amount, self._rate_of_today_sql(currency))
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _complaint_sole_currency(self):
        """The currency of all companies, archived ones too; empty where there are several."""
        found = self.env["res.company"].sudo().with_context(active_test=False)._read_group([], ["currency_id"])
        return found[0][0] if len(found) == 1 else self.env["res.currency"]

    def _rate_of_today_sql(self, currency):
        """As Odoo chooses it: the company's own before the common one, the last before today, else the next."""
        self.env["res.currency.rate"].flush_model(["currency_id", "rate", "company_id", "name"])
        return SQL(
            """(SELECT rate
                  FROM res_currency_rate
                 WHERE currency_id = %(currency)s AND (company_id IS NULL OR company_id = %(company)s)
                 ORDER BY company_id,
                          CASE WHEN name <= %(today)s THEN name END DESC,
                          CASE WHEN name > %(today)s THEN name END ASC
                 LIMIT 1)""",
            currency=currency.id,
            company=self.env.company.root_id.id,
            today=fields.Date.context_today(self),
        )

    @api.model
    def _formatted_read_group_with_length(self, domain, groupby, aggregates, offset=0, limit=None, order=None):
        groups, length = super()._formatted_read_group_with_length(
            domain, groupby, aggregates, offset=offset, limit=limit, order=order
        )
        if groupby[:1] == ["complaint_state"]:
            for group in groups:
                group["__fold"] = group["complaint_state"] in FOLDED
        return groups, length
