from odoo import api, fields, models

from ..lib.local_time import local_day


class MaintenanceRequestOnTime(models.Model):
    """Whether upkeep was done by its day.

    Its day is that on which it was to be over, in the time zone of the company. What is open is not on time, and stays
    so in the figures until it is done.
    """

    _inherit = "maintenance.request"

    sqms_is_on_time = fields.Boolean(
        string="Done On Time", compute="_compute_sqms_is_on_time", store=True,
        help="Brought to a final stage on the scheduled day or before.",
    )  # fmt: skip

    _sqms_schedule_idx = models.Index("(schedule_date) WHERE schedule_date IS NOT NULL")

    @api.depends("close_date", "stage_id.done", "schedule_date", "schedule_end", "company_id")
    def _compute_sqms_is_on_time(self):
        for request in self:
            planned = request.schedule_end or request.schedule_date
            company = request.company_id or self.env.company
            request.sqms_is_on_time = bool(
                planned
                and request.stage_id.done
                and request.close_date
                and request.close_date <= local_day(planned, company.sudo()._sqms_tz())
            )
