from odoo import api, fields, models


class SqmsCertificateRenew(models.TransientModel):
    """A renewal goes on where the old certificate ends; after a revocation it repeats what was meant."""

    _name = "sqms.certificate.renew"
    _description = "Renew Certificate"

    certificate_id = fields.Many2one("hr.employee.skill", required=True, readonly=True, ondelete="cascade")
    employee_id = fields.Many2one(related="certificate_id.employee_id")
    skill_id = fields.Many2one(related="certificate_id.skill_id")
    skill_type_id = fields.Many2one(related="certificate_id.skill_type_id")
    levels_count = fields.Integer(related="certificate_id.levels_count")
    old_valid_to = fields.Date(related="certificate_id.valid_to", string="Ends On")
    old_revoked_on = fields.Date(related="certificate_id.revoked_on", string="Revoked On")
    skill_level_id = fields.Many2one(
        "hr.skill.level",
        "Level",
        compute="_compute_offer",
        store=True,
        readonly=False,
        required=True,
        ondelete="cascade",
    )
    issuer = fields.Char("Issued By", compute="_compute_offer", store=True, readonly=False)
    valid_from = fields.Date(compute="_compute_offer", store=True, readonly=False, required=True)
    valid_to = fields.Date("Valid Until", compute="_compute_offer", store=True, readonly=False)
    proof_file = fields.Binary("Proof", help="PDF or photo, at most 10 MB. It can be added later.")
    proof_name = fields.Char(export_string_translation=False)

    @api.depends("certificate_id")
    def _compute_offer(self):
        for wizard in self:
            old = wizard.certificate_id
            wizard.skill_level_id = old.skill_level_id
            wizard.issuer = old.issuer
            wizard.valid_from, wizard.valid_to = old._next_validity() if old else (False, False)

    def action_apply(self):
        self.ensure_one()
        values = {
            "skill_level_id": self.skill_level_id.id,
            "issuer": self.issuer,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }
        if self.proof_file:
            values["proof_ids"] = [(0, 0, {"name": self.proof_name or self.env._("Proof"), "file": self.proof_file})]
        successor = self.certificate_id._renew(values)
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.hr_employee_skill_action_certificates")
        return {
            **action,
            "res_id": successor.id,
            "views": [(self.env.ref("sqms_training.hr_employee_skill_view_form_certificate").id, "form")],
        }
