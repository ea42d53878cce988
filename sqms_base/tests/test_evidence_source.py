from odoo.tests import tagged

from .evidence_source_case import EvidenceSourceCase


@tagged("post_install", "-at_install")
class TestEvidenceSource(EvidenceSourceCase):
    sources = (
        "sqms.acknowledgement",
        "sqms.action",
        "sqms.clock",
        "sqms.commitment",
        "sqms.commitment.breach",
        "sqms.document",
        "sqms.document.review",
        "sqms.document.version",
        "sqms.eligibility.finding",
        "sqms.eligibility.override",
        "sqms.eligibility.rule",
        "sqms.goal",
        "sqms.improvement",
        "sqms.obligation",
        "sqms.process",
        "sqms.requirement",
        "sqms.responsibility",
        "sqms.review",
        "sqms.review.decision",
        "sqms.reward",
        "sqms.risk",
        "sqms.risk.rating",
        "sqms.resource",
        "sqms.quality.cost",
        "maintenance.equipment",
        "maintenance.request",
    )
