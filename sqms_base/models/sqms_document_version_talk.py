from odoo import models


class SqmsDocumentVersion(models.Model):
    """The talk about an edition is for those who make it."""

    _name = "sqms.document.version"
    _inherit = ["sqms.document.thread", "sqms.document.version"]
