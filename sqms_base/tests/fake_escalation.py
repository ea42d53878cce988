"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import fields, models


class FakeMailTicket(models.Model):
    _name = "sqms.fake.mail.ticket"
    _description = "Fake Ticket with a Chatter"
    _inherit = ["mail.thread", "mail.activity.mixin", "sqms.clock.mixin"]

    name = fields.Char()
    company_id = fields.Many2one("res.company")
    user_id = fields.Many2one("res.users")
    expert_id = fields.Many2one("res.users")

    def _clock_recipients(self, tell):
        named = super()._clock_recipients(tell)
        if tell == "leader":
            named.update({ticket.id: ticket.expert_id for ticket in self if ticket.expert_id})
        return named
