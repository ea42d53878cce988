from odoo import SUPERUSER_ID, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def heed_guards(records):
    """The records with their guards against deletion awake.

    Odoo's uninstaller, which is the superuser itself, puts them to sleep by a key in the context; any
    client can send that key.
    """
    if records.env.uid != SUPERUSER_ID and records.env.context.get(MODULE_UNINSTALL_FLAG):
        return records.with_context(**{MODULE_UNINSTALL_FLAG: False})
    return records


class SqmsKeepMixin(models.AbstractModel):
    """What is kept is kept, whatever a client says of uninstalling."""

    _name = "sqms.keep.mixin"
    _description = "Guarded deletion"

    def unlink(self):
        return super(SqmsKeepMixin, heed_guards(self)).unlink()
