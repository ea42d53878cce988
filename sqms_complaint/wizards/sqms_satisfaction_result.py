from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sqms_base.lib.local_time import local_midnight


class SqmsSatisfactionResult(models.TransientModel):
    """The scores of a period at one glance, each with n and interval; it only looks things up."""

    _name = "sqms.satisfaction.result"
    _description = "Results on Satisfaction"

    name = fields.Char(default=lambda self: self.env._("Results"), readonly=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        string="Asked From",
        required=True,
        default=lambda self: self.env.company._sqms_today() - relativedelta(months=3),
    )
    date_to = fields.Date(string="Asked To", required=True, default=lambda self: self.env.company._sqms_today())
    group_by = fields.Selection(
        [("team_id", "Team"), ("complaint_category_id", "Category"), ("channel_id", "Channel")],
        string="Break Down By", default="team_id",
    )  # fmt: skip
    results = fields.Html(compute="_compute_results", sanitize=False)

    @api.depends("company_id", "date_from", "date_to", "group_by")
    @api.depends_context("lang", "uid")
    def _compute_results(self):
        answers = self.env["sqms.satisfaction.answer"]
        for result in self:
            known = result.date_from and result.date_to and result.company_id
            tables = (
                answers._score_tables(result._domain(), [result.group_by] if result.group_by else []) if known else []
            )
            result.results = answers._score_page(tables)

    def _domain(self):
        zone = self.company_id._sqms_tz()
        return list(
            Domain("company_id", "=", self.company_id.id)
            & Domain("campaign_id", "=", False)
            & Domain("invited_at", ">=", local_midnight(self.date_from, zone))
            & Domain("invited_at", "<", local_midnight(self.date_to + relativedelta(days=1), zone))
        )
