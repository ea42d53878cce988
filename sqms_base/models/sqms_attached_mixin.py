from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class SqmsAttachedMixin(models.AbstractModel):
    """What hangs on a record of any model (`res_model`, `res_id`), and is read by whoever may read that record.

    1. The record's own rights and rules decide, inside the same query; archived records count.
    2. What hangs on a record that is gone, or on a model that is none of `_attached_models`, nobody reads.
    """

    _name = "sqms.attached.mixin"
    _description = "Read Like Its Record"

    @api.model
    def _attached_models(self):
        """Names of the models that such rows hang on."""
        raise NotImplementedError

    def _attached_refusal(self):
        """The sentence for who may not read the record."""
        return self.env._("This is read by whoever may read the record that it belongs to.")

    def _attached_records(self):
        """`{model: the records that these rows hang on}`, of the models that are still there."""
        ids = defaultdict(set)
        for row in self:
            ids[row.res_model].add(row.res_id)
        return {
            model: self.env[model].browse(sorted(ids[model])) for model in self._attached_models() if ids.get(model)
        }

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._readable_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _readable_domain(self):
        domains = [Domain.FALSE]
        for model in self._attached_models():
            records = self.env[model].with_context(active_test=False)
            if records.has_access("read"):
                domains.append(Domain("res_model", "=", model) & Domain("res_id", "in", records._search([])))
        return Domain.OR(domains)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        rest = (self - forbidden).sudo()
        if self.env.su or not any(rest._ids):
            return result
        readable = {
            (model, record.id)
            for model, records in rest._attached_records().items()
            for record in records.exists().sudo(False).with_context(active_test=False)._filtered_access("read")
        }
        forbidden |= self.browse([row.id for row in rest if (row.res_model, row.res_id) not in readable])
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(forbidden._attached_refusal())
