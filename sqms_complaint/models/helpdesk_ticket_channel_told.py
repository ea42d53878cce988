from odoo import api, fields, models
from odoo.tools import ormcache


class HelpdeskTicketChannel(models.Model):
    """By which ways the customer knows at once that the complaint has arrived (ISO 10002, 7.4)."""

    _inherit = "helpdesk.ticket.channel"

    complaint_told_at_once = fields.Boolean(
        "Acknowledged on Receipt",
        help="The customer is told the number while complaining: on the phone, in the shop, on the public page. "
        "The deadline of the acknowledgement is met with the receipt.",
    )

    @api.model
    @ormcache()
    def _told_at_once_ids(self):
        found = self.sudo().with_context(active_test=False).search([("complaint_told_at_once", "=", True)])
        return frozenset(found.ids)

    def write(self, vals):
        result = super().write(vals)
        if "complaint_told_at_once" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        if any(vals.get("complaint_told_at_once") for vals in vals_list):
            self.env.registry.clear_cache()
        return channels
