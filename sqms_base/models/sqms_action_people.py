from odoo import api, models


class SqmsActionPeople(models.Model):
    """Who owns an action knows what it is for, from that moment on and no longer."""

    _inherit = "sqms.action"

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        self.env["sqms.nonconformity"]._update_involved()
        return actions

    def write(self, vals):
        result = super().write(vals)
        if {"owner_id", "nonconformity_id"}.intersection(vals):
            self.env["sqms.nonconformity"]._update_involved()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["sqms.nonconformity"]._update_involved()
        return result
