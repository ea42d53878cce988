from odoo import models
from odoo.fields import Domain

from .sqms_document import SEES_COVERAGE


class SqmsLedgerEntry(models.Model):
    _inherit = "sqms.ledger.entry"

    def _readable_of_model(self, model):
        """What became of a document on its way is told to those who make it, too."""
        readable = super()._readable_of_model(model)
        if model._name in ("sqms.document", "sqms.document.version") and not self.env.user.has_groups(SEES_COVERAGE):
            mine = model.sudo().with_context(active_test=False)._search([("owner_id", "=", self.env.uid)])
            readable &= Domain("res_id", "in", mine)
        return readable
