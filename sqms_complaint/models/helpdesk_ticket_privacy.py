from odoo import fields, models
from odoo.exceptions import AccessError

from odoo.addons.sqms_base.lib.privacy import (
    EMAIL,
    EMPTY,
    KEEP,
    NAME,
    NAMED,
    PHONE,
    TEXT,
    UNLINK,
    WHO,
    WORDS,
    Retention,
)  # fmt: skip

from .helpdesk_ticket_stage import CLOSED_STATES

BY_SYSTEM = ("complaint_retention_date", "complaint_erased_at")


class HelpdeskTicketPrivacy(models.Model):
    """What a ticket says of a customer, and how long a complaint keeps it.

    1. A complaint that ends gets the day on which its identity goes; reopened, it loses the day.
    2. What is still open is not erased without a reason, what is before an outside body not at all.
    """

    _inherit = "helpdesk.ticket"

    _privacy_fields = {
        "partner_id": WHO, "commercial_partner_id": NAMED, "partner_name": NAME, "partner_email": EMAIL,
        "complaint_phone": PHONE, "email_cc": EMPTY, "access_token": EMPTY,
        "name": WORDS, "description": WORDS, "complaint_service": TEXT, "properties": EMPTY,
        # how he comes back
        "complaint_access_digest": EMPTY, "complaint_word_hash": EMPTY, "complaint_form_key": EMPTY,
        # what we wrote
        "complaint_investigation": TEXT, "complaint_answer": WORDS, "complaint_reason": WORDS,
        "complaint_further": TEXT, "complaint_withdrawal": WORDS, "complaint_reopen_reason": TEXT,
        "complaint_immediate_action": TEXT, "complaint_safety_note": TEXT, "complaint_objection": WORDS,
        "complaint_implementation_proof": TEXT, "complaint_root_cause": TEXT, "complaint_first_contact_reason": TEXT,
        # who else, and what leads to him
        "complaint_representative_id": NAMED, "complaint_mandate_name": EMPTY, "complaint_care_ids": UNLINK,
        "complaint_care_note": EMPTY, "complaint_order_ref": EMPTY, "complaint_lot_ref": EMPTY,
        "complaint_site": TEXT, "complaint_regulator_ref": EMPTY, "complaint_external_ref": EMPTY,
        "complaint_import_data": EMPTY,
        # the number is ours, the key keeps a row from being imported twice
        "number": KEEP, "complaint_former_number": KEEP, "complaint_import_key": KEEP,
    }  # fmt: skip
    _retention = Retention(
        event="complaint_closed_at",
        due="complaint_retention_date",
        erased="complaint_erased_at",
        filters=(
            "complaint_category_id", "complaint_is_safety", "complaint_decision", "complaint_outcome",
            "complaint_state", "channel_id", "team_id", "complaint_is_anonymous",
        ),
        domain=(("is_complaint", "=", True),),
    )  # fmt: skip

    complaint_retention_date = fields.Date("Identity kept until", readonly=True, copy=False, index="btree_not_null")
    complaint_erased_at = fields.Datetime("Identity erased on", readonly=True, copy=False)

    def _create(self, data_list):
        self._guard_privacy(name for data in data_list for name in BY_SYSTEM if data["stored"].get(name))
        tickets = super()._create(data_list)
        ended = [ticket.id for ticket, data in zip(tickets, data_list, strict=True)
                 if data["stored"].get("complaint_closed_at")]  # fmt: skip
        if ended:
            self.env["sqms.retention"].sudo()._set_dates(self._name, ended)
        return tickets

    def write(self, vals):
        self._guard_privacy(name for name in BY_SYSTEM if name in vals)
        result = super().write(vals)
        if "complaint_closed_at" in vals:
            self.env["sqms.retention"].sudo()._set_dates(self._name, self.ids)
        return result

    def _guard_privacy(self, names):
        if any(names):
            raise AccessError(self.env._("How long the identity is kept is filled in by the retention rules alone."))

    def _privacy_obstacles(self, open_too=True):
        """`{record id: reason}` of complaints before an outside body and, if asked for, of those still open."""
        disputes = self.env["sqms.complaint.dispute"].sudo()
        before_body = {
            ticket.id: dispute
            for ticket, dispute in disputes._read_group(
                [("ticket_id", "in", self.ids), ("state", "not in", ("closed", "dropped"))],
                ["ticket_id"],
                ["id:min"],
            )
        }
        reasons = {
            id_: self.env._("it is before an outside body, %s", disputes.browse(dispute).number)
            for id_, dispute in before_body.items()
        }
        if open_too:
            for ticket in self.filtered("is_complaint"):
                if ticket.complaint_state not in CLOSED_STATES:
                    reasons.setdefault(ticket.id, self.env._("it is still open"))
        return reasons
