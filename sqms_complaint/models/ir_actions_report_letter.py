import io

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sqms_base.lib import pdf_layers

REPORTS = {
    "sqms_complaint.report_letter_acknowledgement": "acknowledgement",
    "sqms_complaint.report_letter_decision": "decision",
}


class IrActionsReportLetter(models.Model):
    """The letters of complaints are printed in two layers; one that went out is shown as it went out."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        letter = REPORTS.get(self._get_report(report_ref).report_name)
        if not letter or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        tickets = self.env["helpdesk.ticket"].browse(dict.fromkeys(res_ids))
        tickets.check_access("read")
        if not all(tickets.mapped("is_complaint")):
            raise UserError(self.env._("Only complaints have such letters."))
        printed = [(ticket.number, ticket._complaint_letter_pdf(letter)) for ticket in tickets]
        if len(tickets) == 1:
            return {tickets.id: {"stream": io.BytesIO(printed[0][1]), "attachment": None}}
        return {False: {"stream": io.BytesIO(pdf_layers.join(printed)), "attachment": None}}
