from odoo import fields, models


class ResCompanyDuplicate(models.Model):
    _inherit = "res.company"

    complaint_duplicate_days = fields.Integer(
        "Duplicates Within (Days)",
        default=30,
        help="Complaints received within so many days of each other are compared as possible duplicates.",
    )
    complaint_repeat_days = fields.Integer(
        "Repeats Within (Days)",
        default=90,
        help="A customer who complains about the same category again within so many days has a repeated complaint.",
    )
    complaint_systemic_count = fields.Integer(
        "Nonconformity From So Many",
        default=3,
        help="So many complaints about the same category and service within the days of a repeat raise one "
        "nonconformity; those that follow are added to it until it is closed. 0 raises none.",
    )
