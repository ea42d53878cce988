from odoo import models

from odoo.addons.sqms_base.lib.privacy import EMPTY, KEEP, PART, WHO, WORDS


class SqmsSatisfactionAnswerPrivacy(models.Model):
    """Marks stay when a person is erased; who gave them, and his words, go."""

    _inherit = "sqms.satisfaction.answer"

    _privacy_fields = {
        "ticket_id": PART, "partner_id": WHO, "comment": WORDS, "customer_key": EMPTY, "segment": KEEP,
        "decision": KEEP, "lang": KEEP,
    }  # fmt: skip
