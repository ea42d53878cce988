import re

from odoo import api, fields, models

from .helpdesk_ticket_stage import CLOSED_STATES


class HelpdeskTicketScreen(models.Model):
    """What the form of a complaint shows beside its own fields.

    1. How long it has been in its present state, read from the ledger when the form is opened.
    2. The files that the customer's side has brought, and what agents put to them without a message.
    3. Beside the legal next steps what an agent does in between: ask the customer, take it over.
    """

    _inherit = "helpdesk.ticket"

    complaint_best_time = fields.Char(
        "Best Time", copy=False, help="When the customer can be called: after 18:00, not on Mondays."
    )
    complaint_via = fields.Json(compute="_compute_complaint_via", export_string_translation=False)
    complaint_reach = fields.Json(compute="_compute_complaint_reach", export_string_translation=False)
    complaint_file_ids = fields.Many2many(
        "ir.attachment", string="Files", compute="_compute_complaint_file_ids", groups="base.group_user"
    )

    @api.depends("complaint_state")
    def _compute_duration_tracking(self):
        """Beside the time in each stage of the helpdesk, the seconds in the present state of the complaint."""
        super()._compute_duration_tracking()
        complaints = self.filtered("complaint_state")
        if not complaints:
            return
        since = self.env["sqms.ledger.entry"]._state_since(self._name, complaints._origin.ids)
        now = fields.Datetime.now()
        for ticket in complaints:
            start = since.get(ticket._origin.id) or ticket.create_date
            spent = {ticket.complaint_state: max(0, int((now - start).total_seconds()))} if start else {}
            ended = ticket.complaint_state in CLOSED_STATES
            ticket.duration_tracking = {**(ticket.duration_tracking or {}), **({} if ended else spent)}

    @api.depends("channel_id")
    @api.depends_context("lang")
    def _compute_complaint_via(self):
        """By which way it came: `{icon, name}`."""
        icons = self.env["helpdesk.ticket.channel"]._complaint_icons()
        for ticket in self:
            channel = ticket.channel_id
            ticket.complaint_via = channel and {"icon": icons.get(channel.id, "fa-comment-o"), "name": channel.name}

    @api.depends(
        "complaint_contact", "complaint_phone", "partner_email", "complaint_best_time", "complaint_is_anonymous"
    )
    @api.depends_context("lang")
    def _compute_complaint_reach(self):
        """How the customer wants to be reached: `{icon, href, text, note}`."""
        for ticket in self:
            ticket.complaint_reach = ticket._complaint_reach()

    def _complaint_reach(self):
        phone, email = self.complaint_phone, self.partner_email
        if self.complaint_is_anonymous or self.complaint_contact == "none" or not (phone or email):
            return {"icon": "fa-key", "href": False, "text": self.env._("Status page only"), "note": False}
        if phone and (self.complaint_contact == "phone" or not email):
            href = f"tel:{re.sub(r'[^+0-9]', '', phone)}"
            return {"icon": "fa-phone", "href": href, "text": phone, "note": self.complaint_best_time}
        return {"icon": "fa-envelope-o", "href": f"mailto:{email}", "text": email, "note": False}

    @api.depends("message_ids")
    def _compute_complaint_file_ids(self):
        """Files that no message carries, and those of the customer's own messages; our letters are in the chatter."""
        none = self.env["ir.attachment"]
        complaints = self.filtered("is_complaint")
        files = none.search([("res_model", "=", self._name), ("res_id", "in", complaints._origin.ids)], order="id")
        carried = self.env["mail.message"].sudo().search([("attachment_ids", "in", files.ids)])
        ours = carried.filtered(lambda message: message.complaint_audience != "customer").attachment_ids
        shown = (files - ours.sudo(False)).grouped("res_id")
        for ticket in self:
            ticket.complaint_file_ids = shown.get(ticket._origin.id, none)

    # -- beside the steps ----------------------------------------------------------------------

    def _compute_workflow_steps(self):
        result = super()._compute_workflow_steps()
        for ticket in self.filtered("is_complaint"):
            ticket.workflow_steps = [*(ticket.workflow_steps or []), *ticket._complaint_further_buttons()]
        return result

    def _complaint_further_buttons(self):
        """Buttons that move no state, in the shape of the steps; `method` is what they call."""
        if not self.id or self.complaint_closed_at or not self._workflow_may_write():
            return []
        buttons = []
        if self.complaint_state not in ("received", "communicated"):
            buttons.append(self._complaint_button("action_ask_customer", self.env._("Ask customer")))
        if not self.user_id and self._user_may_handle():
            buttons.append(self._complaint_button("assign_to_me", self.env._("Assign to me"), rare=True))
        return buttons

    def _complaint_button(self, method, label, rare=False):
        return {"name": method, "method": method, "label": label, "allowed": True, "reason": "", "rare": rare}
