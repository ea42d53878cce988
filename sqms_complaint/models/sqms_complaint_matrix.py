from odoo import api, fields, models, tools

from .helpdesk_ticket_assessment import IMPACTS, SEVERITIES

PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")]


class SqmsComplaintMatrix(models.Model):
    """Which priority a complaint has that is so bad for so many; a company's own rows go before those of all."""

    _name = "sqms.complaint.matrix"
    _description = "Priority by Severity and Impact"
    _order = "company_id, severity, impact"
    _rec_name = "severity"

    severity = fields.Selection(SEVERITIES, required=True)
    impact = fields.Selection(IMPACTS, required=True)
    priority = fields.Selection(PRIORITIES, required=True, default="1")
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade", help="Empty: for all companies.")

    _cell_uniq = models.UniqueIndex(
        "(severity, impact, COALESCE(company_id, 0))", "There is a priority for this severity and impact already."
    )

    @api.model
    @tools.ormcache("company_id")
    def _priorities(self, company_id):
        """`{(severity, impact): priority}` of a company."""
        rows = self.sudo().search([("company_id", "in", [False, company_id])])
        own_last = rows.filtered(lambda row: not row.company_id) + rows.filtered("company_id")
        return {(row.severity, row.impact): row.priority for row in own_last}

    @api.depends("severity", "impact")
    @api.depends_context("lang")
    def _compute_display_name(self):
        severities = dict(self._fields["severity"]._description_selection(self.env))
        impacts = dict(self._fields["impact"]._description_selection(self.env))
        for row in self:
            row.display_name = " · ".join((severities.get(row.severity, ""), impacts.get(row.impact, "")))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        done = super().write(vals)
        self.env.registry.clear_cache()
        return done

    def unlink(self):
        done = super().unlink()
        self.env.registry.clear_cache()
        return done
