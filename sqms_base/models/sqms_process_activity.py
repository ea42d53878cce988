from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SqmsProcessActivity(models.Model):
    """One activity of a process, for which responsibilities are laid down apart."""

    _name = "sqms.process.activity"
    _description = "Activity of a Process"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "process_id, sequence, id"
    _check_company_auto = True

    process_id = fields.Many2one("sqms.process", required=True, index=True, check_company=True, ondelete="restrict")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )

    _ledger_fields = ("process_id", "name", "company_id")

    @api.constrains("process_id")
    def _check_process_stays(self):
        """What is laid down for an activity belongs to the same process."""
        for activity in self:
            rows = self.env["sqms.responsibility"].sudo().search([("activity_id", "=", activity.id)])
            if rows.process_id - activity.process_id:
                raise ValidationError(
                    self.env._("Responsibilities are laid down for “%s”: it stays with its process.", activity.name)
                )
