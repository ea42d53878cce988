from odoo.tests import tagged

from odoo.addons.sqms_base.tests.privacy_declared import PrivacyDeclaredCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPrivacyDeclared(PrivacyDeclaredCase):
    maxDiff = None
    says_nothing = {
        "configuration: what is taught and what people are appraised by": (
            "sqms.appraisal.criterion", "sqms.appraisal.scheme", "sqms.training.course", "sqms.training.module",
        ),
        "lists of certificates and who was told of them: colleagues, by the rules of personnel data": (
            "sqms.certificate.import", "sqms.certificate.import.line", "sqms.certificate.notice",
        ),
        "digest of the questions": ("sqms.training.exam",),
        "controlled documents: why an edition is taught or not": ("sqms.document.version",),
    }  # fmt: skip
