from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.addons.sqms_base.controllers.public_page import MAX_CONTENT

from .public_page import PublicPage

MAX_ID = 2**31 - 1


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
    """The complaints of a customer who is logged in: a card on the home page and a list."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            Ticket = request.env["helpdesk.ticket"]
            may_read = Ticket.has_access("read")
            values["complaint_count"] = Ticket.search_count([("is_complaint", "=", True)]) if may_read else 0
        return values

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"], type="http", auth="user", website=True, sqms_guard=True
    )
    def portal_my_complaints(self, page=1, **kwargs):
        Ticket = request.env["helpdesk.ticket"]
        if not Ticket.has_access("read"):
            return request.redirect("/my")
        domain = [("is_complaint", "=", True)]
        found = pager("/my/complaints", Ticket.search_count(domain), page_number(page), self._items_per_page)
        complaints = Ticket.search(
            domain, order="complaint_received_at desc, id desc", limit=self._items_per_page, offset=found["offset"]
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "default_url": "/my/complaints",
            "complaints": complaints.sudo(),
            "pager": found,
        }
        return request.render("sqms_complaint.portal_my_complaints", values)


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
            acted = self._customer_acts(complaint, self._text("action", 20), author)
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
