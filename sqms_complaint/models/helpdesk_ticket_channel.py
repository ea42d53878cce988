from odoo import api, models, tools

# XML id of a channel -> its icon.
ICONS = {
    "helpdesk_mgmt.helpdesk_ticket_channel_web": "fa-globe",
    "helpdesk_mgmt.helpdesk_ticket_channel_email": "fa-envelope-o",
    "helpdesk_mgmt.helpdesk_ticket_channel_phone": "fa-phone",
    "sqms_complaint.helpdesk_ticket_channel_portal": "fa-user-circle-o",
    "sqms_complaint.helpdesk_ticket_channel_shop": "fa-shopping-bag",
    "sqms_complaint.helpdesk_ticket_channel_letter": "fa-envelope",
    "sqms_complaint.helpdesk_ticket_channel_social": "fa-comments-o",
    "sqms_complaint.helpdesk_ticket_channel_regulator": "fa-university",
}


class HelpdeskTicketChannel(models.Model):
    _inherit = "helpdesk.ticket.channel"

    @api.model
    @tools.ormcache()
    def _complaint_icons(self):
        """`{channel id: icon}` of the channels that come with the system; others have the icon of a conversation."""
        found = ((self.env.ref(name, raise_if_not_found=False), icon) for name, icon in ICONS.items())
        return {channel.id: icon for channel, icon in found if channel}
