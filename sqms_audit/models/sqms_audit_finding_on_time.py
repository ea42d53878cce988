from odoo import api, fields, models

from odoo.addons.sqms_base.lib.local_time import local_day


class SqmsAuditFindingOnTime(models.Model):
    """Whether a finding was settled by the day that the audited had named; by the days of the company."""

    _inherit = "sqms.audit.finding"

    due_date = fields.Date(index="btree_not_null")
    is_on_time = fields.Boolean(
        string="Settled On Time", compute="_compute_is_on_time", store=True,
        help="Accepted by an auditor on the day it was to be done by, or before.",
    )  # fmt: skip

    @api.depends("due_date", "accepted_on", "state", "company_id")
    def _compute_is_on_time(self):
        for finding in self:
            finding.is_on_time = bool(
                finding.state == "accepted"
                and finding.due_date
                and finding.accepted_on
                and local_day(finding.accepted_on, finding.company_id.sudo()._sqms_tz()) <= finding.due_date
            )
