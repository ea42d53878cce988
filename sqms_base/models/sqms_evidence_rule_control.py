from odoo import api, models


class SqmsEvidenceRuleControl(models.Model):
    """Control plans, checks, calibrations and the state of equipment as evidence."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        sources = super()._get_evidence_sources()
        equipment = sources["maintenance.equipment"]
        return {
            **sources,
            "maintenance.equipment": {
                **equipment,
                "dates": (*equipment["dates"], "calibration_last_on"),
                "filters": (
                    *equipment["filters"], "criticality", "calibration_needed", "calibration_state",
                    "calibration_due_on",
                ),
            },
            "sqms.calibration": {
                "dates": ("date", "create_date"),
                "filters": ("date", "as_found", "as_left", "is_corrected", "equipment_id", "equipment_id.criticality"),
                "company": "company_id",
            },
            "sqms.control.plan": {
                "dates": ("approved_at", "create_date"),
                "filters": ("state", "process_id", "document_id", "owner_id", "version"),
                "company": "company_id",
                "clauses": "document_id.clause_ids",
            },
            "sqms.control.record": {
                "dates": ("done_at", "date_due"),
                "filters": ("state", "result", "date_due", "is_scheduled", "is_superseded", "plan_id", "process_id"),
                "company": "company_id",
            },
            "sqms.control.result": {
                "dates": ("done_at",),
                "filters": ("verdict", "is_counted", "device_id", "plan_id", "process_id"),
                "company": "company_id",
            },
        }  # fmt: skip
