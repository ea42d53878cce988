from odoo.tests import tagged

from odoo.addons.sqms_base.tests.privacy_declared import PrivacyDeclaredCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPrivacyDeclared(PrivacyDeclaredCase):
    says_nothing = {
        "configuration: words about our own kinds of work": (
            "res.company", "sqms.complaint.care", "sqms.complaint.category",
            "sqms.clock.step", "sqms.complaint.regime",
        ),
        "authorities and associations, no people": ("sqms.dispute.body",),
        "how a file is read": (
            "sqms.import.batch", "sqms.import.profile", "sqms.import.profile.line", "sqms.import.profile.value",
        ),
    }  # fmt: skip
