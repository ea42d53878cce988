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
            known = self.process_id.document_ids & self.process_document_ids
            return domain & Domain("document_id", "in", known.ids)
        return domain if self.scope == "all" else Domain.FALSE

    def _covers(self, record):
        covered = super()._covers(record)
        if covered and self.scope == "process" and record._name == "sqms.document.version":
            return record.document_id in self.process_document_ids
        return covered
