from odoo.tests import tagged

from .privacy_declared import PrivacyDeclaredCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPrivacyDeclared(PrivacyDeclaredCase):
    says_nothing = {
        "configuration: words about the system itself": (
            "res.company", "sqms.cause.type", "sqms.clock.policy", "sqms.clock.reason", "sqms.clock.step",
            "sqms.control.plan", "sqms.control.point", "sqms.eligibility.requirement", "sqms.eligibility.rule",
            "sqms.evidence.rule", "sqms.indicator", "sqms.indicator.version", "sqms.process", "sqms.process.activity",
            "sqms.process.flow", "sqms.quality.cost.type", "sqms.reward.rule", "sqms.risk.scale",
        ),
        "laws, standards, holidays and promises, published anyway": (
            "sqms.clause", "sqms.commitment", "sqms.extra.day", "sqms.holiday", "sqms.obligation",
            "sqms.obligation.evaluation", "sqms.standard",
        ),
        "controlled documents: approved texts of the house, signed": (
            "sqms.document", "sqms.document.review", "sqms.document.text", "sqms.document.translation",
            "sqms.document.version",
        ),
        "goals, means and reviews of the house; minutes are signed and hold figures": (
            "sqms.calibration", "sqms.goal", "sqms.resource", "sqms.resource.need", "sqms.review",
            "sqms.review.decision", "sqms.review.input",
        ),
        "colleagues, whose personnel data go by their own rules": (
            "sqms.acknowledgement", "sqms.delegation", "sqms.eligibility.finding", "sqms.eligibility.override",
        ),
        "machinery: clocks' own figures; the ledger erases its values by itself; who signed stays answerable": (
            "sqms.clock", "sqms.ledger.anchor", "sqms.ledger.entry", "sqms.ledger.value",
            "sqms.signature", "sqms.signature.failure",
        ),
    }  # fmt: skip
