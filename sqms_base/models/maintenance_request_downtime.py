from odoo import api, fields, models
from odoo.exceptions import ValidationError

HOUR = 3600


class MaintenanceRequestDowntime(models.Model):
    """From when to when a piece of equipment was down, and how long its repair took.

    1. Only a repair after a failure has a breakdown; it ends after it begins, and nothing of it lies ahead of us.
    2. The repair takes as long as the breakdown, unless somebody enters how long it took.
    """

    _inherit = "maintenance.request"

    breakdown_from = fields.Datetime(string="Down From", copy=False, tracking=True)
    breakdown_to = fields.Datetime(string="Down Until", copy=False, tracking=True, help="Left empty while it is down.")
    down_hours = fields.Float(string="Hours Down", compute="_compute_down_hours", store=True, digits=(16, 2))
    repair_hours = fields.Float(
        compute="_compute_repair_hours", store=True, readonly=False, copy=False, digits=(16, 2), tracking=True,
        help="How long the repair took; the whole breakdown unless you know better.",
    )  # fmt: skip

    _breakdown_order = models.Constraint(
        "CHECK(breakdown_to IS NULL OR breakdown_to > breakdown_from)", "A breakdown ends after it began."
    )
    _breakdown_begun = models.Constraint(
        "CHECK(breakdown_to IS NULL OR breakdown_from IS NOT NULL)", "Please say from when it was down."
    )
    _repair_positive = models.Constraint("CHECK(repair_hours >= 0)", "A repair takes no negative time.")
    _breakdown_idx = models.Index("(equipment_id, breakdown_from) WHERE breakdown_from IS NOT NULL")

    @api.depends("breakdown_from", "breakdown_to")
    def _compute_down_hours(self):
        for request in self:
            both = request.breakdown_from and request.breakdown_to
            request.down_hours = (
                max(0.0, (request.breakdown_to - request.breakdown_from).total_seconds() / HOUR) if both else 0.0
            )

    @api.depends("breakdown_from", "breakdown_to")
    def _compute_repair_hours(self):
        for request in self:
            request.repair_hours = request.down_hours

    @api.constrains("breakdown_from", "breakdown_to", "maintenance_type")
    def _check_breakdown(self):
        now = fields.Datetime.now()
        for request in self.filtered(lambda request: request.breakdown_from or request.breakdown_to):
            if request.maintenance_type != "corrective":
                raise ValidationError(
                    self.env._("“%s” is planned upkeep: only a repair after a failure has a breakdown.", request.name)
                )
            if max(filter(None, (request.breakdown_from, request.breakdown_to))) > now:
                raise ValidationError(self.env._("A breakdown is entered when it has happened, not before."))
            if request.breakdown_to and not request.breakdown_from:
                raise ValidationError(self.env._("Please say from when “%s” was down.", request.name))
            if request.breakdown_to and request.breakdown_to <= request.breakdown_from:
                raise ValidationError(self.env._("A breakdown ends after it began."))
