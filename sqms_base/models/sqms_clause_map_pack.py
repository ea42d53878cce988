from odoo import api, models
from odoo.exceptions import MissingError


class SqmsClauseMap(models.AbstractModel):
    """From the map to the pack."""

    _inherit = "sqms.clause.map"

    @api.model
    def make_pack(self, standard_id, clause_id=None):
        """One click: the evidence of a standard, or of one clause, as a file.

        :return: `{id, name, url, title, message}`; no url while it is being made in the background
        """
        self._check_sees()
        standard = self.env["sqms.standard"].browse(standard_id).exists()
        if not standard:
            raise MissingError(self.env._("This standard is no longer there."))
        clause = self._map_clause(clause_id) if clause_id else None
        return self.env["sqms.evidence.pack"]._make(standard, clause)._told()
