from odoo import models

from odoo.addons.sqms_base.lib.privacy import EMPTY, KEEP, PART


class SqmsComplaintLetterPrivacy(models.Model):
    """A letter goes with its complaint; its file is a file of the complaint."""

    _inherit = "sqms.complaint.letter"

    _privacy_fields = {"ticket_id": PART, "content": EMPTY, "digest": KEEP}
