from odoo import models
from odoo.tools import SQL


class ResUsersHold(models.Model):
    _inherit = "res.users"

    def _sqms_hold(self):
        """Wait for whoever gives the same people something.

        Whoever waited gets a serialization failure, and the request is run again on what was given meanwhile.
        """
        if self:
            self.env.cr.execute(
                SQL("SELECT id FROM res_users WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids)),
                log_exceptions=False,
            )
