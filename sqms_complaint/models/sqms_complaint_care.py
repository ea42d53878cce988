from odoo import fields, models


class SqmsComplaintCare(models.Model):
    """A need that a customer may have: large print, a call back instead of letters, somebody who speaks for him."""

    _name = "sqms.complaint.care"
    _description = "Need of a Vulnerable Customer"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    raises_priority = fields.Boolean(
        "Raises the Priority", help="A complaint of somebody with this need goes one step before others like it."
    )
    note = fields.Text("What to Do", translate=True)
    company_id = fields.Many2one("res.company", index=True, ondelete="restrict", help="Empty: for all companies.")
