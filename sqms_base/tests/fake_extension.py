"""Loaded inside tests only, by `FakeModelLoader`."""

from odoo import fields, models


class PartnerExtension(models.Model):
    _inherit = "res.partner"

    x_fake_code = fields.Char()
