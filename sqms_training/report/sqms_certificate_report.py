from odoo import api, models


class SqmsCertificateReport(models.AbstractModel):
    """The printed certificate. HR prints any, a person his own."""

    _name = "report.sqms_training.certificate_document"
    _description = "Printed Certificate"

    @api.model
    def _get_report_values(self, docids, data=None):
        certificates = self.env["hr.employee.skill"].browse(docids)
        certificates.check_access("read")
        return {"doc_ids": docids, "doc_model": certificates._name, "papers": [row._paper() for row in certificates]}
