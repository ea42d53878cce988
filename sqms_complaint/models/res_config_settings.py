from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_public_form = fields.Boolean(related="company_id.complaint_public_form", readonly=False)
    complaint_promise_days = fields.Integer(related="company_id.complaint_promise_days", readonly=False)
    complaint_outside_body = fields.Char(related="company_id.complaint_outside_body", readonly=False)
    complaint_answer_days = fields.Integer(related="company_id.complaint_answer_days", readonly=False)
