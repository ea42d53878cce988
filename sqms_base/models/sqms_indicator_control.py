from odoo import api, models


class SqmsIndicatorControl(models.Model):
    """What service checks, calibrations and breakdowns give to be measured.

    Availability (Q-01) is a ratio of two sums over time, which no formula here can say: it stands on the equipment and
    in its report, computed by `lib/equipment_time.py`.
    """

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        sources = super()._get_indicator_sources()
        requests = sources["maintenance.request"]
        return {
            **sources,
            "maintenance.request": {
                **requests,
                "dates": (*requests["dates"], "breakdown_to"),
                "filters": (*requests["filters"], "equipment_id.criticality"),
                "dimensions": (*requests["dimensions"], "equipment_id"),
                "quantities": (*requests["quantities"], "repair_hours", "down_hours"),
            },
            "sqms.control.result": {
                "dates": ("done_at",),
                "filters": ("is_counted", "verdict", "grade", "plan_id", "process_id", "site_id", "kind", "is_stop"),
                "dimensions": ("plan_id", "process_id", "site_id", "verdict"),
                "company": "company_id",
            },
            "sqms.control.record": {
                "dates": ("date_due", "done_at"),
                "filters": ("state", "result", "is_scheduled", "is_superseded", "plan_id", "process_id", "site_id"),
                "dimensions": ("plan_id", "process_id", "site_id", "state"),
                "company": "company_id",
            },
            "sqms.calibration": {
                "dates": ("date", "date_next_due"),
                "filters": ("as_found", "as_left", "is_corrected", "equipment_id", "equipment_id.category_id"),
                "dimensions": ("as_found", "equipment_id"),
                "company": "company_id",
            },
        }  # fmt: skip
