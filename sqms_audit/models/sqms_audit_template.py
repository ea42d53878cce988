from odoo import api, fields, models


class SqmsAuditTemplate(models.Model):
    _name = "sqms.audit.template"
    _description = "Audit Template"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    standard = fields.Char(help="The standard, law or rule that the questions come from, with its edition.")
    description = fields.Text(translate=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Leave empty to share the template.")
    line_ids = fields.One2many("sqms.audit.template.line", "template_id", string="Questions", copy=True)
    line_count = fields.Integer(string="Number of questions", compute="_compute_line_count")

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["sqms.audit.template.line"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.line_count = counts.get(template._origin, 0)

    def action_new_audit(self):
        """Open the form of a new audit with the questions of this template."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Audit"),
            "res_model": "sqms.audit",
            "view_mode": "form",
            "context": {"default_template_id": self.id, "default_name": self.name, "default_criteria": self.standard},
        }
