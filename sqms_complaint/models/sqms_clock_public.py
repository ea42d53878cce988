from odoo import fields, models
from odoo.tools.misc import format_datetime

from odoo.addons.sqms_base.lib.clock_fold import fold


class SqmsClockPublic(models.Model):
    """A clock in words for the customer."""

    _inherit = "sqms.clock"

    def _told_to_customer(self):
        self.ensure_one()
        told = self.explain()
        return {
            "name": self.step_id.public_name or self.step_id.name,
            "status": self.status,
            "status_label": self._status_for_customer(),
            "due_at": self.due_at,
            "due": self._local_label(),
            "why_not": "" if self.due_at else self._why_not_due(told["due_reason"]),
            "unit": told["unit"],
            "target_label": self.step_id.target_label,
            "elapsed": told["elapsed"],
            "remaining": told["remaining"],
            "sum_label": self._sum_line(told),
            "rows": [
                {
                    "kind": line["kind"],
                    "label": line["label"],
                    "when": self._when(line),
                    "counted": line["counted"],
                    "amount": self._short_amount(told["unit"], line["counted"]) if line["counted"] else "",
                }
                for line in fold(told["rows"])
            ],
            "minutes": [
                {
                    "start": self._at_wall(row["from"]),
                    "end": self._at_wall(row["to"]),
                    "kind": row["kind"],
                    "label": row["label"],
                    "counted": row["counted"],
                }
                for row in told["rows"]
            ],
        }

    def _at_wall(self, iso):
        moment = fields.Datetime.to_datetime(iso.replace("T", " ").removesuffix("Z"))
        return format_datetime(self.env, moment, tz=self.tz or "UTC", dt_format="short")

    def _status_for_customer(self):
        return {
            "running": self.env._("In time so far"),
            "paused": self.env._("Waits"),
            "late": self.env._("We are late"),
            "met": self.env._("Done in time"),
            "met_late": self.env._("Done, but late"),
        }.get(self.status, "")
