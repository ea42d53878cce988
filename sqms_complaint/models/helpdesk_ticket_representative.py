from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class HelpdeskTicketRepresentative(models.Model):
    """Who speaks for the customer, by which mandate and until when.

    1. A representative shows the mandate: the file is kept with the complaint.
    2. While the mandate is valid, letters go to the representative and not to the customer.
    3. After that they go to the customer again.
    """

    _inherit = "helpdesk.ticket"

    complaint_representative_id = fields.Many2one(
        "res.partner",
        "Representative",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        help="A lawyer, a relative, a consumer association. While the mandate is valid, letters go there.",
    )
    complaint_mandate_file = fields.Binary("Mandate", attachment=True, copy=False)
    complaint_mandate_name = fields.Char("Mandate File", copy=False)
    complaint_mandate_until = fields.Date("Mandate Until", copy=False, help="Empty: until it is taken back.")

    @api.constrains("complaint_representative_id", "complaint_mandate_file")
    def _check_complaint_mandate(self):
        for ticket in self:
            if ticket.complaint_representative_id and not ticket.with_context(bin_size=True).complaint_mandate_file:
                raise ValidationError(
                    self.env._(
                        "%(person)s speaks for the customer of %(complaint)s: please add the mandate as a file.",
                        person=ticket.complaint_representative_id.name,
                        complaint=ticket.number,
                    )
                )

    def _complaint_speaker(self):
        """The representative whose mandate is valid today, or nobody."""
        self.ensure_one()
        until = self.complaint_mandate_until
        valid = not until or until >= fields.Date.context_today(self)
        return self.complaint_representative_id if valid else self.env["res.partner"]

    def _get_letter_address(self):
        speaker = self._complaint_speaker()
        if speaker:
            return tools.email_normalize(speaker.email, strict=False)
        return super()._get_letter_address()
