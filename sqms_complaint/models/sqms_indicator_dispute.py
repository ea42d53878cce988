from odoo import api, models


class SqmsIndicatorDispute(models.Model):
    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        """What indicators may count of disputes and remedies, and the columns of complaints that come from them."""
        sources = super()._get_indicator_sources()
        complaints = sources["helpdesk.ticket"]
        return {
            **sources,
            "helpdesk.ticket": {
                **complaints,
                "filters": (*complaints["filters"], "dispute_count", "complaint_is_disputed"),
            },
            "sqms.complaint.dispute": {
                "dates": ("referral_date", "resolved_on", "closed_at"),
                "filters": ("state", "outcome", "body_id", "body_id.kind", "body_id.method", "referred_by"),
                "dimensions": ("body_id", "outcome", "state"),
                "quantities": ("days",),
                "company": "company_id",
            },
            "sqms.complaint.remedy": {
                "dates": ("given_at", "approved_at"),
                "filters": ("state", "kind", "ticket_id.complaint_category_id", "ticket_id.team_id"),
                "dimensions": ("kind", "ticket_id.complaint_category_id", "ticket_id.team_id"),
                # In one currency for each company, so that it may be added up.
                "quantities": ("amount_company",),
                "company": "company_id",
            },
        }
