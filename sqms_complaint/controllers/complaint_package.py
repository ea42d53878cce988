from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


class ComplaintPackage(http.Controller):
    """The file of a case, sent from the disk; it is gone when it has been sent."""

    @http.route("/sqms/complaint/package/<int:package_id>", type="http", auth="user", methods=["GET"], readonly=False)
    def package(self, package_id):
        package = request.env["sqms.complaint.package"].browse(package_id)
        try:
            file, name = package.exists()._make()
        except (AccessError, MissingError, ValueError):
            raise request.not_found() from None
        size = file.seek(0, 2)
        file.seek(0)
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(name)),
            ("Content-Length", str(size)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        response = request.make_response(wrap_file(request.httprequest.environ, file), headers)
        response.direct_passthrough = True
        return response
