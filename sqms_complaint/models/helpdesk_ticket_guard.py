from odoo import api, models
from odoo.exceptions import AccessError

from .helpdesk_ticket_handling import TOLD

# What the system finds out for itself; nobody enters it, by whatever way.
BY_SYSTEM = (
    "complaint_email_key",
    "complaint_phone_key",
    "complaint_product_key",
    "complaint_reference_key",
    "complaint_replied_at",
    "complaint_safety_at",
)
# What customers do themselves on their page.
CUSTOMERS_STEPS = ("withdraw", "escalate")


class HelpdeskTicketGuard(models.Model):
    """What one person alone could bend.

    1. Nobody takes the steps of a complaint that is his own, as its customer or representative.
    2. What the customer objected with stays in his words; what was decided at the second level is not rewritten by
       those who decided at the first.
    3. A claim is not raised once a remedy hangs on it, except by a manager: it is what agents may approve up to.
    4. Keys of comparison and moments that the system notes are not entered by people.
    5. Who is logged in from outside does not search in the notes of colleagues by way of his own complaint.
    """

    _inherit = "helpdesk.ticket"

    def _complaint_own_of(self, users):
        """The complaints among these whose customer or representative is one of these colleagues."""
        partners = users.filtered(lambda user: not user.share).sudo().partner_id
        return self.browse(
            [
                ticket.id
                for ticket in self.sudo()
                if (ticket.partner_id | ticket.complaint_representative_id) & partners and ticket.is_complaint
            ]
        )

    def _workflow_refusals(self, step):
        refusals = super()._workflow_refusals(step)
        if self.env.su or step.name in CUSTOMERS_STEPS:
            return refusals
        own = self._complaint_own_of(self._workflow_people())
        sentence = self.env._("it is your own complaint: somebody else takes this step")
        return {**refusals, **dict.fromkeys(own.ids, sentence)}

    def _create(self, data_list):
        if not self.env.su and any(data["stored"].get("complaint_replied_at") for data in data_list):
            self._refuse_by_system("complaint_replied_at")
        return super()._create(data_list)

    def write(self, vals):
        if not self.env.su:
            for name in BY_SYSTEM:
                if name in vals:
                    self._refuse_by_system(name)
            self._guard_words(vals)
            self._guard_claim(vals)
        return super().write(vals)

    def _refuse_by_system(self, name):
        label = self._fields[name]._description_string(self.env)
        raise AccessError(self.env._("“%s” is noted by the system and is not entered by anybody.", label))

    def _guard_words(self, vals):
        if "complaint_objection" in vals:
            for ticket in self:
                if ticket.complaint_objected_at and ticket.complaint_objection != vals["complaint_objection"]:
                    raise AccessError(
                        self.env._("What the customer of %s objects stays as it was said.", ticket.number)
                    )
        if not set(TOLD).isdisjoint(vals):
            for ticket in self.filtered(lambda one: one.complaint_level == "2" and one.complaint_state == "decided"):
                if self.env.user in ticket.sudo().complaint_first_level_ids:
                    raise AccessError(
                        self.env._(
                            "You decided %s at the first level: the second decision is not yours.", ticket.number
                        )
                    )

    def _guard_claim(self, vals):
        if "complaint_amount" not in vals or self._may_exceed_claim():
            return
        amount = vals["complaint_amount"] or 0
        for ticket in self.filtered(lambda one: amount > one.complaint_amount):
            if set(ticket.sudo().remedy_ids.mapped("state")) - {"rejected"}:
                raise AccessError(
                    self.env._("There are remedies for %s: a manager raises what was claimed.", ticket.number)
                )

    def _may_exceed_claim(self):
        managers = ("helpdesk_mgmt.group_helpdesk_manager", "sqms_base.group_sqms_manager")
        return any(self.env.user.has_group(group) for group in managers)

    @api.model
    def _has_field_access(self, field, operation):
        # Searched through the ticket, messages are found without their own rules of access.
        if field.name == "message_ids" and not self.env.su and self.env.user.share:
            return False
        return super()._has_field_access(field, operation)
