import base64
import io
import json
import zipfile

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.privacy import GOES_WITH, KEEP
from .sqms_legal_hold import PRIVACY

LARGEST = 100 * 1024 * 1024


class SqmsErasureCopy(models.Model):
    """The copy that a person may have of his own data: a ZIP with the records as JSON, and his files.

    1. What is about him, not what others wrote about others; codes and digests are left out.
    2. It is made when it is downloaded and kept nowhere. Each download stands in the ledger.
    """

    _inherit = "sqms.erasure"

    copy_file = fields.Binary(compute="_compute_copy_file", groups=PRIVACY, export_string_translation=False)
    copy_name = fields.Char(compute="_compute_copy_file", groups=PRIVACY, export_string_translation=False)

    def _compute_copy_file(self):
        for request in self:
            request.copy_name = f"{request.number.replace('/', '-')}.zip" if request.number else False
            given = request.state in ("approved", "done") and request.kind == "copy"
            request.copy_file = base64.b64encode(request._make_copy()) if given else False

    def action_download_copy(self):
        self.ensure_one()
        if not self.env.user.has_group(PRIVACY):
            raise AccessError(self.env._("The copy is handed out by who is responsible for personal data."))
        if self.kind != "copy" or self.state not in ("approved", "done"):
            raise AccessError(self.env._("%s is not an approved request for a copy.", self.number))
        self._ledger_log("copied")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/copy_file/{self.number.replace('/', '-')}.zip?download=true",
            "target": "download",
        }

    def _make_copy(self):
        """:return: bytes of the ZIP"""
        self.sudo()._mark()
        engine = self.env["sqms.privacy"].sudo()
        content, box = {}, io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, declared in engine._catalog().items():
                rows = self._copy_rows(name, declared)
                if rows:
                    content[name] = {"kind": self.env["ir.model"].sudo()._get(name).name, "records": rows}
            archive.writestr(
                "data.json", json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str)
            )
            self._copy_files(archive)
        return box.getvalue()

    def _copy_rows(self, name, declared):
        model, engine = self.env[name], self.env["sqms.privacy"]
        closed = {"digest", "hash", "token", "key", "password", "secret"}
        columns = ["id", "create_date"] if model._log_access else ["id"]
        for field_name, treatment in declared.items():
            field = model._fields[field_name]
            secret = closed.intersection(field_name.split("_"))
            if field.column_type and not secret and treatment not in (*GOES_WITH, KEEP) and engine._has_column(field):
                columns.append(field_name)
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM %s t JOIN sqms_privacy_row r ON r.model = %s AND r.id = t.id AND r.own ORDER BY t.id",
                SQL(", ").join(SQL.identifier("t", column) for column in columns),
                SQL.identifier(model._table),
                name,
            )
        )
        return self.env.cr.dictfetchall()

    def _copy_files(self, archive):
        files = self.env["ir.attachment"].sudo().browse(
            self.env["sqms.privacy"].sudo()._found_ids().get("ir.attachment", ())
        )  # fmt: skip
        size = 0
        for file in files.filtered(lambda file: file.store_fname or file.db_datas):
            size += file.file_size
            if size > LARGEST:
                archive.writestr("files/MORE.txt", "More files on request.\n")
                break
            archive.writestr(f"files/{file.id}-{(file.name or 'file').replace('/', '-')}", file.raw or b"")
