from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.clock_pass import manages_clocks, managing_clocks


class SqmsClockNotice(models.Model):
    """What was told of a clock: one row for each rung it reached, the proof that it was told and that it was told once.

    1. A rung is told once in an epoch of its clock; the database refuses a second row.
    2. What was reached while nobody counted (a server that stood still) is told by its highest rung; the lower ones are
       kept as passed.
    3. When a later entry takes a lateness away, what was told of it is withdrawn, not deleted.
    """

    _name = "sqms.clock.notice"
    _description = "Notice of a Deadline"
    _inherit = ["sqms.keep.mixin"]
    _order = "id desc"

    clock_id = fields.Many2one("sqms.clock", string="Deadline", required=True, readonly=True, ondelete="cascade")
    rung_id = fields.Many2one("sqms.clock.rung", required=True, readonly=True, index=True, ondelete="restrict")
    epoch = fields.Integer(required=True, readonly=True, aggregator=None)
    state = fields.Selection(
        [("told", "Told"), ("passed", "Passed While Off"), ("withdrawn", "Withdrawn")], required=True, readonly=True
    )
    reached_at = fields.Datetime(string="Reached", required=True, readonly=True)
    told_at = fields.Datetime(string="Told On", readonly=True)
    withdrawn_at = fields.Datetime(string="Withdrawn On", readonly=True)
    user_ids = fields.Many2many("res.users", string="People Told", readonly=True)
    activity_ids = fields.Many2many("mail.activity", readonly=True)
    to_mail = fields.Boolean(readonly=True, help="The mail that names it has not been written yet.")

    _once = models.Constraint("UNIQUE(clock_id, rung_id, epoch)", "A rung is told only once.")
    _to_mail_idx = models.Index("(id) WHERE to_mail IS TRUE")

    @api.depends("clock_id", "rung_id")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = f"{notice.sudo().clock_id.step_id.name}: {notice.rung_id.display_name}"

    # -- nobody writes them by hand ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_managed()
        return super().create(vals_list)

    def write(self, values):
        self._check_managed()
        return super().write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_managed(self):
        self._check_managed()

    def _check_managed(self):
        if not manages_clocks():
            raise UserError(
                self.env._("Notices of deadlines prove what was told: they are neither written nor deleted.")
            )

    # -- when what they said is over ------------------------------------------------------

    def _withdraw(self):
        """What they said was not so after all."""
        with managing_clocks():
            self._take_back_activities()
            self.write({"state": "withdrawn", "withdrawn_at": fields.Datetime.now(), "to_mail": False})
            self.flush_recordset()

    def _settle(self):
        """The clock has stopped: nobody needs to be reminded of it any more."""
        with managing_clocks():
            self._take_back_activities()
            self.filtered("to_mail").write({"to_mail": False})
            self.flush_recordset()

    def _take_back_activities(self):
        self.activity_ids.unlink()
