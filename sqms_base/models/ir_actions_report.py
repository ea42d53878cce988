import io

from odoo import models

from ..lib import pdf_layers
from .sqms_document_version_print import REPORT


class IrActionsReport(models.Model):
    """The controlled copy is printed in two layers; all other reports as ever."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if self._get_report(report_ref).report_name != REPORT or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        editions = self.env["sqms.document.version"].browse(dict.fromkeys(res_ids))
        editions.check_access("read")
        if len(editions) == 1:
            return {editions.id: {"stream": io.BytesIO(editions._print_pdf()), "attachment": None}}
        joined = pdf_layers.join([(edition.display_name, edition._print_pdf()) for edition in editions])
        return {False: {"stream": io.BytesIO(joined), "attachment": None}}
