import werkzeug
from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from .complaint_portal import MAX_ID, complaint_or_none


class HelpdeskTicketGuarded(HelpdeskTicketController):
    """The helpdesk's own form and its "close" link, with what they leave open closed.

    1. A customer closes only tickets that he may open, and only into a stage that his page offers him.
    2. A complaint is closed by its own steps, after the customer got an answer.
    3. Numbers that are none, or belong to nothing, are refused with a sentence.
    """

    @http.route(sqms_guard=True)
    def support_ticket_close(self, **kw):
        ticket = complaint_or_none(_number(kw.get("ticket_id")))
        if not ticket:
            return request.redirect("/my")
        if ticket.is_complaint:
            return request.redirect(f"/my/complaints/{ticket.id}")
        stage_id = _number(kw.get("stage_id"))
        if stage_id not in self._get_closing_stages(ticket).ids:
            return werkzeug.utils.redirect(f"/my/ticket/{ticket.id}")
        return super().support_ticket_close(ticket_id=ticket.id, stage_id=stage_id)

    def _get_closing_stages(self, ticket):
        stages = request.env["helpdesk.ticket.stage"].sudo()
        applicable = (
            ticket.team_id._get_applicable_stages()
            if ticket.team_id
            else stages.search([("company_id", "in", [False, ticket.company_id.id]), ("team_ids", "=", False)])
        )
        return applicable.filtered("close_from_portal")

    @http.route(sqms_guard=True)
    def create_new_ticket(self, **kw):
        return super().create_new_ticket(**kw)

    @http.route(sqms_guard=True, sqms_files=("attachment",))
    def submit_ticket(self, **kw):
        if not (_text(kw, "subject") and _text(kw, "description")):
            raise BadRequest(
                request.env._("A ticket needs a subject and a description. Please go back and fill them in.")
            )
        return super().submit_ticket(**kw)

    def _prepare_submit_ticket_vals(self, **kw):
        category = request.env["helpdesk.ticket.category"].search([("id", "=", _number(kw.get("category")))])
        kw = {
            **kw,
            "category": category.id,
            "team": _number(kw.get("team")),
            "subject": _text(kw, "subject"),
            "description": _text(kw, "description"),
        }
        return super()._prepare_submit_ticket_vals(**kw)


def _text(values, name):
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(value):
    text = str(value or "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else 0
    return number if number <= MAX_ID else 0
