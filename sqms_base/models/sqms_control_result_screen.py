from odoo import models


class SqmsControlResultScreen(models.Model):
    """One point as a telephone shows it."""

    _inherit = "sqms.control.result"

    def _sheet(self, photos):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name or "",
            "piece": self.sample_no if self.point_id.sample_size > 1 else 0,
            "method": self.method or "",
            "limit": self.limit_label or "",
            "reaction": self.reaction or "",
            "kind": self.kind,
            "unit": self.unit or "",
            "choices": [
                {"value": f"{side}:{place}", "label": label}
                for side in ("right", "wrong")
                for place, label in enumerate(self._choices(side))
            ],
            "is_stop": self.is_stop,
            "photo_required": self.photo_required,
            "device_required": self.device_required,
            "value": self.value or "",
            "value_label": self.value_label or "",
            "verdict": self.verdict or "",
            "note": self.note or "",
            "device_id": self.device_id.id or False,
            "photos": photos,
        }
