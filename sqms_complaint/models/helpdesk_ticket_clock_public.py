from odoo import fields, models


class HelpdeskTicketClockPublic(models.Model):
    """The deadlines of a complaint as the customer may read them: each stretch counted or not, and why."""

    _inherit = "helpdesk.ticket"

    def _complaint_deadlines_public(self, lang=None):
        """What the customer was promised, and how it is counted, in the language of his page or his own.

        1. Only steps that are shown to the customer, by the names that are made for him.
        2. A pause says its reason; who entered it, and when, is nobody's business outside. No name of a person, team or
           regime is in it.
        3. The counted rows add up to `elapsed`, those still to come to `remaining`, in the unit named.

        :return: `[{name, status, status_label, due_at (naive UTC), due, unit, target_label, elapsed, remaining,
            sum_label, rows: [{kind, label, when, counted, amount}], minutes: [{start, end, kind, label, counted}]}]`,
            the nearest first; `rows` are folded to days, `minutes` are every stretch
        """
        self.ensure_one()
        lang = lang or self.complaint_lang or self.company_id.partner_id.lang or self.env.lang
        clocks = self.sudo().with_context(lang=lang).clock_ids
        clocks = clocks.filtered(lambda clock: clock.start_at and clock.step_id.is_public)
        latest = {}
        for clock in clocks.sorted("id"):
            latest[clock.step_id.code or clock.step_id.id] = clock
        shown = sorted(latest.values(), key=lambda clock: (bool(clock.met_at), clock.due_at or fields.Datetime.now()))
        return [clock._told_to_customer() for clock in shown]
