from odoo import models

REPLACED = ("superseded", "obsolete")


class SqmsDocumentVersionImprovement(models.Model):
    _inherit = "sqms.document.version"

    def _has_come_into_force(self):
        """Whether the edition is in force at this instant, or was before another one took its place."""
        self.ensure_one()
        return self.is_in_force or self.state in REPLACED
