from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sqms_base.lib.system_choice import system_choice
from odoo.addons.sqms_base.lib.workflow_pass import passed

from .helpdesk_ticket import OPEN_STATES
from .helpdesk_ticket_handling import OF_THE_ANSWER


class HelpdeskTicketLevel(models.Model):
    """The second look (level 2): what a customer objects to is decided anew, by somebody else.

    1. The customer objects on his page, or tells an agent who writes it down. His words stay.
    2. It goes back to the investigation, to somebody of the team's second level who neither decided, answered nor
       handled it before and is not complained about; of those, whoever has the fewest open complaints. Where there is
       nobody, it has no handler and the team's leader is asked to choose one.
    3. There is one second look. After it the way leads to a body outside, and a further objection is told which.
    """

    _inherit = "helpdesk.ticket"

    complaint_level = fields.Selection(
        [("1", "First Level"), ("2", "Second Level")],
        "Level",
        compute="_compute_complaint_level",
        store=True,
        precompute=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    complaint_objection = fields.Text(
        "Objection", copy=False, help="What the customer says against the answer, in his own words."
    )
    complaint_objected_at = fields.Datetime("Objected at", readonly=True, copy=False)
    complaint_first_level_ids = fields.Many2many(
        "res.users",
        "helpdesk_ticket_first_level_rel",
        "ticket_id",
        "user_id",
        "Decided at the First Level",
        readonly=True,
        copy=False,
    )

    @api.depends("is_complaint")
    def _compute_complaint_level(self):
        for ticket in self:
            ticket.complaint_level = ticket.is_complaint and (ticket.complaint_level or "1")

    def write(self, vals):
        if "complaint_level" in vals and not passed(self, ["complaint_level"]):
            if any((ticket.complaint_level or False) != (vals["complaint_level"] or False) for ticket in self):
                raise AccessError(self.env._("A complaint comes to the second level by its own step."))
            vals = {name: value for name, value in vals.items() if name != "complaint_level"}
        return super().write(vals)

    # -- the customer objects ------------------------------------------------------

    def _complaint_may_object(self):
        return super()._complaint_may_object() and self.complaint_level != "2"

    def _complaint_object(self, text, author=None):
        """The customer objects: his words stand in public, and the case goes to the second level.

        :raise UserError: there was a second look already; the sentence names the bodies outside
        """
        self.ensure_one()
        refusal = self._complaint_objection_refusal()
        if refusal:
            raise UserError(refusal)
        result = super()._complaint_object(text, author=author)
        if self.complaint_level != "2":
            self._complaint_escalate(text)
        return result

    def _complaint_objection_refusal(self):
        """Why the complaint takes no further objection, in words for the customer; nothing when it takes one."""
        self.ensure_one()
        if self.complaint_level != "2":
            return False
        return self._complaint_last_word()

    def _complaint_escalate(self, text):
        """Take the complaint to the second level in the customer's name, with his words."""
        complaint = self.sudo()
        complaint.complaint_objection = text
        complaint.action_transition("escalate")

    # -- the step ------------------------------------------------------------------

    def _offers_escalate(self):
        return self.complaint_level != "2"

    def _check_escalate(self):
        refusals = {}
        for ticket in self.filtered(lambda ticket: ticket.complaint_level == "2"):
            bodies = ", ".join(ticket.sudo().complaint_body_ids.mapped("display_name"))
            refusals[ticket.id] = (
                self.env._("there was a second look already, the way leads outside: %(bodies)s", bodies=bodies)
                if bodies
                else self.env._("there was a second look already")
            )
        return refusals

    def _prepare_escalate_values(self):
        now = fields.Datetime.now()
        return {
            ticket.id: {
                "complaint_level": "2",
                "complaint_objected_at": now,
                "complaint_closed_at": False,
                "complaint_reopen_count": ticket.complaint_reopen_count + 1,
                "complaint_first_level_ids": [(6, 0, ticket._complaint_first_deciders().ids)],
                "user_id": False,
                **dict.fromkeys(OF_THE_ANSWER, False),
            }
            for ticket in self
        }

    def _complaint_first_deciders(self):
        ticket = self.sudo()
        return (ticket.user_id | ticket.complaint_decided_by_id | ticket.complaint_communicated_by_id).filtered(
            lambda user: not user._is_superuser()
        )

    def _on_escalate(self):
        # The step may just have taken the complaint out of the sight of whoever took it.
        complaints = self.sudo()
        chosen = complaints._second_level_handlers()
        # Who is not eligible for it is left out, and does not keep the customer's objection out.
        with system_choice(self._name):
            for ticket in complaints.filtered(lambda ticket: chosen.get(ticket.id)):
                ticket.user_id = chosen[ticket.id]
        given = complaints.filtered("user_id")
        given._complaint_ask(
            self.env._("The customer objects: investigate and decide anew"),
            {ticket.id: ticket.user_id for ticket in given},
        )
        (complaints - given)._complaint_ask_leaders(
            self.env._("The customer objects: choose somebody for the second level")
        )

    def _second_level_handlers(self):
        """`{complaint id: user}`: of the team's second level whoever has the fewest open complaints."""
        teams = self.team_id.complaint_second_level_ids
        if not teams:
            return {}
        load = dict(
            self._read_group(
                [("user_id", "in", teams.ids), ("is_complaint", "=", True), ("complaint_state", "in", OPEN_STATES)],
                ["user_id"],
                ["__count"],
            )
        )
        involved = self._complaint_involved()
        chosen = {}
        for ticket in self:
            fitting = (
                ticket.team_id.complaint_second_level_ids - ticket.complaint_first_level_ids - involved[ticket.id]
            ).filtered(lambda user, ticket=ticket: user.active and ticket.company_id in user.company_ids)
            chosen[ticket.id] = fitting.sorted(lambda user: (load.get(user, 0), user.id))[:1]
            for user in chosen[ticket.id]:
                load[user] = load.get(user, 0) + 1
        return chosen
