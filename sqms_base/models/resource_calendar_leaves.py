from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sqms_tell_of(records._sqms_general_closings())
        return records

    def write(self, values):
        closings = self._sqms_general_closings()
        result = super().write(values)
        self._sqms_tell_of(closings + self._sqms_general_closings())
        return result

    def unlink(self):
        closings = self._sqms_general_closings()
        result = super().unlink()
        self._sqms_tell_of(closings)
        return result

    def _sqms_general_closings(self):
        """What closes whole calendars, as (calendar or none, from, to): the leave of one person is left out."""
        return [(leave.calendar_id, leave.date_from, leave.date_to) for leave in self.sudo() if not leave.resource_id]

    def _sqms_tell_of(self, closings):
        if not closings:
            return
        calendars, starts, ends = zip(*closings, strict=True)
        everywhere = not all(calendars)
        touched = self.env["resource.calendar"].union(*([] if everywhere else calendars))
        touched._sqms_working_time_changed(min(starts), max(ends))
