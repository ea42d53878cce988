from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..lib import spelling


class HelpdeskTicketTold(models.Model):
    """What an agent tells the customer at the end of a call: number, deadlines, status page, code letter by letter."""

    _inherit = "helpdesk.ticket"

    complaint_regulator_date = fields.Date("Date at the Authority", help="When the authority took it up.")

    def _intake_set_care(self, intake):
        """The needs of the customer, where the person at hand may know of them and the customer agrees."""
        if "care_ids" not in intake._fields or not intake._has_field_access(intake._fields["care_ids"], "read"):
            return
        if intake.care_ids and intake.care_consent and not self.complaint_is_anonymous:
            self.write({"complaint_care_ids": [(6, 0, intake.care_ids.ids)], "complaint_care_consent": True})

    def action_set_word(self, word):
        """The word that only the customer knows; once, within the hour, by whoever took the call."""
        self.ensure_one()
        self.check_access("write")
        word = (word if isinstance(word, str) else "").strip()
        late = fields.Datetime.now() - self.create_date > timedelta(hours=1)
        if not self.is_complaint or late or self.create_uid != self.env.user or self.sudo().complaint_word_hash:
            raise AccessError(self.env._("The word is given once, in the call in which the complaint was taken down."))
        if not word or len(word) > 100:
            raise UserError(self.env._("Please type the word as the customer says it."))
        self._complaint_set_word(word)

    def _complaint_told_action(self, code=None):
        """The dialog of what to say; the code travels in the answer to this one request and is kept nowhere."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "sqms_complaint.told",
            "name": self.env._("Tell the customer"),
            "target": "new",
            "params": {
                "id": self.id,
                "number": self.number,
                "name": self.name,
                "is_new": bool(code),
                "is_acknowledged": self.complaint_state != "received",
                "is_safety": self.complaint_is_safety,
                "handler": self.user_id.name or "",
                "deadlines": self.clock_badges or [],
                "url": self._get_complaint_status_url(),
                "has_word": bool(self.sudo().complaint_word_hash),
                "letter": self._get_letter_address() or "",
                "groups": spelling.groups(code, self.complaint_lang or "en_US") if code else [],
            },
        }
