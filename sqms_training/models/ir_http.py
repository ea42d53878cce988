from werkzeug.exceptions import BadRequest

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        # Odoo hands parameters on by name: one that is called like an argument of Python would be a crash.
        if rule.endpoint.routing.get("sqms_certificate") and {"self", "cls"} & request.get_http_params().keys():
            raise BadRequest
