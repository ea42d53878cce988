import base64
import binascii

from odoo import models
from odoo.exceptions import AccessError, UserError

PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class SqmsControlRecordScreen(models.Model):
    """What the screen of a telephone asks for: one sheet, an answer at a time, a photo, finished.

    Each call says the same thing twice without harm: a telephone that lost its network sends it again.
    """

    _inherit = "sqms.control.record"

    def action_fill(self):
        """The check on a screen with one point at a time."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "sqms_control_check",
            "name": self.display_name,
            "params": {"record": self.id},
        }

    def get_sheet(self):
        """Everything that the screen shows, as plain data."""
        self.ensure_one()
        self.check_access("read")
        record = self.sudo()
        rows = record.result_ids.with_context(active_test=False)
        photos = {}
        for photo in rows.photo_ids.sorted("id"):
            photos.setdefault(photo.res_id, []).append({"id": photo.id, "name": photo.name})
        return {
            "id": record.id,
            "number": record.number or "",
            "plan": record.plan_id.name,
            "edition": record.document_version_id.display_name or "",
            "due": record.date_due.isoformat() if record.date_due else False,
            "state": record.state,
            "state_label": record._workflow_state_label(),
            "editable": record.state == "open" and self._may_fill(),
            "reference": record.reference or "",
            "corrects": record.corrects_id.number or "",
            "reason": record.correction_reason or "",
            "result": record.result or "",
            "stopped": bool(record.stopped_at),
            "nonconformity": record.nonconformity_id.display_name or "",
            "rows": [row._sheet(photos.get(row.id, [])) for row in rows],
            "devices": record._devices() if any(row.device_required or row.kind == "number" for row in rows) else [],
            "missing": rows._missing() if record.state == "open" else "",
        }

    def _devices(self):
        """The devices of the company that need calibration: those that may measure, and why the others may not."""
        devices = self.env["maintenance.equipment"].sudo().search(
            [("calibration_needed", "=", True), ("company_id", "in", (self.company_id.id, False))], order="name, id"
        )  # fmt: skip
        return [
            {"id": device.id, "name": device.display_name, "why_not": device._why_not_to_measure_with()}
            for device in devices
        ]

    def _row(self, result_id):
        self._check_may_fill()
        row = self.sudo().result_ids.filtered(lambda row: row.id == result_id)
        if not row:
            raise UserError(self.env._("This point does not belong to %s.", self.sudo().display_name))
        return row

    def answer(self, result_id, values):
        """Keep the answer to one point.

        :param values: `value`, `note` and `device_id`, as far as they changed
        :return: the point as the screen shows it, what is still missing, whether the service was stopped
        """
        self.ensure_one()
        row = self._row(result_id)
        known = {name: values[name] for name in ("value", "note", "device_id") if name in (values or {})}
        if known:
            row.write(known)
        return self._after(row)

    def describe(self, values):
        """Keep what the check says of itself: which visit it was, and the remarks."""
        self.ensure_one()
        self._check_may_fill()
        known = {name: values[name] or False for name in ("reference", "note") if name in (values or {})}
        self.sudo().write(known)
        return True

    def add_photo(self, result_id, name, data, key=None):
        """Keep a photo as the evidence of one point.

        :param data: the picture in base64
        :param key: what the screen calls this photo: sent twice, it is kept once
        """
        self.ensure_one()
        row = self._row(result_id)
        try:
            content = base64.b64decode(data or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The photo did not arrive completely. Please take it again.")) from error
        label = f"{key}" if key else ""
        if not label or label not in row.photo_ids.mapped("description"):
            photo = self.env["ir.attachment"].sudo().create(
                {
                    "name": name or "photo.jpg",
                    "raw": content,
                    "description": label or False,
                    "res_model": row._name,
                    "res_id": row.id,
                    "company_id": row.company_id.id,
                }
            )  # fmt: skip
            if photo.mimetype not in PHOTO_TYPES:
                raise UserError(self.env._("Please take a photo, or choose a picture."))
        return self._after(row)

    def remove_photo(self, result_id, photo_id):
        """Take back a photo while the check is open."""
        self.ensure_one()
        row = self._row(result_id)
        row.photo_ids.filtered(lambda photo: photo.id == photo_id).unlink()
        return self._after(row)

    def _after(self, row):
        record = self.sudo()
        row.invalidate_recordset(["photo_ids"])
        photos = [{"id": photo.id, "name": photo.name} for photo in row.photo_ids.sorted("id")]
        return {
            "row": row._sheet(photos),
            "missing": record.result_ids._missing(),
            "stopped": bool(record.stopped_at),
            "nonconformity": record.nonconformity_id.display_name or "",
        }

    def action_open_form(self):
        self.ensure_one()
        if not self.has_access("read"):
            raise AccessError(self.env._("%s is not yours to see.", self.sudo().display_name))
        return self._get_records_action()
