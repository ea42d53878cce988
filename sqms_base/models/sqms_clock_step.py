from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

WHOLE_DAYS = ("work_days", "days")


class SqmsClockStep(models.Model):
    """One promise of a regime: so much time, from one event to another.

    1. Time is whole seconds for hours and whole days for days; half a day is written in hours.
    2. What starts, stops and pauses it are workflow states of the record, “create” being its arrival.
    3. A person may pause it for the reasons named here and for no other.
    """

    _name = "sqms.clock.step"
    _description = "Step of a Regime"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("sqms.clock.policy", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="The same step keeps its code in every version of the regime.")

    unit = fields.Selection(
        [
            ("work_hours", "Working Hours"),
            ("work_days", "Working Days"),
            ("hours", "Hours"),
            ("days", "Calendar Days"),
        ],
        required=True,
        default="work_days",
    )
    target = fields.Integer(required=True, default=5, help="Whole seconds for hours, whole days for days.")
    target_hours = fields.Float(compute="_compute_amounts", inverse="_inverse_target_hours", string="Hours Allowed")
    target_days = fields.Integer(compute="_compute_amounts", inverse="_inverse_target_days", string="Days Allowed")
    target_label = fields.Char(compute="_compute_target_label", string="Time Allowed")

    runs_label = fields.Char(compute="_compute_runs_label", string="Runs")
    start_states = fields.Char(
        string="Starts At", default="create", help="States of the record, separated by commas; “create” is its arrival."
    )
    stop_states = fields.Char(string="Stops At", help="States of the record, separated by commas.")
    pause_states = fields.Char(string="Waits In", help="States of the record in which the clock waits.")
    reason_ids = fields.Many2many(
        "sqms.clock.reason", string="May Be Paused For", help="Nobody can pause this clock for another reason."
    )
    rung_ids = fields.One2many("sqms.clock.rung", "step_id", string="Escalation", copy=True)

    _target_positive = models.Constraint("CHECK(target >= 0)", "The time allowed cannot be negative.")

    @api.depends("unit", "target")
    def _compute_amounts(self):
        for step in self:
            step.target_days = step.target if step.unit in WHOLE_DAYS else 0
            step.target_hours = 0 if step.unit in WHOLE_DAYS else step.target / 3600

    @api.onchange("target_hours")
    def _inverse_target_hours(self):
        for step in self.filtered(lambda step: step.unit not in WHOLE_DAYS):
            step.target = round(step.target_hours * 3600)

    @api.onchange("target_days")
    def _inverse_target_days(self):
        for step in self.filtered(lambda step: step.unit in WHOLE_DAYS):
            step.target = step.target_days

    @api.onchange("unit")
    def _onchange_unit(self):
        """A number of days is no number of seconds."""
        was = self._origin.unit or "work_days"
        if (self.unit in WHOLE_DAYS) != (was in WHOLE_DAYS) or self.target > 3650 and self.unit in WHOLE_DAYS:
            self.target = 5 if self.unit in WHOLE_DAYS else 8 * 3600

    @api.depends("unit", "target")
    @api.depends_context("lang")
    def _compute_target_label(self):
        for step in self:
            step.target_label = step._amount_label(step.target)

    @api.depends("start_states", "stop_states", "policy_id.res_model")
    @api.depends_context("lang")
    def _compute_runs_label(self):
        for step in self:
            names = {"create": self.env._("Arrival"), **(step.policy_id._states_of_model() or {})}
            start, stop = (
                " / ".join(names.get(name, name) for name in step._split(states))
                for states in (step.start_states, step.stop_states)
            )
            step.runs_label = self.env._("%(start)s → %(stop)s", start=start or "–", stop=stop or "–")

    def _amount_label(self, amount):
        """So much time in the unit of this step, in words."""
        if self.unit == "work_days":
            return self.env._("%(count)s working days", count=amount)
        if self.unit == "days":
            return self.env._("%(count)s days", count=amount)
        hours, minutes = divmod(amount // 60, 60)
        time = f"{hours}:{minutes:02}" if minutes else str(hours)
        if self.unit == "work_hours":
            return self.env._("%(time)s working hours", time=time)
        return self.env._("%(time)s h", time=time)

    @api.constrains("unit", "target", "start_states", "stop_states", "pause_states", "policy_id")
    def _check_step(self):
        for step in self:
            if step.unit in WHOLE_DAYS and step.target > 3650:
                raise ValidationError(self.env._("“%(step)s”: at most ten years.", step=step.name))
            known = step.policy_id._states_of_model()
            if known is None:
                continue
            unknown = [
                state
                for names, more in ((step.start_states, {"create"}), (step.stop_states, ()), (step.pause_states, ()))
                for state in step._split(names)
                if state not in known and state not in more
            ]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(step)s” names a state that the record does not have: %(state)s. It has: %(states)s.",
                        step=step.name,
                        state=unknown[0],
                        states=", ".join(sorted(known)),
                    )
                )

    @api.model
    def _split(self, names):
        return [name.strip() for name in (names or "").split(",") if name.strip()]

    @api.model
    @ormcache("step_id")
    def _data(self, step_id):
        """A step of a regime as plain data. What is verified does not change, so it is read once."""
        step = self.sudo().browse(step_id)
        policy = step.policy_id
        return {
            "policy_id": policy.id,
            "company_id": policy.company_id.id,
            "calendar_id": policy.calendar_id.id,
            "state": policy.state,
            "chain": (policy.code, step.code or step.id),
            "reopen_grace": policy.reopen_grace,
            "start_states": frozenset(self._split(step.start_states)),
            "stop_states": frozenset(self._split(step.stop_states)),
            "pause_states": frozenset(self._split(step.pause_states)),
            "pauses": frozenset(step._pauses()),
            "rungs": tuple((rung.id, rung.kind, rung.value) for rung in step.rung_ids),
            "terms": {
                "unit": step.unit,
                "target": step.target,
                "ends_at": policy.ends_at,
                "late_start": policy.late_start,
                "roll": policy.roll,
                "recount": policy.recount,
                "grace": policy.grace,
                "pauses": frozenset(step._pauses()),
            },
        }

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.policy_id._check_still_draft()
        self.env.registry.clear_cache()
        return steps

    def write(self, vals):
        self.policy_id._check_still_draft()
        result = super().write(vals)
        self.policy_id._check_still_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self.policy_id._check_still_draft()

    def _pauses(self):
        """The reasons that pause a clock of this step: those that people choose, and the states it waits in."""
        return {*self.sudo().reason_ids.mapped("code"), *(f"state:{name}" for name in self._split(self.pause_states))}
