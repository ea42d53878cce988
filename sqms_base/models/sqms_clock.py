from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..lib.clock_pass import manages_clocks


class SqmsClock(models.Model):
    """A deadline that explains itself: one step of a regime, running on one record.

    1. What happened is events; everything else on a clock is derived from them by one method and written by it alone.
    2. Due of a paused clock is empty.
    3. Whoever may read the record may read its clocks; whoever may write it may pause them for the reasons of the step.
    4. A stopped clock keeps the working time it was judged by.
    """

    _name = "sqms.clock"
    _description = "Clock"
    _inherit = ["sqms.keep.mixin", "sqms.attached.mixin"]
    _order = "due_at, id"
    _check_company_auto = True

    # what it stands on
    res_model = fields.Char(string="Kind of Record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True, aggregator=None
    )
    res_name = fields.Char(string="Record", compute="_compute_res_name")
    policy_id = fields.Many2one(
        "sqms.clock.policy", string="Regime", required=True, readonly=True, index=True, ondelete="restrict"
    )
    step_id = fields.Many2one("sqms.clock.step", required=True, readonly=True, index=True, ondelete="restrict")
    name = fields.Char(related="step_id.name", string="Step Name")
    unit = fields.Selection(related="step_id.unit")
    target = fields.Integer(related="step_id.target", aggregator=None)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    calendar_id = fields.Many2one(
        "resource.calendar", string="Working Time", readonly=True, index=True, ondelete="restrict", check_company=True
    )
    tz = fields.Char(string="Time Zone", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True, index="btree_not_null")
    previous_id = fields.Many2one(
        "sqms.clock", string="Reopened From", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_ids = fields.One2many("sqms.clock.event", "clock_id", string="Events", readonly=True)

    # what follows from the events
    start_at = fields.Datetime(string="Started", readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    paused = fields.Boolean(readonly=True)
    met_at = fields.Datetime(string="Done", readonly=True)
    breached_at = fields.Datetime(string="Late Since", readonly=True)
    remaining = fields.Integer(
        readonly=True, aggregator=None, help="What is left, in seconds or days. Stands still while the clock is paused."
    )
    next_at = fields.Datetime(string="Next Notice", readonly=True)
    next_rung = fields.Many2one("sqms.clock.rung", readonly=True, ondelete="set null")
    armed_at = fields.Datetime(readonly=True, help="Rungs up to this instant are not told again.")
    epoch = fields.Integer(readonly=True, default=0, aggregator=None)
    status = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("late", "Late"),
            ("met", "Done in Time"),
            ("met_late", "Done Late"),
            ("void", "Taken Back"),
        ],
        compute="_compute_status",
        search="_search_status",
    )

    _record_idx = models.Index("(res_model, res_id)")
    _next_idx = models.Index("(next_at) WHERE next_at IS NOT NULL")
    _due_idx = models.Index("(due_at) WHERE met_at IS NULL")

    # -- computes ------------------------------------------------------------------

    @api.depends("start_at", "due_at", "paused", "met_at", "breached_at")
    def _compute_status(self):
        now = fields.Datetime.now()
        for clock in self:
            late = clock.breached_at or (clock.due_at and clock.due_at < (clock.met_at or now))
            if not clock.start_at:
                clock.status = "void"
            elif clock.met_at:
                clock.status = "met_late" if late else "met"
            elif late:
                clock.status = "late"
            else:
                clock.status = "paused" if clock.paused else "running"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_ = Domain("met_at", "=", False) & Domain("start_at", "!=", False)
        late = open_ & Domain("due_at", "<", fields.Datetime.now())
        domains = {
            "running": open_ & Domain("paused", "=", False) & ~late,
            "paused": open_ & Domain("paused", "=", True) & ~late,
            "late": late,
            "met": Domain("met_at", "!=", False) & Domain("breached_at", "=", False),
            "met_late": Domain("met_at", "!=", False) & Domain("breached_at", "!=", False),
            "void": Domain("start_at", "=", False),
        }
        return Domain.OR([domains.get(status, Domain.FALSE) for status in value])

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_res_name(self):
        for model, clocks in self.grouped("res_model").items():
            records = self.env[model].browse(clocks.mapped("res_id")).exists() if model in self.env else None
            names = {record.id: record.display_name for record in records._filtered_access("read")} if records else {}
            for clock in clocks:
                clock.res_name = names.get(clock.res_id, False)

    @api.depends("step_id", "res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for clock in self:
            clock.display_name = f"{clock.res_name or ''}: {clock.sudo().step_id.name}".removeprefix(": ")

    def _record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    # -- who reads it -------------------------------------------------------------------

    @api.model
    def _attached_models(self):
        return [name for name, model in self.env.registry.items() if "clock_due_at" in model._fields and model._auto]

    def _attached_refusal(self):
        return self.env._("You may not read the record that this deadline belongs to.")

    # -- who writes it -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_managed()
        return super().create(vals_list)

    def write(self, vals):
        self._check_managed()
        return super().write(vals)

    def _write_multi(self, vals_list):
        self._check_managed()
        return super()._write_multi(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_managed(self):
        self._check_managed()

    def _check_managed(self):
        if not manages_clocks():
            raise UserError(
                self.env._(
                    "A clock follows from what happened to its record: it is started, paused and stopped, not written."
                )
            )

    def _check_company(self, fnames=None):
        # Nobody else writes a clock: the working time is that of its own company or regime (`_prepare_start_values`).
        return None if manages_clocks() else super()._check_company(fnames)

    def _step_data(self):
        return self.env["sqms.clock.step"]._data(self.sudo().step_id.id)

    # -- what others ask ---------------------------------------------------------------------

    def _chain(self):
        """What stays the same when a regime gets a new version: its code, and that of the step."""
        return self._step_data()["chain"]

    def _may_go_on(self):
        """Whether the clock, reopened now, goes on with what was left; otherwise a new one starts."""
        grace = self._step_data()["reopen_grace"]
        return bool(self.met_at and grace and (fields.Datetime.now() - self.met_at).total_seconds() <= grace)

    def _badge(self):
        return {
            "id": self.id,
            "name": self.step_id.name,
            "due_at": fields.Datetime.to_string(self.due_at) or False,
            "paused": self.paused,
            "remaining": self.remaining,
            "unit": self.step_id.unit,
            "status": self.status,
        }
