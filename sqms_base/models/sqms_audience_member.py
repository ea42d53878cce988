from odoo import fields, models


class SqmsAudienceMember(models.Model):
    """One person in one target group, as of now."""

    _name = "sqms.audience.member"
    _description = "Member of a Target Group"
    _order = "id"
    _rec_name = "employee_id"
    _log_access = False

    audience_id = fields.Many2one(
        "sqms.audience", string="Target Group", required=True, readonly=True, ondelete="cascade"
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    company_id = fields.Many2one(related="audience_id.company_id")

    _member_unique = models.Constraint("UNIQUE(audience_id, employee_id)", "Each person is once in each target group.")
    _user_idx = models.Index("(user_id, audience_id) WHERE user_id IS NOT NULL")
