from odoo import fields, models
from odoo.tools import SQL


class SqmsComplaintExposure(models.Model):
    """Complaints beside what they are measured by, for figures per thousand; read only, made of both as they are."""

    _name = "sqms.complaint.exposure"
    _description = "Complaints, Orders and Customers"
    _auto = False
    _order = "date desc, id"
    _rec_name = "date"
    _depends = {
        "helpdesk.ticket": (
            "is_complaint", "complaint_state", "complaint_received_at", "company_id", "complaint_category_id",
        ),
        "sqms.complaint.volume": ("company_id", "month", "orders", "customers"),
    }  # fmt: skip

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    ticket_id = fields.Many2one("helpdesk.ticket", string="Complaint", readonly=True)
    complaints = fields.Integer(readonly=True)
    orders = fields.Integer(readonly=True)
    customers = fields.Integer(string="Active Customers", readonly=True)

    @property
    def _table_query(self):
        """The numbers of a month stand at noon of its first day, which is in that month all over the world."""
        return SQL(
            """
            SELECT 2 * ticket.id AS id,
                   ticket.complaint_received_at AS date,
                   ticket.company_id,
                   ticket.id AS ticket_id,
                   1 AS complaints,
                   0 AS orders,
                   0 AS customers
              FROM helpdesk_ticket ticket
             WHERE ticket.is_complaint IS TRUE
               AND ticket.complaint_state != 'merged'
         UNION ALL
            SELECT 2 * volume.id + 1,
                   volume.month + interval '12 hours',
                   volume.company_id,
                   NULL,
                   0,
                   COALESCE(volume.orders, 0),
                   COALESCE(volume.customers, 0)
              FROM sqms_complaint_volume volume
            """
        )
