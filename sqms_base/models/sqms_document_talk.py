from odoo import models


class SqmsDocument(models.Model):
    """The talk about a document is for those who make it."""

    _name = "sqms.document"
    _inherit = ["sqms.document.thread", "sqms.document"]
