from odoo.tests import tagged

from odoo.addons.sqms_base.tests.evidence_source_case import EvidenceSourceCase


@tagged("post_install", "-at_install")
class TestEvidenceSource(EvidenceSourceCase):
    sources = (
        "helpdesk.ticket",
        "sqms.complaint.dispute",
        "sqms.complaint.remedy",
        "sqms.satisfaction.answer",
        "sqms.satisfaction.campaign",
    )
