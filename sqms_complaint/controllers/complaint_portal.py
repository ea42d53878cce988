# `_` is the environment's own translation, named once in each method.
# pylint: disable=prefer-env-translation
from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.addons.sqms_base.controllers.public_page import MAX_CONTENT

from ..models.helpdesk_ticket import OPEN_STATES
from .public_page import PublicPage

MAX_ID = 2**31 - 1
ORDERS = {
    "date": "complaint_received_at desc, id desc",
    "number": "number",
    "state": "complaint_state, complaint_received_at desc",
}
FILTERS = {
    "all": [],
    "mine": [("complaint_turn", "=", "customer")],
    "open": [("complaint_state", "in", OPEN_STATES)],
    "closed": [("complaint_state", "in", ("closed", "withdrawn"))],
}


def complaint_or_none(complaint_id, access_token=None):
    """The ticket that this person may open, in superuser mode, or None: also when there is no such ticket."""
    token = access_token if isinstance(access_token, str) and access_token.isascii() else None
    if not 0 < complaint_id <= MAX_ID:
        return None
    try:
        return CustomerPortal()._document_check_access("helpdesk.ticket", complaint_id, access_token=token)
    except (AccessError, MissingError):
        return None


def page_number(page):
    """A page that a list can turn to, whatever stands in the address."""
    text = str(page)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


class ComplaintPortal(CustomerPortal):
    """The complaints of a customer who is logged in: a card on the home page and a list.

    1. The list asks for the customer's own column, which has an index, beside the rules of access: it takes as long
       among a million tickets as among a hundred.
    2. What the address says about order, filter and page counts if the list knows it.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            Ticket = request.env["helpdesk.ticket"]
            may_read = Ticket.has_access("read")
            values["complaint_count"] = Ticket.search_count(Ticket._complaint_own_domain()) if may_read else 0
        return values

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"], type="http", auth="user", website=True, sqms_guard=True
    )
    def portal_my_complaints(self, page=1, sortby=None, filterby=None, search=None, **kwargs):
        Ticket = request.env["helpdesk.ticket"]
        if not Ticket.has_access("read"):
            return request.redirect("/my")
        sortings, filters = self._complaint_sortings(), self._complaint_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search = search.strip()[:100] if isinstance(search, str) else ""
        domain = Ticket._complaint_own_domain() & Domain(filters[filterby]["domain"])
        if search:
            domain &= Domain("number", "ilike", search) | Domain("name", "ilike", search)
        found = pager(
            "/my/complaints",
            Ticket.search_count(domain),
            page_number(page),
            self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
        )
        complaints = Ticket.search(
            domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=found["offset"]
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "default_url": "/my/complaints",
            "complaints": complaints.sudo(),
            "pager": found,
            "sortby": sortby,
            "searchbar_sortings": sortings,
            "filterby": filterby,
            "searchbar_filters": filters,
            "search_in": "all",
            "search": search,
            "searchbar_inputs": {"all": {"input": "all", "label": request.env._("Number or title")}},
            "is_found": bool(search) or filterby != "all",
        }
        return request.render("sqms_complaint.portal_my_complaints", values)

    def _complaint_sortings(self):
        _ = request.env._
        labels = {"date": _("Newest first"), "number": _("Number"), "state": _("State")}
        return {name: {"label": label, "order": ORDERS[name]} for name, label in labels.items()}

    def _complaint_filters(self):
        _ = request.env._
        labels = {"all": _("All"), "mine": _("Your turn"), "open": _("Open"), "closed": _("Closed")}
        return {name: {"label": label, "domain": FILTERS[name]} for name, label in labels.items()}


class ComplaintPage(PublicPage, http.Controller):
    """The same page that others reach with a code, for customers who are logged in or hold the link of a mail."""

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        max_content_length=MAX_CONTENT,
        sqms_guard=True,
        sqms_files=("files",),
    )
    def portal_my_complaint(self, complaint_id, access_token=None, **kwargs):
        complaint = complaint_or_none(complaint_id, access_token)
        if not complaint:
            return request.redirect("/my")
        if not complaint.is_complaint:
            return request.redirect(f"/my/ticket/{complaint_id}")
        user = request.env.user
        author = None if user._is_public() else user.partner_id
        acted = {}
        if request.httprequest.method == "POST":
            action = self._text("action", 20)
            letter = self._letter(complaint.with_context(lang=request.env.lang)) if action == "letter" else None
            if letter:
                return letter
            acted = self._customer_acts(complaint, action, author)
        token = self._text("access_token", 100)
        values = self._prepare_status_values(
            complaint,
            proof="",
            hint="",
            once=self._once(),
            access_token=token,
            action_url=request.httprequest.path,
            file_url=f"/my/complaints/{complaint_id}/file",
            **acted,
        )
        return self._render("public_status", values)

    @http.route(
        "/my/complaints/<int:complaint_id>/file/<int:file_id>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
        sqms_guard=True,
    )
    def portal_my_complaint_file(self, complaint_id, file_id, access_token=None, **kwargs):
        complaint = complaint_or_none(complaint_id, access_token)
        files = complaint._complaint_public_files() if complaint and complaint.is_complaint else ()
        wanted = [file for file in files if file.id == file_id]
        return self._stream(wanted[0]) if wanted else request.redirect("/my")
