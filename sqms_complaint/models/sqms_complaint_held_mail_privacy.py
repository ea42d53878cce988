from odoo import models

from odoo.addons.sqms_base.lib.privacy import EMPTY, NAMED, PART, WORDS


class SqmsComplaintHeldMailPrivacy(models.Model):
    """A mail that waits goes with the complaint it answers, with whoever wrote it."""

    _inherit = "sqms.complaint.held.mail"

    _privacy_fields = {
        "ticket_id": PART, "author_id": NAMED, "email_from": EMPTY, "subject": WORDS, "body": WORDS,
        "message_ref": EMPTY,
    }  # fmt: skip
