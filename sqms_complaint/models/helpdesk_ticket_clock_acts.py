from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, ValidationError

from .helpdesk_ticket import OFFICERS
from .helpdesk_ticket_stage import CLOSED_STATES

AT_HAND = timedelta(minutes=5)  # so much earlier is still “now”
# What a regime may name beside the states: act -> field with its moment.
ACTS = {
    "goods_back": "complaint_goods_back_at",
    "delivered": "complaint_delivered_at",
    "refunded": "complaint_refunded_at",
    "contained": "complaint_contained_at",
    "fixed": "complaint_fixed_at",
    "contacted": "complaint_contacted_at",
    "papers": "complaint_papers_at",
    "replied": "complaint_replied_at",
}
# Those that end a deadline: entered late they would hide that it was missed.
ENDING = frozenset(("refunded", "contained", "fixed", "contacted", "papers", "replied"))


class HelpdeskTicketClockActs(models.Model):
    """What happens to a complaint beside its steps, as far as deadlines hang on it.

    1. Each is entered once, with its moment. Goods that came back on Friday may be entered on Monday; that a deadline
       was met is entered when it was met, afterwards by an officer alone.
    2. What was entered is corrected by officers, and only where a deadline begins with it.
    3. The first public message of a colleague to the customer is the first answer. A question to the customer is a
       contact, and no answer yet; neither is the acknowledgement.
    """

    _inherit = "helpdesk.ticket"

    complaint_delivered_at = fields.Datetime(
        "Goods Received by the Customer", copy=False, tracking=True, help="From then on goods may be sent back."
    )
    complaint_goods_back_at = fields.Datetime(
        "Goods Came Back", copy=False, tracking=True, help="The period for the refund begins with it."
    )
    complaint_refunded_at = fields.Datetime("Money Paid Back", copy=False, tracking=True)
    complaint_contained_at = fields.Datetime(
        "Danger Contained", copy=False, tracking=True, help="Nobody can be hurt any more."
    )
    complaint_fixed_at = fields.Datetime("Fault Repaired", copy=False, tracking=True)
    complaint_contacted_at = fields.Datetime("Customer Contacted", copy=False, tracking=True)
    complaint_papers_at = fields.Datetime(
        "Papers Handed In", copy=False, tracking=True, help="The file was sent to the authority."
    )
    complaint_replied_at = fields.Datetime("First Answer", readonly=True, copy=False)
    complaint_act_names = fields.Char(compute="_compute_complaint_act_names", export_string_translation=False)

    def _compute_complaint_act_names(self):
        """The acts that the deadlines of a complaint wait for or began with, for the form to show."""
        running, ended = self._origin._clocks_by_step()
        wanted = {ticket_id: set() for ticket_id in self._origin.ids}
        for clock in running | ended:
            step = clock._step_data()
            wanted[clock.res_id] |= (step["start_states"] | step["stop_states"]) & ACTS.keys()
        data = self.env["sqms.clock.step"]._data
        for ticket_id, step_ids in self._origin._clock_steps().items():
            for step_id in step_ids:
                wanted[ticket_id] |= data(step_id)["start_states"] & ACTS.keys()
        for ticket in self:
            ticket.complaint_act_names = ",".join(sorted(wanted.get(ticket._origin.id, ())))

    # -- said to the customer ----------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self.is_complaint and self._is_word_to_customer(message):
            name = "complaint_contacted_at" if self.env.context.get("complaint_asks") else "complaint_replied_at"
            if not self[name] and self.complaint_state not in CLOSED_STATES:
                self.sudo()[name] = fields.Datetime.now()
        return result

    def _is_word_to_customer(self, message):
        """A public message that a colleague has written by hand."""
        return (
            message.message_type == "comment"
            and not message.is_internal
            and message.subtype_id.id == self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
            and not self.env.user._is_superuser()
            and not self.env.user.share
        )

    # -- entered -----------------------------------------------------------------------

    def _clock_codes_running(self):
        """Codes of the deadlines that run on these complaints."""
        return {clock._step_data()["chain"][1] for clock in self._clocks_by_step()[0]}

    def _clock_acts(self):
        return {
            ticket.id: {act: ticket[name] for act, name in ACTS.items() if name in self._fields and ticket[name]}
            for ticket in self.filtered("is_complaint")
        }

    def write(self, vals):
        acts = [(act, name) for act, name in ACTS.items() if name in vals and name in self._fields]
        if not acts:
            return super().write(vals)
        before = {name: {ticket.id: ticket[name] for ticket in self} for _act, name in acts}
        self._check_acts(acts, vals)
        result = super().write(vals)
        for act, name in acts:
            self.filtered("is_complaint")._act_entered(act, name, before[name])
        return result

    def _check_acts(self, acts, vals):
        now = fields.Datetime.now()
        is_officer = self.env.su or self.env.user.has_group(OFFICERS)
        for act, name in acts:
            field = self._fields[name]
            at = fields.Datetime.to_datetime(vals[name])
            if at and at > now + AT_HAND:
                raise ValidationError(
                    self.env._("“%(act)s” has not happened yet.", act=field._description_string(self.env))
                )
            changed = any(ticket[name] and ticket[name] != (at or False) for ticket in self)
            late = at and act in ENDING and now - at > AT_HAND and any(not ticket[name] for ticket in self)
            if not is_officer and (changed or late):
                raise AccessError(
                    self.env._(
                        "“%(act)s”: only complaint officers enter it afterwards or correct it.",
                        act=field._description_string(self.env),
                    )
                )
            if changed and (not at or act in ENDING):
                raise ValidationError(
                    self.env._(
                        "“%(act)s” has ended a deadline and stays as it was entered.",
                        act=field._description_string(self.env),
                    )
                    if act in ENDING
                    else self.env._(
                        "“%(act)s” is corrected, not removed: a deadline began with it.",
                        act=field._description_string(self.env),
                    )
                )

    def _act_entered(self, act, name, before):
        now = fields.Datetime.now()
        for at, tickets in self.filtered(name).grouped(lambda one: min(one[name], now)).items():
            tickets.filtered(lambda one: not before.get(one.id))._clock_happened(act, at)
            moved = tickets.filtered(lambda one: before.get(one.id) and before[one.id] != one[name])
            if moved:
                running, ended = moved._clocks_by_step()
                clocks = (running | ended).filtered(
                    lambda clock: act in clock._step_data()["start_states"] and clock.start_at == before[clock.res_id]
                )
                clocks._start_anew(
                    dict.fromkeys(clocks.ids, at),
                    self.env._("Corrected: %s", self._fields[name]._description_string(self.env)),
                )
