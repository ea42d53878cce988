from odoo import fields, models

from ..lib.vocabulary import OBJECT_TYPES


class SqmsAuditTemplateLine(models.Model):
    _name = "sqms.audit.template.line"
    _description = "Question of an Audit Template"
    _order = "sequence, id"
    _rec_name = "question"

    template_id = fields.Many2one("sqms.audit.template", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    clause = fields.Char(help="Where the requirement stands, for instance 8.2.1.")
    object_type = fields.Selection(OBJECT_TYPES, string="Object", required=True, default="rule")
    question = fields.Text(required=True, translate=True)
    guidance = fields.Text(string="Look for", translate=True)

    def _prepare_audit_line_values(self, audit):
        """The checklist line that this question becomes."""
        self.ensure_one()
        return {
            "audit_id": audit.id,
            "clause": self.clause,
            "object_type": self.object_type,
            "question": self.question,
            "guidance": self.guidance,
        }
