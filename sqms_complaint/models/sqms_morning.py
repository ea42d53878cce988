from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.sqms_base.lib.local_time import local_day, local_midnight

from .helpdesk_ticket import AGENTS, OPEN_STATES

TEAM = "helpdesk_mgmt.group_helpdesk_user_team"
TO_DECIDE = ("received", "acknowledged", "assessed", "investigating", "decided")
ACTION = "sqms_complaint.helpdesk_ticket_action_complaint"


class SqmsMorning(models.AbstractModel):
    """Complaints on the start page: those whose handler has to do something next, and those without a handler.

    1. A complaint is due with its next deadline.
    2. One without a deadline (no regime holds for it) is due on the day on which the company has promised its decision;
       once the customer has the answer, nothing is promised any more.
    """

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_complaints(), self._morning_unassigned()]

    def _morning_offers(self):
        offers = super()._morning_offers()
        if self.env.user.has_group(AGENTS):
            offers.append(
                {"icon": "fa-comments-o", "title": self.env._("See all complaints"), "action": {"xmlid": ACTION}}
            )
        return offers

    def _morning_complaints(self):
        mine = (
            Domain("is_complaint", "=", True)
            & Domain("user_id", "=", self.env.uid)
            & Domain("complaint_state", "in", OPEN_STATES)
            & Domain("complaint_turn", "=", "ours")
        )
        return self._morning_section(
            "complaints",
            self._complaint_sources(mine, self._show_complaints),
            sequence=10,
            icon="fa-comments-o",
            title=self.env._("My complaints"),
            title_today=self.env._("My complaints due today"),
            more={"xmlid": ACTION, "context": {"search_default_mine": 1, "search_default_our_turn": 1}},
        )

    def _morning_unassigned(self):
        if not self.env.user.has_group(TEAM):
            return None
        nobodys = (
            Domain("is_complaint", "=", True)
            & Domain("user_id", "=", False)
            & Domain("complaint_state", "in", OPEN_STATES)
        )
        return self._morning_section(
            "complaints_unassigned",
            self._complaint_sources(nobodys, self._show_complaints),
            sequence=60,
            icon="fa-user-times",
            title=self.env._("Complaints without a handler"),
            more={"xmlid": ACTION, "context": {"search_default_unassigned": 1}},
            waits=False,
        )

    def _complaint_sources(self, domain, show):
        """What has a deadline, by its deadline; then one source for each length of promise, so that the database sorts
        by what is due; one for the rest."""
        today, _end = self._morning_day()
        timed = domain & Domain("clock_due_at", "!=", False)
        sources = [self._morning_source("helpdesk.ticket", timed, show, due="clock_due_at")]
        domain &= Domain("clock_due_at", "=", False)
        rest = domain
        promised = self.env.companies.sudo().grouped("complaint_promise_days")
        for days, companies in promised.items():
            if days > 0:
                waiting = (
                    Domain("company_id", "in", companies.ids)
                    & Domain("complaint_state", "in", TO_DECIDE)
                    & Domain("complaint_communicated_at", "=", False)
                )
                rest &= ~waiting
                # What was received before this instant is due today, or was due before.
                until = local_midnight(today + timedelta(days=1 - days), self.env.tz.zone)
                due = Domain("complaint_received_at", "<", until)
                sources.append(
                    self._morning_source(
                        "helpdesk.ticket", domain & waiting, show, order="complaint_received_at, id", today=due
                    )
                )
        return [*sources, self._morning_source("helpdesk.ticket", rest, show, order="complaint_received_at, id")]

    def _show_complaints(self, tickets):
        return [
            self._morning_item(
                ticket,
                ticket.name,
                {"xmlid": ACTION},
                due=self._complaint_due(ticket),
                subtitle=" · ".join((ticket.complaint_customer, ticket.number, ticket._workflow_state_label())),
                icon="fa-user-o",
                avatar=None if ticket.complaint_is_anonymous else ticket.partner_id,
                button=self.env._("Reply") if ticket.complaint_state in TO_DECIDE else self.env._("Carry On"),
                headline=self.env._(
                    "%(customer)s: %(complaint)s", customer=ticket.complaint_customer, complaint=ticket.name
                ),
            )
            for ticket in tickets
        ]

    def _complaint_due(self, ticket):
        if ticket.clock_due_at:
            return ticket.clock_due_at
        days = ticket.company_id.sudo().complaint_promise_days
        if days <= 0 or ticket.complaint_state not in TO_DECIDE or ticket.complaint_communicated_at:
            return None
        return fields.Date.add(local_day(ticket.complaint_received_at, self.env.tz.zone), days=days)
