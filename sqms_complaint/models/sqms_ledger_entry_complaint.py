from odoo import models


class SqmsLedgerEntryComplaint(models.Model):
    _inherit = "sqms.ledger.entry"

    def _event_labels(self):
        return {
            **super()._event_labels(),
            "letter": self.env._("Letter to the customer"),
            "package": self.env._("File package made"),
        }
