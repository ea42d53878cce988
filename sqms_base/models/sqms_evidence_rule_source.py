from odoo import api, models


class SqmsEvidenceRule(models.Model):
    """What this addon holds that can prove something."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "maintenance.equipment": {
                "dates": ("effective_date", "create_date"),
                "filters": ("category_id", "warranty_date", "scrap_date", "maintenance_open_count"),
                "company": "company_id",
                "archived": True,
            },
            "maintenance.request": {
                "dates": ("request_date", "close_date", "create_date"),
                "filters": (
                    "maintenance_type", "stage_id", "stage_id.done", "archive", "request_date", "close_date",
                    "schedule_date", "schedule_end",
                    "category_id", "equipment_id", "equipment_id.category_id",
                ),
                "company": "company_id",
            },
            "sqms.acknowledgement": {
                "dates": ("create_date", "acknowledged_at", "date_due"),
                "filters": (
                    "state", "date_due", "acknowledged_at", "department_id", "document_id",
                    "document_id.document_type", "is_in_force", "employee_id.active",
                ),
                "company": "company_id",
                "clauses": "document_id.clause_ids",
            },
            "sqms.clock": {
                "dates": ("start_at", "due_at", "met_at", "breached_at"),
                "filters": ("status", "due_at", "met_at", "breached_at", "paused", "policy_id", "res_model"),
                "company": "company_id",
            },
            "sqms.document.version": {
                "dates": ("effective_from", "approved_at", "reviewed_at", "create_date"),
                "filters": (
                    "state", "is_in_force", "effective_from", "document_id", "document_id.document_type",
                    "document_id.is_published", "document_id.audience",
                ),
                "company": "company_id",
                "clauses": "document_id.clause_ids",
            },
            "sqms.eligibility.finding": {
                "dates": ("found_on", "closed_on"),
                "filters": ("is_open", "found_on", "res_model"),
                "company": "company_id",
            },
            "sqms.eligibility.override": {
                "dates": ("date_from", "date_to", "create_date"),
                "filters": ("state", "validity", "date_from", "date_to"),
                "company": "company_id",
            },
            "sqms.eligibility.rule": {
                "dates": ("date_from", "create_date"),
                "filters": ("is_in_force", "date_from", "date_to", "model"),
                "company": "company_id",
                "archived": True,
            },
            "sqms.commitment": {
                "dates": ("date_from", "approved_at", "create_date"),
                "filters": ("state", "validity", "date_from", "date_to", "is_published", "owner_id", "process_id"),
                "company": "company_id",
                "clauses": "clause_ids",
            },
            "sqms.commitment.breach": {
                "dates": ("happened_at", "closed_at"),
                "filters": ("state", "happened_at", "commitment_id"),
                "company": "company_id",
            },
            "sqms.document": {
                "dates": ("create_date",),
                "filters": ("document_type", "current_version_id", "date_next_review", "is_published", "owner_id"),
                "company": "company_id",
                "clauses": "clause_ids",
            },
            "sqms.document.review": {
                "dates": ("date_done", "date_due"),
                "filters": ("state", "date_due", "date_done", "document_type", "outcome"),
                "company": "company_id",
                "clauses": "document_id.clause_ids",
            },
            "sqms.goal": {
                "dates": ("approved_at", "date_from", "date_to", "closed_on"),
                "filters": ("kind", "state", "date_from", "date_to", "owner_id"),
                "company": "company_id",
            },
            "sqms.obligation": {
                "dates": ("evaluation_date", "create_date"),
                "filters": (
                    "kind", "applicability", "compliance", "owner_id", "date_next_review", "is_relevant", "is_overdue",
                    "standard_id",
                ),
                "company": "company_id",
                "clauses": "clause_id",
            },
            "sqms.process": {
                "dates": ("put_in_force_on", "create_date"),
                "filters": ("kind", "state", "owner_id", "is_customer_facing"),
                "company": "company_id",
                "clauses": "clause_ids",
                "archived": True,
            },
            "sqms.requirement": {
                "dates": ("reviewed_at", "approved_at", "create_date"),
                "filters": ("source", "segment", "state", "feasibility", "revision", "kano_class"),
                "company": "company_id",
            },
            "sqms.responsibility": {
                "dates": ("date_from", "create_date"),
                "filters": ("role", "is_current", "process_id", "date_from", "date_to"),
                "company": "company_id",
            },
        }  # fmt: skip
