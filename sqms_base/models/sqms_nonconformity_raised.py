from collections import defaultdict

from odoo import api, models


class SqmsNonconformityRaised(models.Model):
    """Asked from the other side: which nonconformities were raised from a record."""

    _inherit = "sqms.nonconformity"

    @api.model
    def _raised_from(self, records):
        """`{record id: its nonconformities}`, as the first source or a further one; two queries for all records.

        With the rights of the environment: who may not read a nonconformity does not hear of it.
        """
        found = defaultdict(self.browse)
        source = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        for nc in self.search_fetch(source, ["res_id"], order="id"):
            found[nc.res_id] |= nc
        rows = self.env["sqms.nonconformity.source"].sudo().search_fetch(source, ["res_id", "nonconformity_id"])
        further = rows.nonconformity_id.with_env(self.env)._filtered_access("read")
        for row in rows:
            found[row.res_id] |= further & row.nonconformity_id
        return {id_: ncs.sorted("id") for id_, ncs in found.items() if ncs}
