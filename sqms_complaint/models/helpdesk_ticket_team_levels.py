from odoo import fields, models


class HelpdeskTicketTeamLevels(models.Model):
    _inherit = "helpdesk.ticket.team"

    complaint_second_level_ids = fields.Many2many(
        "res.users",
        "helpdesk_team_second_level_rel",
        "team_id",
        "user_id",
        "Second Look",
        domain=[("share", "=", False)],
        help="Who looks again when a customer objects: never the person who decided first.",
    )
