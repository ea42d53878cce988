from odoo import api, models


class SqmsWorkflowMixinHold(models.AbstractModel):
    """A record that a legal hold needs is not deleted."""

    _inherit = "sqms.workflow.mixin"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.env["sqms.legal.hold"].sudo()._refuse_held(self)
