from odoo import api, models
from odoo.exceptions import AccessError


class SqmsLedgerClosedMixin(models.AbstractModel):
    """Rows that the ledger writes itself: the ORM adds, changes, copies and removes none for anybody.

    No exception for the superuser. The ledger's own way in is SQL, in methods that no client can call. What a
    model names in `_open_to_system` the system itself may write afterwards.
    """

    _name = "sqms.ledger.closed.mixin"
    _description = "Written by the Ledger Alone"

    _open_to_system = ()

    # pylint: disable=method-required-super

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    def write(self, vals):
        if not self.env.su or not self._open_to_system or set(vals) - set(self._open_to_system):
            self._refuse()
        return super().write(vals)

    def unlink(self):
        self._refuse()

    def copy(self, default=None):
        self._refuse()

    def _refuse(self):
        raise AccessError(self.env._("The ledger writes this itself; nobody adds, changes or removes anything."))
