from odoo import SUPERUSER_ID, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def heed_guards(records, addon=None):
    """The records with their guards against deletion awake.

    Odoo's uninstaller, which is the superuser itself, puts them to sleep by a key in the context; any
    client can send that key.

    :param addon: the addon whose removal alone lets these records go; without it they go with any
    """
    if not records.env.context.get(MODULE_UNINSTALL_FLAG) or _may_leave(records.env, addon):
        return records
    return records.with_context(**{MODULE_UNINSTALL_FLAG: False})


def _may_leave(env, addon):
    if env.uid != SUPERUSER_ID or not addon:
        return env.uid == SUPERUSER_ID
    leaving = [("name", "=", addon), ("state", "=", "to remove")]
    return bool(env["ir.module.module"].sudo().search_count(leaving, limit=1))


class SqmsKeepMixin(models.AbstractModel):
    """What is kept is kept, whatever a client says of uninstalling."""

    _name = "sqms.keep.mixin"
    _description = "Guarded deletion"

    # For models that others made: their records go with this addon alone, not when any other takes its data along.
    _keep_addon = None

    def unlink(self):
        return super(SqmsKeepMixin, heed_guards(self, self._keep_addon)).unlink()
