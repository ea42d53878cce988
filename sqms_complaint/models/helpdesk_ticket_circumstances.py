from odoo import fields, models


class HelpdeskTicketCircumstances(models.Model):
    """What it is about and where it happened, as far as a complaint's record asks for it (ISO 10002, 7.2)."""

    _inherit = "helpdesk.ticket"

    complaint_order_ref = fields.Char("Order or Invoice", index="btree_not_null")
    complaint_lot_ref = fields.Char("Lot or Serial Number", index="btree_not_null")
    complaint_site = fields.Char("Site", help="The shop, the address, the counter where it happened.")
    complaint_region_id = fields.Many2one("res.country.state", "Region", index="btree_not_null", ondelete="restrict")
    complaint_industry_id = fields.Many2one(
        "res.partner.industry", "Industry", index="btree_not_null", ondelete="restrict"
    )
    complaint_loss_amount = fields.Monetary(
        "Loss", currency_field="complaint_currency_id", help="What the customer says it has cost him."
    )
    complaint_regulator_ref = fields.Char(
        "Number at the Authority", index="btree_not_null", copy=False, help="Where an authority has passed it on."
    )
