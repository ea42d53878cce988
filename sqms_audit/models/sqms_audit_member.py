from odoo import api, fields, models

ROLES = [
    ("auditor", "Auditor"),
    ("expert", "Technical expert"),
    ("observer", "Observer"),
    ("auditee", "Auditee"),
]


class SqmsAuditMember(models.Model):
    _name = "sqms.audit.member"
    _description = "Person in an Audit"
    _inherit = ["sqms.audit.part"]
    _order = "role, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    role = fields.Selection(ROLES, required=True, default="auditor")
    employee_id = fields.Many2one(
        "hr.employee", string="Person", required=True, index=True, check_company=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="audit_id.company_id")
    department_id = fields.Many2one(related="employee_id.department_id", string="Works in", related_sudo=True)
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True, precompute=True, index="btree_not_null", ondelete="restrict"
    )

    _person_uniq = models.Constraint(
        "UNIQUE(audit_id, employee_id, role)", "A person stands once in each role of an audit."
    )

    @api.constrains("audit_id", "employee_id", "role")
    def _check_independence(self):
        self.audit_id._check_independence()
