from datetime import datetime
from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

from .complaint_portal import complaint_or_none, page_number


class HelpdeskPortalGuarded(CustomerPortalHelpdesk):
    """The helpdesk's own portal pages, with what they leave open closed.

    1. The list falls back to its defaults for whatever it does not know in the address.
    2. The page of a ticket hands out links to public files alone. A file whose only place is an internal note
       is not the customer's.
    3. A complaint has a page of its own.
    """

    @http.route(sqms_guard=True)
    def portal_my_tickets(
        self,
        page=1,
        date_begin=None,
        date_end=None,
        sortby=None,
        filterby=None,
        search=None,
        search_in=None,
        groupby=None,
        **kw,
    ):
        known = {
            "sortby": self._ticket_get_searchbar_sortings(),
            "groupby": self._ticket_get_searchbar_groupby(),
            "search_in": self._ticket_get_searchbar_inputs(),
        }
        dates = _is_date(date_begin) and _is_date(date_end)
        return super().portal_my_tickets(
            page=page_number(page),
            date_begin=date_begin if dates else None,
            date_end=date_end if dates else None,
            sortby=sortby if sortby in known["sortby"] else None,
            filterby=filterby if self._is_known_filter(filterby) else None,
            search=search,
            search_in=search_in if search_in in known["search_in"] else None,
            groupby=groupby if groupby in known["groupby"] else None,
            **kw,
        )

    def _is_known_filter(self, filterby):
        stages = request.env["helpdesk.ticket.stage"].search([])
        return filterby == "all" or filterby in [str(stage_id) for stage_id in stages.ids]

    @http.route(sqms_guard=True)
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        ticket = complaint_or_none(ticket_id, access_token)
        if not ticket:
            return request.redirect("/my")
        if ticket.is_complaint:
            query = f"?{urlencode({'access_token': access_token})}" if access_token else ""
            return request.redirect(f"/my/complaints/{ticket_id}{query}")
        for attachment in ticket._complaint_public_files():
            attachment.generate_access_token()
        values = self._ticket_get_page_view_values(ticket, access_token, **kw)
        return request.render("helpdesk_mgmt.portal_helpdesk_ticket_page", values)

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        return {**values, "public_files": ticket.sudo()._complaint_public_files()}


def _is_date(text):
    try:
        return bool(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return False
