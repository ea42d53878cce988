import pytz

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..lib import manifest as manifests


class SqmsSignatureMixinShow(models.AbstractModel):
    """Signatures as people see them: on forms, in the dialog, in print. Always words beside the sign."""

    _inherit = "sqms.signature.mixin"

    signature_rows = fields.Json(
        string="Who Signs", compute="_compute_signature_rows", export_string_translation=False,
        help="One row for each signature, the newest of a person and meaning, and for each that is still asked for.",
    )  # fmt: skip

    @api.depends("signature_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_signature_rows(self):
        given = self._signature_given()
        for record in self:
            rows = given.get(record._origin.id, [])
            asked = record._origin._signature_still_asked() if record._origin else []
            order = [meaning for meaning, _label in self._signature_words("label").items()]
            record.signature_rows = sorted(
                rows + [row for row in asked if (row["meaning"], row["state"]) not in {(r["meaning"], r["state"]) for r in rows}],
                key=lambda row: (order.index(row["meaning"]), row.get("id") or 0),
            )  # fmt: skip

    def _signature_given(self):
        """`{record id: rows}` of the newest signature of each person and meaning, oldest first."""
        labels = self._signature_words("label")
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        rows = {}
        signatures = self._origin.sudo().signature_ids
        reasons = signatures._void_reasons()
        for signature in signatures.sorted("id"):
            own = rows.setdefault(signature.res_id, {})
            own[signature.user_id.id, signature.meaning] = {
                "id": signature.id,
                "user": signature.user_id.id,
                "name": signature.printed_name,
                "job": signature.job_title or "",
                "meaning": signature.meaning,
                "label": labels[signature.meaning],
                "state": "void" if signature.id in reasons else "valid",
                "reason": reasons.get(signature.id, ""),
                "statement": signature.statement,
                "when": self._signature_time(signature.signed_at, zone),
                "zone": zone,
                "utc": self._signature_time(signature.signed_at, "UTC"),
                "factor": signature.second_factor,
                "digest": signature.digest,
                "short": manifests.short(signature.digest),
            }
        return {id_: list(own.values()) for id_, own in rows.items()}

    def _signature_time(self, instant, zone):
        return format_datetime(self.env, instant, tz=zone if zone in pytz.all_timezones_set else "UTC", dt_format="medium")

    def _signature_still_asked(self):
        """Rows of signatures that are still to be given; a model with steps knows them."""
        return []

    def _signature_words(self, kind):
        """The words of each meaning, in the language of the user: `label`, `note` or `title`."""
        _ = self.env._
        return {
            meaning: {"label": label, "note": note, "title": title}[kind]
            for meaning, label, note, title in (
                ("author", _("Author"), _("wrote it"), _("Sign as author")),
                ("reviewer", _("Reviewer"), _("read and checked"), _("Sign as reviewer")),
                ("approver", _("Approver"), _("puts it into force"), _("Sign as approver")),
                ("acknowledged", _("Reader"), _("read and understood"), _("Sign as read and understood")),
                ("verified", _("Verifier"), _("checked the result"), _("Sign as verified")),
            )
        }

    def _signature_facts(self):
        """`{record id: a line of facts}` shown under the name of what is signed."""
        return {}
