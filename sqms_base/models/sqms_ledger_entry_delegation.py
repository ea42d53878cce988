import json

from odoo import models


class SqmsLedgerEntryDelegation(models.Model):
    """How the ledger shows that somebody acted for somebody else: with the name of whom he stood in for."""

    _inherit = "sqms.ledger.entry"

    def _event_labels(self):
        return {**super()._event_labels(), "on_behalf": self.env._("On behalf of another")}

    def _compute_changes(self):
        result = super()._compute_changes()
        for entry in self:
            if entry.event == "on_behalf":
                entry.changes = entry._rows_on_behalf()
                entry.summary = entry._summary(entry.changes)
        return result

    def _rows_on_behalf(self):
        said = json.loads(self.sudo().text).get("new") or {}
        users = self.env["res.users"].sudo().with_context(active_test=False)
        labels = {"on_behalf_of": self.env._("On Behalf Of"), "delegation": self.env._("Delegation")}
        words = {
            "on_behalf_of": users.browse(said.get("on_behalf_of")).exists().name or "",
            "delegation": str(said.get("delegation") or ""),
        }
        return [{"name": name, "label": label, "old": "", "new": words[name]} for name, label in labels.items()]
