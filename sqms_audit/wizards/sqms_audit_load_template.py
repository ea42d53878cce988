from odoo import fields, models


class SqmsAuditLoadTemplate(models.TransientModel):
    _name = "sqms.audit.load.template"
    _description = "Load a Template into an Audit"

    audit_id = fields.Many2one("sqms.audit", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="audit_id.company_id")
    template_id = fields.Many2one(
        "sqms.audit.template",
        required=True,
        ondelete="cascade",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )

    def action_load(self):
        self.ensure_one()
        self.audit_id._load_template(self.template_id)
