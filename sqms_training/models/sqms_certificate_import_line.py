from odoo import fields, models

from odoo.addons.sqms_base.lib.privacy import TEXT

STATES = [
    ("error", "Error"),
    ("new", "New"),
    ("renews", "Renews"),
    ("known", "Already There"),
    ("done", "Entered"),
]
NEEDED = (
    "employee_id", "skill_type_id", "skill_id", "skill_level_id", "external_number", "issuer", "valid_from", "valid_to",
)  # fmt: skip


class SqmsCertificateImportLine(models.Model):
    """One row of a sheet: whose certificate, which, until when, and what becomes of it."""

    _name = "sqms.certificate.import.line"
    _description = "Row of an Import of Certificates"
    _order = "import_id desc, rank, row"

    import_id = fields.Many2one("sqms.certificate.import", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True, precompute=True)
    row = fields.Integer(aggregator=None)
    rank = fields.Integer(aggregator=None, export_string_translation=False)
    state = fields.Selection(STATES, "What Becomes of It", required=True)
    reason = fields.Char("Why")
    employee_text = fields.Char("Employee as Written")
    skill_text = fields.Char("Certificate as Written")
    employee_id = fields.Many2one("hr.employee", index="btree_not_null", ondelete="cascade")
    skill_type_id = fields.Many2one("hr.skill.type", "Type", ondelete="cascade")
    skill_id = fields.Many2one("hr.skill", "Certificate", ondelete="cascade")
    skill_level_id = fields.Many2one("hr.skill.level", "Level", ondelete="cascade")
    external_number = fields.Char("Number of the Authority")
    issuer = fields.Char("Issued By")
    valid_from = fields.Date()
    valid_to = fields.Date("Valid Until")
    certificate_id = fields.Many2one("hr.employee.skill", "Entered As", index="btree_not_null", ondelete="set null")

    _turn_idx = models.Index("(import_id, state, valid_from, row)")

    _privacy_fields = dict.fromkeys(("reason", "employee_text", "skill_text", "external_number"), TEXT)

    def _load(self):
        """What a certificate is created with."""
        self.ensure_one()
        return {name: self._fields[name].convert_to_write(self[name], self) for name in NEEDED}
