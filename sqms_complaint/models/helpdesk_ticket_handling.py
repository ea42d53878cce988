from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.sqms_base.lib.workflow_pass import passed

from .helpdesk_ticket_stage import CLOSED_STATES

# What the customer was told.
TOLD = (
    "complaint_decision",
    "complaint_outcome",
    "complaint_answer",
    "complaint_reason",
    "complaint_further",
    "complaint_body_ids",
    "complaint_told_by",
)
# What belongs to one answer and is asked anew for the next.
OF_THE_ANSWER = (
    "complaint_told_by",
    "complaint_close_reason",
    "complaint_implemented_on",
    "complaint_implemented_by_id",
    "complaint_implementation_proof",
    "complaint_verified_by_id",
    "complaint_first_contact",
    "complaint_first_contact_reason",
)
TOLD_STATES = ("communicated", "implementing")


class HelpdeskTicketHandling(models.Model):
    """The way of a complaint, and the helpdesk stage that follows it.

    1. With each step the complaint goes to the stage of its state. Between steps agents may place it in any
       other open stage of the team.
    2. A complaint stands in a closed stage if, and only if, it is closed or withdrawn. This holds for every
       path: form, drag, write, import, portal, duplicates, change of team, mail.
    3. Whoever acknowledges a complaint without a handler becomes its handler.
    """

    _inherit = "helpdesk.ticket"

    # -- the stage follows the state -------------------------------------------

    def _compute_stage_id(self):
        # Runs when the team or the handler changes; an agent's choice among the open stages survives it.
        complaints = self.filtered("complaint_state")
        for ticket in complaints:
            stage = ticket.stage_id
            if not stage or (stage.team_ids and ticket.team_id._origin not in stage.team_ids._origin):
                ticket.stage_id = ticket._get_stage_id_of(ticket.complaint_state)
        return super(HelpdeskTicketHandling, self - complaints)._compute_stage_id()

    def _get_stage_id_of(self, state):
        return self.env["helpdesk.ticket.stage"]._get_complaint_stage_id(
            self.team_id._origin.id, self.company_id._origin.id, state
        )

    def write(self, vals):
        self._guard_told(vals)
        state = vals.get("complaint_state")
        if not state:
            return super().write(vals)
        vals = {**self._prepare_state_values(state), **vals}
        if "stage_id" in vals:
            alike = {vals["stage_id"]: self}
        else:
            alike = self.grouped(lambda ticket: ticket._get_stage_id_of(state))
        for stage_id, tickets in alike.items():
            super(HelpdeskTicketHandling, tickets).write({**vals, "stage_id": stage_id})
        # The helpdesk writes the present moment; an imported complaint was closed when it was closed.
        if vals.get("complaint_closed_at") and passed(self, ["closed_date"]):
            super().write({"closed_date": vals["complaint_closed_at"]})
        return True

    def _prepare_state_values(self, state):
        """What goes with a state, whichever way it was reached."""
        if state in CLOSED_STATES:
            return {"complaint_turn": False, "complaint_reopen_reason": False}
        return {"closed_date": False, "complaint_turn": "customer" if state == "communicated" else "ours"}

    def _guard_told(self, vals):
        names = [name for name in TOLD if name in vals]
        if not names or passed(self, names):
            return
        for ticket in self.filtered(lambda ticket: ticket.complaint_state in TOLD_STATES):
            for field in map(self._fields.get, names):
                told, wanted = (
                    field.convert_to_cache(value, ticket) for value in (ticket[field.name], vals[field.name])
                )
                if (set(told) != set(wanted)) if field.type == "many2many" else told != wanted:
                    raise AccessError(
                        self.env._(
                            "%(complaint)s is “%(state)s”: the customer has been told “%(field)s”, it stays as it is.",
                            complaint=ticket.number,
                            state=ticket._workflow_state_label(),
                            field=field._description_string(self.env),
                        )
                    )

    @api.constrains("stage_id", "complaint_state", "team_id")
    def _check_complaint_stage(self):
        for ticket in self:
            if not ticket.complaint_state:
                continue
            if not ticket.stage_id:
                raise ValidationError(
                    self.env._(
                        "The team of %(complaint)s has no stage for a complaint that is “%(state)s”. "
                        "Please give it one under Helpdesk / Configuration / Stages.",
                        complaint=ticket.number,
                        state=ticket._workflow_state_label(),
                    )
                )
            ended = ticket.complaint_state in CLOSED_STATES
            if ticket.stage_id.closed and not ended:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s is “%(state)s” and cannot go to the stage “%(stage)s”: a complaint is closed by "
                        "its own steps, after the customer got an answer.",
                        complaint=ticket.number,
                        state=ticket._workflow_state_label(),
                        stage=ticket.stage_id.name,
                    )
                )
            if ended and not ticket.stage_id.closed:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s is “%(state)s” and cannot go to the open stage “%(stage)s”.",
                        complaint=ticket.number,
                        state=ticket._workflow_state_label(),
                        stage=ticket.stage_id.name,
                    )
                )

    @api.constrains("active")
    def _check_complaint_active(self):
        for ticket in self:
            if not ticket.active and ticket.complaint_state and ticket.complaint_state not in CLOSED_STATES:
                raise ValidationError(
                    self.env._("%s is open and is not hidden away: please close or withdraw it first.", ticket.number)
                )

    # -- steps -----------------------------------------------------------------

    def _prepare_acknowledge_values(self):
        now = fields.Datetime.now()
        return {
            ticket.id: {
                "complaint_acknowledged_at": now,
                "complaint_first_response_at": ticket.complaint_first_response_at or now,
                **({"user_id": self.env.uid} if not ticket.user_id and ticket._user_may_handle() else {}),
            }
            for ticket in self
        }

    def _user_may_handle(self):
        user = self.env.user
        return (
            not user._is_superuser()
            and user.has_group("helpdesk_mgmt.group_helpdesk_user_own")
            and (not self.team_id or user in self.team_id.user_ids)
        )

    def _check_decide(self):
        """What speaks against the decision: `{complaint id: why}`. Each part that knows of something adds to it."""
        return {}

    def _check_communicate(self):
        return {
            ticket.id: self.env._("there is no email address: tell the customer and note how under “Told otherwise”")
            for ticket in self
            if not ticket._get_letter_address() and not ticket.complaint_told_by
        }

    def _prepare_communicate_values(self):
        now = fields.Datetime.now()
        return {
            ticket.id: {
                "complaint_communicated_at": now,
                "complaint_communicated_by_id": self.env.uid,
                "complaint_first_response_at": ticket.complaint_first_response_at or now,
            }
            for ticket in self
        }

    def _offers_implement(self):
        """Only what was promised is carried out; after words alone, closing is next."""
        return self.complaint_outcome in ("monetary", "non_monetary")

    def _prepare_close_values(self):
        now = fields.Datetime.now()
        return {ticket.id: {"complaint_closed_at": now, "closed_date": now} for ticket in self}

    def _prepare_withdraw_values(self):
        now = fields.Datetime.now()
        ended = {"complaint_closed_at": now, "closed_date": now, "complaint_close_reason": "withdrawn"}
        return {ticket.id: dict(ended) for ticket in self}

    def _prepare_reopen_values(self):
        return {
            ticket.id: {
                "complaint_closed_at": False,
                "complaint_reopen_count": ticket.complaint_reopen_count + 1,
                **dict.fromkeys(OF_THE_ANSWER, False),
            }
            for ticket in self
        }
