from odoo import models


class SqmsWorkflowMixinClock(models.AbstractModel):
    """Deadlines follow the workflow: each step of a record stops, pauses and starts what its regimes say."""

    _inherit = "sqms.workflow.mixin"

    def _workflow_moved(self, step, origin):
        result = super()._workflow_moved(step, origin)
        if "clock_due_at" in self._fields:
            self._clock_moved(origin)
        return result

    def _workflow_note_import(self, reason):
        result = super()._workflow_note_import(reason)
        if "clock_due_at" in self._fields:
            self._clocks_imported(reason)
        return result
