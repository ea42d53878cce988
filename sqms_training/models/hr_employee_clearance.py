from odoo import api, fields, models

STATUS = [
    ("not_needed", "No Clearance Needed"),
    ("cleared", "Cleared"),
    ("supervised", "Under Supervision"),
    ("not_cleared", "Not Cleared"),
]
SEEN_BY = "hr.group_hr_user,sqms_training.group_clearance"


class HrEmployeeClearance(models.Model):
    """HR sees of clearances whether somebody may hold his post today, and until when; never why."""

    _inherit = "hr.employee"

    clearance_status = fields.Selection(
        STATUS, string="Clearance", compute="_compute_clearance", compute_sudo=True, groups=SEEN_BY
    )
    clearance_until = fields.Date(
        string="Cleared Until", compute="_compute_clearance", compute_sudo=True, groups=SEEN_BY
    )

    @api.depends("job_id", "department_id", "company_id", "active")
    def _compute_clearance(self):
        found = self._clearance_of()
        for employee in self:
            employee.clearance_status, employee.clearance_until = found.get(employee._origin.id, ("not_needed", False))

    def _clearance_of(self):
        """`{employee id: (status, until)}` of those whose post needs a clearance: the weakest of what he needs."""
        rules = self.env["sqms.position.rule"].sudo().search([("active", "=", True)])
        people = self._origin
        today = self.env.company._sqms_today()
        rows = rules._coverage(today, employees=people) if rules and people else []
        cleared = self.env["sqms.clearance"].sudo()._cleared_until(people, rules, today) if rows else {}
        found = {}
        for row in rows:
            until, supervised = cleared.get((row["employee_id"], row["rule_id"]), (None, None))
            status = "not_cleared" if supervised is None else "supervised" if supervised else "cleared"
            found.setdefault(row["employee_id"], []).append((status, until))
        order = ["not_cleared", "supervised", "cleared"]
        return {
            id_: (
                min((status for status, _until in own), key=order.index),
                min((until for _status, until in own if until), default=False)
                if all(status != "not_cleared" for status, _until in own)
                else False,
            )
            for id_, own in found.items()
        }

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self.env["sqms.clearance"]._follow_applicants()
        self.env["sqms.position.rule"]._ask_after_move(employees)
        return employees
