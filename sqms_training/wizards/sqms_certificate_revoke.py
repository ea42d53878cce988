from odoo import fields, models


class SqmsCertificateRevoke(models.TransientModel):
    """Withdraw certificates with a reason; it cannot be undone."""

    _name = "sqms.certificate.revoke"
    _description = "Revoke Certificate"

    certificate_ids = fields.Many2many("hr.employee.skill", string="Certificates", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        self.ensure_one()
        self.certificate_ids._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
