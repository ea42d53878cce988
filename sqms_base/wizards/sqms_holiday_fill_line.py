from odoo import fields, models


class SqmsHolidayFillLine(models.TransientModel):
    """What filling a year does, or did, to one working schedule: a run of days off, or one make-up working day."""

    _name = "sqms.holiday.fill.line"
    _description = "Day of a Year to Fill"
    _order = "calendar_id, date_from"

    fill_id = fields.Many2one("sqms.holiday.fill", required=True, ondelete="cascade", index=True)
    calendar_id = fields.Many2one("resource.calendar", string="Working Schedule", required=True, ondelete="cascade")
    kind = fields.Selection([("holiday", "Day off"), ("workday", "Make-up working day")], required=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    name = fields.Char(string="Holiday", required=True)
    result = fields.Selection(
        [("new", "To be added"), ("made", "Added"), ("there", "Already there"), ("left", "Left out")], required=True
    )
    note = fields.Char(string="Remark")
    source = fields.Char()
