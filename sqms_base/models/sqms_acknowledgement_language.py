from odoo import fields, models


class SqmsAcknowledgementLanguage(models.Model):
    """Whoever reads a text that is not in his language is told why."""

    _inherit = "sqms.acknowledgement"

    translation_note = fields.Char(related="version_id.translation_note", related_sudo=False)
