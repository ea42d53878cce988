from odoo import models
from odoo.fields import Domain


class SqmsDelegationVersions(models.Model):
    _inherit = "sqms.delegation"

    def _domain_of_versions(self):
        """The editions within company and scope of one delegation."""
        domain = Domain("company_id", "=", self.company_id.id)
        if self.scope == "document_type":
            return domain & Domain("document_id.document_type", "=", self.document_type)
        if self.scope == "process":
            return domain & Domain("document_id", "in", self.process_id.document_ids.ids)
        return domain if self.scope == "all" else Domain.FALSE
