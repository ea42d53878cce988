from odoo import fields, models

from odoo.addons.sqms_base.lib.privacy import Retention


class SqmsImportRunPrivacy(models.Model):
    """A file that was imported holds the rows of many people: it is kept for a time, and not for its own sake."""

    _inherit = "sqms.import.run"

    _retention = Retention(
        event="create_date", due="retention_date", erased="erased_at", filters=("state",),
        domain=(("state", "in", ("draft", "checked", "failed", "done")),),
    )  # fmt: skip

    retention_date = fields.Date("File kept until", readonly=True, copy=False, index="btree_not_null")
    erased_at = fields.Datetime("File erased on", readonly=True, copy=False)

    def _create(self, data_list):
        runs = super()._create(data_list)
        self.env["sqms.retention"].sudo()._set_dates(self._name, runs.ids)
        return runs

    def _privacy_obstacles(self, open_too=True):
        """`{record id: reason}` of imports that have not ended."""
        return {
            run.id: self.env._("it is still being imported")
            for run in self
            if open_too and run.state in ("checking", "running")
        }
