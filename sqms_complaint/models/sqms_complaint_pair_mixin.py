from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class SqmsComplaintPairMixin(models.AbstractModel):
    """What is kept of two complaints is read by those who may read both."""

    _name = "sqms.complaint.pair.mixin"
    _description = "Of Two Complaints"
    _inherit = ["sqms.keep.mixin"]

    _pair_fields = ()  # the two many2one

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
            if not tickets.has_access("read"):
                return super()._search(Domain.FALSE, *args, bypass_access=bypass_access, **kwargs)
            domain = Domain(domain)
            for name in self._pair_fields:
                domain &= Domain(name, "in", tickets._search([("is_complaint", "=", True)]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        rest = (self - forbidden).sudo()
        if self.env.su or not any(rest._ids):
            return result
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        for name in self._pair_fields:
            tickets |= rest[name].sudo(False).with_context(active_test=False)
        allowed = set(tickets._filtered_access("read")._ids)
        forbidden |= self.browse(
            [pair.id for pair in rest if any(pair[name].id not in allowed for name in self._pair_fields)]
        )
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(self.env._("This is read by those who may read both complaints."))
