from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP, TEXT


class SqmsSatisfactionCampaignPrivacy(models.Model):
    """What is written about all customers of a campaign may name one of them."""

    _inherit = "sqms.satisfaction.campaign"

    _privacy_fields = {
        "purpose": KEEP, "scope": KEEP, "frame": KEEP, "domain": KEEP, "seed": KEEP, "frame_digest": KEEP,
        "questionnaire_version": KEEP, "non_response_note": TEXT, "conclusion": TEXT, "name": KEEP,
    }  # fmt: skip
