from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class SqmsComplaintPartMixin(models.AbstractModel):
    """What belongs to a complaint (`ticket_id`) and is read and written like it.

    1. Whoever may read the complaint reads it, whoever may write the complaint writes it; the rules of the complaint
       decide, inside the same query.
    2. Only complaints have such parts, plain tickets have none.
    """

    _name = "sqms.complaint.part.mixin"
    _description = "Read Like Its Complaint"

    def _part_refusal(self):
        """The sentence for who may not."""
        return self.env._("This belongs to a complaint and is for those who may work on the complaint.")

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
            if not tickets.has_access("read"):
                domain = Domain.FALSE
            else:
                domain = Domain(domain) & Domain("ticket_id", "in", tickets._search([("is_complaint", "=", True)]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        rest = (self - forbidden).sudo()
        if self.env.su or not any(rest._ids):
            return result
        tickets = rest.ticket_id.sudo(False).with_context(active_test=False)
        allowed = tickets._filtered_access("read" if operation == "read" else "write")
        forbidden |= self.browse([part.id for part in rest if part.ticket_id.id not in allowed._ids])
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(forbidden._part_refusal())

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        if not all(parts.sudo().ticket_id.mapped("is_complaint")):
            raise UserError(self._part_of_plain_ticket())
        return parts

    def _part_of_plain_ticket(self):
        return self.env._("Only complaints have that; a plain ticket has not.")
