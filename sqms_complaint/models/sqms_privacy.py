from odoo import api, models
from odoo.tools import SQL

from ..lib.privacy_fields import FIELDS

# After the records that lead to them.
RANKS = {"survey.user_input": 40, "sqms.import.run": 50}


class SqmsPrivacy(models.AbstractModel):
    """What goes with a complaint: its parts, the survey about it, and the file that it was imported from."""

    _inherit = "sqms.privacy"

    @api.model
    def _declared(self, name):
        return {**FIELDS.get(name, {}), **super()._declared(name)}

    def _rank(self, name, catalog, seen=()):
        return RANKS.get(name) or super()._rank(name, catalog, seen)

    def _follow(self, name, fields):
        result = super()._follow(name, fields)
        if name == "survey.user_input" and "sqms.satisfaction.answer" in self.env:
            self._insert(
                name,
                SQL("r.root"),
                SQL("r.own"),
                SQL(
                    "JOIN sqms_satisfaction_answer k ON k.user_input_id = t.id"
                    " JOIN sqms_privacy_row r ON r.model = 'sqms.satisfaction.answer' AND r.id = k.id"
                ),
            )
        if name == "sqms.import.run":
            # The file holds the person's row as well. At the end of one complaint's time it stays for the others.
            self._insert(
                name,
                SQL("r.root"),
                SQL("TRUE"),
                SQL(
                    "JOIN helpdesk_ticket k ON k.complaint_import_run_id = t.id"
                    " JOIN sqms_privacy_row r ON r.model = 'helpdesk.ticket' AND r.id = k.id AND r.own"
                    " JOIN sqms_privacy_root p ON p.root = r.root AND NOT p.cut"
                ),
            )
        return result
