from odoo import models


class SqmsWorkflowMixinLedger(models.AbstractModel):
    """Each step of each record is an entry of its own in the ledger, with all that the step filled in."""

    _inherit = "sqms.workflow.mixin"

    def write(self, vals):
        if self._workflow_field in vals:
            # What was changed before the step, in the same request, is not part of it.
            self._ledger_close()
        return super().write(vals)

    def _workflow_moved(self, step, origin):
        field = self._workflow_field
        self._ledger_append(
            "transition",
            old={id_: {field: state} for id_, state in origin.items()},
            new={field: step.target},
            state=step.target,
            step=step.name,
        )
        return super()._workflow_moved(step, origin)

    def _workflow_note_import(self, reason):
        """Records that came in a later state carry that mark, each with the state it came in."""
        if self:
            field = self._workflow_field
            states = {record.id: record[field] for record in self}
            self._ledger_append(
                "import",
                new={id_: {field: state} for id_, state in states.items()},
                reason=reason,
                state=states,
            )
        return super()._workflow_note_import(reason)
