import io

from odoo import models

from odoo.addons.sqms_base.lib import pdf_layers

REPORT = "sqms_training.report_appraisal"


class IrActionsReportAppraisal(models.Model):
    """The appraisal is printed in two layers, as controlled copies are."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if self._get_report(report_ref).report_name != REPORT or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        records = self.env["sqms.appraisal"].browse(dict.fromkeys(res_ids))
        records.check_access("read")
        if len(records) == 1:
            return {records.id: {"stream": io.BytesIO(records._appraisal_pdf()), "attachment": None}}
        joined = pdf_layers.join([(record.display_name, record._appraisal_pdf()) for record in records])
        return {False: {"stream": io.BytesIO(joined), "attachment": None}}
