from odoo import api, fields, models
from odoo.fields import Domain


class MailActivity(models.Model):
    _inherit = "mail.activity"

    is_quality_action = fields.Boolean(
        "Action of the Quality System",
        compute="_compute_is_quality_action",
        search="_search_is_quality_action",
        help="Planned on a record of the quality system that its reader may see. Where his review or approval is "
        "asked for, that is the action.",
    )

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_quality_action(self):
        found = self.search([("id", "in", self.ids), ("is_quality_action", "=", True)])
        for activity in self:
            activity.is_quality_action = activity in found

    def _search_is_quality_action(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        models_ = self.env["sqms.morning"]._morning_models()
        return Domain.OR(
            Domain("res_model", "=", name) & Domain("res_id", "in", self.env[name]._search(self._quality_domain(name)))
            for name in models_
            if self.env[name].has_access("read")
        )

    @api.model
    def _quality_domain(self, model_name):
        """The records of a model whose activities count; what waits for a signature is told as that."""
        model = self.env[model_name]
        if "workflow_steps" not in model._fields:
            return Domain.TRUE
        return model._morning_activity_domain() & ~model._morning_sign_domain()
