from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.calendar_id._sqms_working_time_changed()
        return records

    def write(self, values):
        calendars = self.calendar_id
        result = super().write(values)
        (calendars | self.calendar_id)._sqms_working_time_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._sqms_working_time_changed()
        return result
