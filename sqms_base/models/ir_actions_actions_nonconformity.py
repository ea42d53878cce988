from odoo import api, models

# Conversations, and what is a nonconformity already.
WITHOUT = ("sqms.nonconformity", "discuss.channel")


class IrActionsNonconformity(models.Model):
    """“Create Nonconformity” in the action menu of every model with a chatter, from one action without bindings."""

    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        bindings = super().get_bindings(model_name)
        if not self._offers_nonconformity(model_name):
            return bindings
        action = self.env.ref("sqms_base.sqms_nonconformity_report_action", raise_if_not_found=False)
        if not action:
            return bindings
        entry = {"id": action.id, "name": action.sudo().name, "binding_view_types": "list,kanban,form"}
        return {**bindings, "action": [*bindings.get("action", ()), entry]}

    @api.model
    def _offers_nonconformity(self, model_name):
        model = self.env.get(model_name)
        return (
            model is not None
            and not model._abstract
            and not model._transient
            and model_name not in WITHOUT
            and isinstance(model, self.env.registry["mail.thread"])
            and self.env.user._is_internal()
            and self.env["sqms.nonconformity"].has_access("create")
        )
