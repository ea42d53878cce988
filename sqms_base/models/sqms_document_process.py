from odoo import models


class SqmsDocumentProcess(models.Model):
    """Which processes work by a document."""

    _name = "sqms.document"
    _inherit = ["sqms.document", "sqms.process.link.mixin"]

    _process_link = "document_ids"
