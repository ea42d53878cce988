import json

from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import Response, content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Competence(http.Controller):
    @http.route("/sqms_training/competence.xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def workbook(self, filters="{}", **_unused):
        """The matrix as the reader sees it, with the filters at hand; nobody sees more than on the screen."""
        try:
            chosen = json.loads(filters)
            if not isinstance(chosen, dict):
                raise BadRequest()
            competence = request.env["sqms.competence"].with_context(lang=request.env.user.lang)
            book = competence._workbook(chosen)
        except AccessError as error:
            raise Forbidden(str(error)) from error
        except (ValueError, UserError) as error:
            raise BadRequest(str(error)) from error
        name = competence.env._("Competence matrix")
        return Response(
            wrap_file(request.httprequest.environ, book),
            direct_passthrough=True,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
