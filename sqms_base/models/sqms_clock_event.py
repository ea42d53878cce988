from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..lib.clock_pass import manages_clocks


class SqmsClockEvent(models.Model):
    """What happened to a clock, and when that was entered. Never changed; a correction takes an event back."""

    _name = "sqms.clock.event"
    _description = "Event of a Clock"
    _inherit = ["sqms.keep.mixin"]
    _order = "clock_id, at, id"

    clock_id = fields.Many2one("sqms.clock", required=True, readonly=True, index=True, ondelete="cascade")
    at = fields.Datetime(required=True, readonly=True)
    entered_at = fields.Datetime(
        string="Entered", required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    kind = fields.Selection(
        [
            ("start", "Start"),
            ("pause", "Pause"),
            ("resume", "Goes On"),
            ("stop", "Stop"),
            ("reopen", "Reopened"),
            ("policy", "Other Regime"),
            ("calendar", "Working Time Changed"),
            ("void", "Taken Back"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    note = fields.Char(readonly=True, help="Why it was entered afterwards, or taken back.")
    user_id = fields.Many2one("res.users", string="Entered By", readonly=True, ondelete="restrict")
    step_id = fields.Many2one("sqms.clock.step", readonly=True, ondelete="restrict")
    calendar_id = fields.Many2one("resource.calendar", string="Working Time", readonly=True, ondelete="restrict")
    recount = fields.Char(readonly=True)
    voids_id = fields.Many2one(
        "sqms.clock.event", string="Takes Back", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    working_time = fields.Json(string="Working Time Kept", readonly=True, export_string_translation=False)

    @api.depends("kind", "at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = labels.get(event.kind, "")

    # -- read like its clock ----------------------------------------------------------------

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & Domain("clock_id", "in", self.env["sqms.clock"]._search([]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        forbidden = result[0] if result else self.browse()
        if len(forbidden) == len(self):
            return result
        rest = self - forbidden
        clocks = rest.sudo().clock_id.with_env(self.env)._filtered_access("read")
        forbidden |= rest.filtered(lambda event: event.sudo().clock_id.id not in clocks._ids)
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(self.env._("You may not read the record that this deadline belongs to."))

    # -- written by the clock ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_managed()
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._never_changed())

    def _write_multi(self, vals_list):
        raise UserError(self._never_changed())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_managed()

    def _check_managed(self):
        if not manages_clocks():
            raise UserError(self._never_changed())

    def _never_changed(self):
        return self.env._(
            "What happened to a clock is entered by the system and never changed; a correction takes it back."
        )
