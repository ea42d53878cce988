from odoo import api, models


class SqmsIndicatorSatisfaction(models.Model):
    """Satisfaction, times and numbers per thousand can be measured."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        sources = super()._get_indicator_sources()
        complaints, remedies = sources["helpdesk.ticket"], sources["sqms.complaint.remedy"]
        return {
            **sources,
            "sqms.complaint.remedy": {**remedies, "filters": (*remedies["filters"], "ticket_id.complaint_state")},
            "helpdesk.ticket": {
                **complaints,
                "dates": (
                    *complaints["dates"], "complaint_ack_due_at", "complaint_reply_due_at", "complaint_decision_due_at",
                ),
                "filters": (
                    *complaints["filters"], "complaint_ack_on_time", "complaint_ack_late", "complaint_reply_on_time",
                    "complaint_reply_late", "complaint_decision_on_time", "complaint_decision_late", "complaint_level",
                    "complaint_first_contact", "complaint_is_repeat", "complaint_severity", "complaint_impact",
                    "complaint_is_safety",
                ),
                "dimensions": (*complaints["dimensions"], "complaint_level", "complaint_severity"),
                "quantities": (*complaints.get("quantities", ()), "complaint_resolution_hours"),
                # Closed at once took no time, which is a time.
                "present": {
                    **complaints.get("present", {}),
                    "complaint_resolution_hours": ("complaint_closed_at", "!=", False),
                },
            },
            "sqms.satisfaction.answer": {
                "dates": ("answered_at", "invited_at"),
                "filters": (
                    "state", "skip_reason", "is_delivered", "delivery", "csat", "ces", "nps_group", "ticket_id",
                    "campaign_id",
                    "campaign_id.is_pilot", "ticket_id.complaint_state", "complaint_category_id", "team_id",
                    "channel_id",
                ),
                "dimensions": ("team_id", "complaint_category_id", "channel_id", "campaign_id"),
                "quantities": ("csat", "ces", "nps_points"),
                # A passive counts zero, and he has answered.
                "present": {"nps_points": ("nps_group", "!=", False)},
                "company": "company_id",
            },
            "sqms.complaint.exposure": {
                "dates": ("date",),
                "filters": (),
                "dimensions": (),
                "quantities": ("complaints", "orders", "customers"),
                "company": "company_id",
            },
        }  # fmt: skip
