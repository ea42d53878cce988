from odoo.tests import tagged

from odoo.addons.sqms_base.tests.evidence_source_case import EvidenceSourceCase


@tagged("post_install", "-at_install")
class TestEvidenceSource(EvidenceSourceCase):
    sources = (
        "hr.employee.skill", "sqms.training.enrolment", "sqms.training.session", "sqms.training.plan",
        "sqms.training.plan.line", "sqms.appraisal",
    )  # fmt: skip
