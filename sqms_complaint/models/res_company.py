from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_public_form = fields.Boolean(
        "Public complaint form",
        default=True,
        help="Anybody can complain on the page /complaint without an account. Switched off, the page says how to "
        "reach you instead; running complaints can still be followed.",
    )
    complaint_promise_days = fields.Integer(
        "Decision within (days)",
        default=15,
        help="The page promises a decision within so many days. 0 leaves the promise out.",
    )
    complaint_outside_body = fields.Char(
        "Outside body",
        translate=True,
        help="Where a customer can go who disagrees, as it stands on the page: "
        "a hotline, an ombudsman, an arbitration board.",
    )
