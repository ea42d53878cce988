from odoo import fields, models

from ..lib.privacy import EMAIL, EMPTY, KEEP, NAME, TEXT, WHO, WORDS, Retention


class SqmsFeedbackPrivacy(models.Model):
    """What feedback says of a customer, and how long."""

    _inherit = "sqms.feedback"

    _privacy_fields = {
        "partner_id": WHO, "person_name": NAME, "email": EMAIL, "name": WORDS, "text": WORDS, "answer": TEXT,
        "access_digest": EMPTY, "form_key": EMPTY, "number": KEEP,
    }  # fmt: skip
    _retention = Retention(
        event="answered_on", due="retention_date", erased="erased_at",
        filters=("kind", "source", "channel", "is_anonymous"), domain=(("state", "!=", "received"),),
    )  # fmt: skip

    retention_date = fields.Date(string="Identity Kept Until", readonly=True, copy=False, index="btree_not_null")
    erased_at = fields.Datetime(string="Identity Erased On", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        if "answered_on" in vals:
            self.env["sqms.retention"].sudo()._set_dates(self._name, self.ids)
        return result

    def _privacy_obstacles(self, open_too=True):
        """`{record id: reason}` of feedback that still waits for an answer."""
        return {
            feedback.id: self.env._("it waits for an answer")
            for feedback in self
            if open_too and feedback.state == "received"
        }
