import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError

from ..lib import file_check

CONTENT = {"raw", "datas", "db_datas", "name", "mimetype", "type", "url", "res_model", "res_field"}


class IrAttachmentCheck(models.Model):
    """Files of the quality system are looked at before they are kept, on whichever way they come.

    1. Guarded are the files of each model that says `_sqms_check_files = True`.
    2. They are checked when they are made, changed or renamed, and when a file of something else becomes theirs.
    3. The type that a file is served with is what its bytes are, not what somebody says.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        checked = []
        for vals in vals_list:
            model, field = (
                vals.get(name, self.env.context.get(f"default_{name}")) for name in ("res_model", "res_field")
            )
            guarded = self._sqms_is_guarded(model, field)
            checked.append(self._sqms_checked_values(vals, self._sqms_bytes(vals)) if guarded else vals)
        return super().create(checked)

    def write(self, vals):
        if not CONTENT.intersection(vals):
            return super().write(vals)
        guarded = self.browse()
        for file in self:
            known = file.sudo()
            model = vals.get("res_model", known.res_model)
            if self._sqms_is_guarded(model, vals.get("res_field", known.res_field)):
                guarded |= file
        for file in guarded:
            known = file.sudo()
            content = self._sqms_bytes(vals) if {"raw", "datas", "db_datas"}.intersection(vals) else known.raw
            own = {"name": known.name, "type": known.type, **vals}
            checked = self._sqms_checked_values(own, content)
            super(IrAttachmentCheck, file).write(
                {**vals, **{name: checked[name] for name in ("name", "mimetype") if name in checked}}
            )
        if guarded and {"raw", "datas", "db_datas", "name"}.intersection(vals):
            self.env["sqms.document.text"].sudo()._refresh_versions(guarded._sqms_editions(), files=True)
        return super(IrAttachmentCheck, self - guarded).write(vals) if self - guarded else True

    @api.model
    def _sqms_is_guarded(self, model, field):
        return bool(model and not field and getattr(self.env.registry.get(model), "_sqms_check_files", False))

    @api.model
    def _sqms_bytes(self, vals):
        raw = vals.get("raw")
        if raw:
            return raw.encode() if isinstance(raw, str) else raw
        datas = vals.get("datas") or vals.get("db_datas") or b""
        # Before unpacking what is far too large.
        if len(datas) > 2 * self._sqms_file_limit():
            self._sqms_refuse_file(vals.get("name"), "large")
        try:
            return base64.b64decode(datas)
        except (binascii.Error, ValueError):
            self._sqms_refuse_file(vals.get("name"), "damaged")

    @api.model
    def _sqms_checked_values(self, vals, content):
        if vals.get("type") == "url" or vals.get("url"):
            self._sqms_refuse_file(vals.get("name"), "link")
        verdict = file_check.check(vals.get("name"), content, self._sqms_file_limit())
        if verdict.reason:
            self._sqms_refuse_file(verdict.name, verdict.reason)
        return {**vals, "name": verdict.name, "mimetype": verdict.mimetype}

    @api.model
    def _sqms_file_limit(self):
        megabytes = self.env["ir.config_parameter"].sudo().get_param("sqms_base.max_file_mb")
        return int(megabytes) * 1024 * 1024 if (megabytes or "").isdigit() else file_check.DEFAULT_LIMIT

    @api.model
    def _sqms_refuse_file(self, name, reason):
        raise UserError(
            self.env._(
                "%(file)s is not taken: %(reason)s",
                file=file_check.clean_name(name),
                reason=self._sqms_file_reason(reason),
            )
        )

    @api.model
    def _sqms_file_reason(self, reason):
        """Why a file is not taken and what to do, as a sentence."""
        kinds = self.env._("Possible are pictures, PDF, Word, Excel, PowerPoint and OpenDocument files, text and MP4.")
        return {
            "empty": self.env._("it is empty."),
            "large": self.env._(
                "it is larger than %(limit)s MB. Please make it smaller or split it.",
                limit=self._sqms_file_limit() // (1024 * 1024),
            ),
            "kind": kinds,
            "mismatch": self.env._("it is not what its name says. %(kinds)s", kinds=kinds),
            "markup": self.env._(
                "pages and drawings that may contain scripts are not kept. Please save it as PDF or PNG."
            ),
            "macro": self.env._("it contains macros. Please save it without them, or as PDF."),
            "outside": self.env._("it loads parts from elsewhere when it is opened. Please save it as PDF."),
            "acts": self.env._("it contains scripts, actions or other files. Please print it to a new PDF."),
            "archive": self.env._("archives are not kept. Please add the files one by one."),
            "bomb": self.env._("it is far larger inside than outside. Please save it as PDF."),
            "double": self.env._("it is two kinds of file at once. Please save it anew."),
            "pixels": self.env._("the picture has more than 100 million pixels. Please make it smaller."),
            "link": self.env._("a link is no file. Please add the file itself."),
        }.get(reason, self.env._("it is damaged."))  # fmt: skip
