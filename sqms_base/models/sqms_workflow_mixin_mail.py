from odoo import models


class SqmsWorkflowMixinMail(models.AbstractModel):
    """No mail moves a record: neither the defaults of an alias nor what a model reads from the text."""

    _inherit = "sqms.workflow.mixin"

    def _refused_by_mail(self, values):
        refused = super()._refused_by_mail(values) if hasattr(super(), "_refused_by_mail") else set()
        closed = {*self._workflow_managed, *(self._workflow_fixed if self else ())}
        if self or (values.get(self._workflow_field) or False) not in self._workflow_initial:
            closed.add(self._workflow_field)
        for record in self:
            still_open = self._workflow_locked.get(record[self._workflow_field])
            if still_open is not None:
                closed.update(set(values).difference(still_open, self._workflow_always_open))
        return refused | closed.intersection(values)
