from odoo import models


class ResourceCalendarClock(models.Model):
    """Clocks that run count again when working time changes."""

    _inherit = "resource.calendar"

    def _sqms_working_time_changed(self, date_from=None, date_to=None):
        result = super()._sqms_working_time_changed(date_from, date_to)
        self.env["sqms.clock"]._working_time_changed(self, date_from, date_to)
        return result
