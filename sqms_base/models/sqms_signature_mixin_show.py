import pytz

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..lib import manifest as manifests


class SqmsSignatureMixinShow(models.AbstractModel):
    """Signatures as people see them: on forms, in the dialog, in print. Always words beside the sign."""

    _inherit = "sqms.signature.mixin"

    signature_rows = fields.Json(
        string="Who Signs", compute="_compute_signature_rows", export_string_translation=False,
        groups="base.group_user",
        help="One row for each signature, the newest of a person and meaning, and for each that is still asked for.",
    )  # fmt: skip

    @api.depends("signature_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_signature_rows(self):
        given = self._signature_given()
        order = list(self._signature_words("label"))
        for record in self:
            asked = record._origin._signature_still_asked() if record._origin else []
            record.signature_rows = sorted(
                given.get(record._origin.id, []) + asked,
                key=lambda row: (order.index(row["meaning"]), row.get("id", float("inf"))),
            )

    def _signature_given(self):
        """`{record id: rows}` of the newest signature of each person and meaning, oldest first."""
        labels = self._signature_words("label")
        zone = self._signature_zone()
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
                "utc": fields.Datetime.to_string(signature.signed_at),
                "factor": signature.second_factor,
                "digest": signature.digest,
                "short": manifests.short(signature.digest),
            }
        return {id_: list(own.values()) for id_, own in rows.items()}

    def _signature_zone(self):
        zone = self.env.context.get("tz") or self.env.user.tz
        return zone if zone in pytz.all_timezones_set else "UTC"

    def _signature_time(self, instant, zone):
        # Letters as in Unicode's date patterns; a translation puts them in the order of its language.
        return format_datetime(self.env, instant, tz=zone, dt_format=self.env._("d MMM yyyy, HH:mm"))

    def _signature_day(self, day):
        return format_date(self.env, day, date_format=self.env._("d MMM yyyy"))

    def _signature_still_asked(self):
        """Rows of signatures that are still to be given; a model with steps knows them."""
        return []

    def _signature_words(self, kind):
        """The words of each meaning, in the language of the user: `label`, `note` or `title`."""
        words = {
            "label": {
                "author": self.env._("Author"),
                "reviewer": self.env._("Reviewer"),
                "approver": self.env._("Approver"),
                "acknowledged": self.env._("Reader"),
                "verified": self.env._("Verifier"),
            },
            "note": {
                "author": self.env._("wrote it"),
                "reviewer": self.env._("read and checked"),
                "approver": self.env._("puts it into force"),
                "acknowledged": self.env._("read and understood"),
                "verified": self.env._("checked the result"),
            },
            "title": {
                "author": self.env._("Sign as author"),
                "reviewer": self.env._("Sign as reviewer"),
                "approver": self.env._("Sign as approver"),
                "acknowledged": self.env._("Sign as read and understood"),
                "verified": self.env._("Sign as verified"),
            },
        }
        return words[kind]

    def _signature_facts(self):
        """`{record id: a line of facts}` shown under the name of what is signed."""
        return {}
