from odoo import models


class SqmsDocumentPrint(models.Model):
    _inherit = "sqms.document"

    def action_print(self):
        """The controlled copy of the edition in force."""
        self.ensure_one()
        report = self.env.ref("sqms_base.action_report_document_version").sudo()
        return report.report_action(self.current_version_id, config=False)
