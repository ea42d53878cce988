from odoo import fields, models


class SqmsResourceNotice(models.Model):
    """That the owner of a right was told of its end, for that date, so many days ahead: once and for all."""

    _name = "sqms.resource.notice"
    _description = "Notice of a Renewal"
    _inherit = ["sqms.keep.mixin"]
    _order = "id desc"
    _check_company_auto = True

    resource_id = fields.Many2one(
        "sqms.resource", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="resource_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="Told", required=True, readonly=True, ondelete="restrict")
    date_renewal = fields.Date(string="Ends On", required=True, readonly=True)
    days = fields.Integer(string="Days Ahead", required=True, readonly=True, aggregator=None)

    _once = models.UniqueIndex("(resource_id, date_renewal, days)", "The owner was told of this already.")
