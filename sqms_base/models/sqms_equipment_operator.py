from odoo import api, fields, models
from odoo.fields import Domain


class SqmsEquipmentOperator(models.Model):
    """Who may operate a piece of equipment, from when to when.

    1. Only who meets the rules of eligibility for it is entered, by whatever way; the refusal names what is missing
       and the nearest eligible colleagues.
    2. Who stops meeting them later is found by the daily job.
    """

    _name = "sqms.equipment.operator"
    _description = "Operator of Equipment"
    _inherit = ["sqms.eligibility.mixin", "sqms.ledger.mixin"]
    _order = "equipment_id, employee_id, id"
    _check_company_auto = True
    _eligibility_assignee = "employee_id"

    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="restrict", check_company=True
    )
    category_id = fields.Many2one(
        related="equipment_id.category_id", string="Equipment Category", store=True, index="btree_not_null"
    )
    criticality = fields.Selection(related="equipment_id.criticality", store=True)
    employee_id = fields.Many2one("hr.employee", string="Operator", index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: fields.Date.context_today(self))
    date_to = fields.Date(string="Until")

    _once = models.UniqueIndex("(equipment_id, employee_id, date_from)", "This operator is entered already.")
    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "An assignment ends on its first day or later."
    )

    _ledger_fields = ("equipment_id", "employee_id", "company_id", "date_from", "date_to")

    @api.depends("equipment_id")
    def _compute_company_id(self):
        for row in self:
            row.company_id = row.equipment_id.company_id or self.env.company

    @api.depends("equipment_id", "employee_id")
    def _compute_display_name(self):
        for row in self:
            names = (row.sudo().equipment_id.display_name, row.sudo().employee_id.name)
            row.display_name = " · ".join(filter(None, names))

    @api.model
    def _eligibility_open_domain(self):
        today = fields.Date.today()
        return Domain("date_to", "=", False) | Domain("date_to", ">=", today)

    @api.onchange("employee_id")
    def _onchange_employee_id_eligibility(self):
        return self._eligibility_warning()
