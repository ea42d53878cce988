import io

from odoo import models

from ..lib import pdf_layers
from .sqms_review_print import PACK


class IrActionsReportReview(models.Model):
    """The management review pack is printed in two layers, from the frozen inputs."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if self._get_report(report_ref).report_name != PACK or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        reviews = self.env["sqms.review"].browse(dict.fromkeys(res_ids))
        reviews.check_access("read")
        if len(reviews) == 1:
            return {reviews.id: {"stream": io.BytesIO(reviews._print_pdf()), "attachment": None}}
        joined = pdf_layers.join([(review.display_name, review._print_pdf()) for review in reviews])
        return {False: {"stream": io.BytesIO(joined), "attachment": None}}
