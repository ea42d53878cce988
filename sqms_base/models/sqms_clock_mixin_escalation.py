from odoo import models


class SqmsClockMixinEscalation(models.AbstractModel):
    _inherit = "sqms.clock.mixin"

    def _clock_recipients(self, tell):
        """`{record id: users}` that a rung tells instead of the usual people; records left out keep those.

        :param tell: "handler", "leader" or "manager"
        """
        return {}
