from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Pages marked `sqms_plain` take nothing from outside but their address: what a visitor adds is left out.

        Odoo hands parameters to Python by name, so that `?self=1` would be a crash.
        """
        if endpoint.routing.get("sqms_plain"):
            request.params = {}
        return super()._dispatch(endpoint)
