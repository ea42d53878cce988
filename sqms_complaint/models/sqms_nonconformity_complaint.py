from odoo import fields, models


class SqmsNonconformityComplaint(models.Model):
    """A nonconformity that many complaints about the same have raised: one open one at a time."""

    _inherit = "sqms.nonconformity"

    complaint_group_key = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )

    _complaint_group_uniq = models.UniqueIndex(
        "(company_id, complaint_group_key) WHERE complaint_group_key IS NOT NULL"
        " AND state NOT IN ('closed', 'dismissed')",
        "There is an open nonconformity of these complaints already: please go on with that one.",
    )
