from odoo import fields, models

from .sqms_feedback import OFFICER


class SqmsNonconformityFeedback(models.Model):
    _inherit = "sqms.nonconformity"

    feedback_ids = fields.One2many("sqms.feedback", "nonconformity_id", string="Made of Feedback", groups=OFFICER)
