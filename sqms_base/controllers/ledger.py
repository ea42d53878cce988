import tempfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request
from odoo.tools import file_path

VERIFIER = "sqms_base/lib/verify_ledger.py"


class Ledger(http.Controller):
    """Downloads: the ledger, an anchor, and the script that checks the one against the other."""

    @http.route("/sqms/ledger/export", type="http", auth="user", methods=["GET"], readonly=False)
    def export(self):
        return self._send_export()

    @http.route(
        "/sqms/ledger/export/<string:model>/<int:record_id>", type="http", auth="user", methods=["GET"], readonly=False
    )
    def export_record(self, model, record_id):
        if model not in request.env["sqms.ledger.entry"]._ledger_models():
            raise request.not_found()
        return self._send_export(request.env[model].browse(record_id))

    @http.route("/sqms/ledger/anchor/<int:anchor_id>", type="http", auth="user", methods=["GET"])
    def anchor(self, anchor_id):
        anchor = request.env["sqms.ledger.anchor"].browse(anchor_id)
        try:
            content = anchor._file()
        except (AccessError, MissingError):
            raise request.not_found() from None
        return request.make_response(content, self._headers(anchor._file_name(), "application/gzip"))

    @http.route("/sqms/ledger/verify_ledger.py", type="http", auth="user", methods=["GET"])
    def verifier(self):
        with open(file_path(VERIFIER), "rb") as script:
            return request.make_response(script.read(), self._headers("verify_ledger.py", "text/x-python"))

    def _send_export(self, record=None):
        entries = request.env["sqms.ledger.entry"]
        # On the disk, not in memory; it is gone when the answer has been sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            entries._export(file, record)
        except (AccessError, MissingError):
            file.close()
            raise request.not_found() from None
        size = file.tell()
        file.seek(0)
        suffix = f"-{record._name}-{record.id}" if record is not None else ""
        headers = self._headers(f"sqms-ledger{suffix}.jsonl.gz", "application/gzip")
        response = request.make_response(
            wrap_file(request.httprequest.environ, file), [*headers, ("Content-Length", str(size))]
        )
        response.direct_passthrough = True
        return response

    def _headers(self, name, mimetype):
        return [
            ("Content-Type", mimetype),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
