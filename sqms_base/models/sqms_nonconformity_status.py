from odoo import api, fields, models
from odoo.tools import SQL


class SqmsNonconformityStatus(models.Model):
    """How long it has been where it is, for the status bar; read from the ledger when the form is opened."""

    _inherit = "sqms.nonconformity"

    duration_tracking = fields.Json(
        string="Time in Each State", compute="_compute_duration_tracking", export_string_translation=False
    )

    @api.depends("state")
    def _compute_duration_tracking(self):
        """`{state: seconds}` of the present state, since the last step that led to it."""
        self.env["sqms.ledger.entry"].flush_model()
        since = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (res_id) res_id,
                           date
                      FROM sqms_ledger_entry
                     WHERE res_model = %s AND res_id IN %s AND state IS NOT NULL
                     ORDER BY res_id, seq DESC
                    """,
                    self._name,
                    tuple(self._origin.ids) or (0,),
                )
            )
        )
        now = fields.Datetime.now()
        for nc in self:
            start = since.get(nc._origin.id) or nc.create_date
            nc.duration_tracking = {nc.state: max(0, int((now - start).total_seconds()))} if start else {}
