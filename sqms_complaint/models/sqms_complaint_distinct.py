from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsComplaintDistinct(models.Model):
    """Two complaints that somebody has compared and told apart: they are not suggested as duplicates again."""

    _name = "sqms.complaint.distinct"
    _description = "Complaints Told Apart"
    _inherit = ["sqms.complaint.pair.mixin"]
    _pair_fields = ("ticket_id", "other_id")
    _order = "id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    other_id = fields.Many2one(
        "helpdesk.ticket", "Other Complaint", required=True, readonly=True, index=True, ondelete="cascade",
        check_company=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Told Apart By", required=True, readonly=True, ondelete="restrict",
        default=lambda self: self.env.user,
    )  # fmt: skip

    _once = models.UniqueIndex("(ticket_id, other_id)", "These two are told apart already.")
    _in_order = models.Constraint("CHECK(ticket_id < other_id)", "The earlier one is named first.")

    @api.depends("ticket_id", "other_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.ticket_id.number or ''} ≠ {pair.other_id.number or ''}"

    @api.model
    def _apart_from(self, ticket):
        """The ids of the complaints that this one was told apart from."""
        pairs = self.sudo().search_fetch(
            ["|", ("ticket_id", "=", ticket.id), ("other_id", "=", ticket.id)], ["ticket_id", "other_id"]
        )
        return {id_ for pair in pairs for id_ in (pair.ticket_id.id, pair.other_id.id)} - {ticket.id}

    @api.model
    def _tell_apart(self, ticket, other):
        """Remember that these two are not the same; once."""
        if ticket == other or not (ticket.is_complaint and other.is_complaint):
            raise UserError(self.env._("Two different complaints are told apart."))
        if ticket.company_id != other.company_id:
            raise UserError(self.env._("Complaints of two companies are never the same."))
        first, second = sorted((ticket.id, other.id))
        known = self.sudo().search([("ticket_id", "=", first), ("other_id", "=", second)], limit=1)
        return known or self.sudo().create({"ticket_id": first, "other_id": second, "user_id": self.env.uid})
