from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsClearanceConsent(models.TransientModel):
    """The notice, and the answer of the person who read it. Nothing is ticked beforehand."""

    _name = "sqms.clearance.consent"
    _description = "Notice and Consent"

    own_id = fields.Many2one("sqms.clearance.own", required=True, readonly=True, ondelete="cascade")
    rule_id = fields.Many2one(related="own_id.rule_id")
    notice_text = fields.Text(related="own_id.notice_text")
    checks = fields.Text(related="own_id.checks")
    is_consent_needed = fields.Boolean(related="own_id.is_consent_needed")
    has_read = fields.Boolean(string="I have read this notice")
    has_agreed = fields.Boolean(string="I agree that these checks are made")
    has_agreed_sensitive = fields.Boolean(
        string="I agree separately that sensitive information about me is used for them"
    )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.own_id._behind()
        return wizards

    def action_agree(self):
        self.ensure_one()
        if not (self.has_read and self.has_agreed):
            raise UserError(self.env._("Please tick that you have read the notice and that you agree, or close it."))
        if self.is_consent_needed and not self.has_agreed_sensitive:
            raise UserError(
                self.env._("Sensitive information needs a consent of its own. Please tick it as well, or close this.")
            )
        self.own_id._consent()
        return {"type": "ir.actions.act_window_close"}
