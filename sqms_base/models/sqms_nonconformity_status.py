from odoo import api, fields, models


class SqmsNonconformityStatus(models.Model):
    """How long it has been where it is, for the status bar; read from the ledger when the form is opened."""

    _inherit = "sqms.nonconformity"

    duration_tracking = fields.Json(
        string="Time in Each State", compute="_compute_duration_tracking", export_string_translation=False
    )

    @api.depends("state")
    def _compute_duration_tracking(self):
        """`{state: seconds}` of the present state, since the last step that led to it."""
        since = self.env["sqms.ledger.entry"]._state_since(self._name, self._origin.ids)
        now = fields.Datetime.now()
        for nc in self:
            start = since.get(nc._origin.id) or nc.create_date
            nc.duration_tracking = {nc.state: max(0, int((now - start).total_seconds()))} if start else {}
