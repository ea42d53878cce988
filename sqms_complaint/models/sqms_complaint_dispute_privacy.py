from odoo import models

from odoo.addons.sqms_base.lib.privacy import EMPTY, TEXT, WORDS


class SqmsComplaintDisputePrivacy(models.Model):
    """What was said of a customer before an outside body."""

    _inherit = "sqms.complaint.dispute"

    _privacy_fields = {
        "claim": WORDS, "answer": TEXT, "resolution": TEXT, "implementation": TEXT, "evaluation": TEXT,
        "drop_reason": TEXT, "resume_reason": TEXT, "contact": TEXT, "case_number": EMPTY,
    }  # fmt: skip
