import re

from werkzeug.exceptions import BadRequest, NotFound

from odoo import fields, http
from odoo.http import content_disposition, request

MOST_INDICATORS = 200
IDS = re.compile(r"[1-9]\d{0,8}(,[1-9]\d{0,8})*")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Workbook(http.Controller):
    @http.route("/sqms_kpi/workbook", type="http", auth="user", methods=["GET"], readonly=True)
    def workbook(self, ids="", **_unused):
        """The workbook of some indicators, under the reader's own rights.

        What may not be read is, to the reader, not there.
        """
        if not IDS.fullmatch(ids) or ids.count(",") >= MOST_INDICATORS:
            raise BadRequest()
        Indicator = request.env["sqms.indicator"].with_context(lang=request.env.user.lang, active_test=False)
        if not Indicator.has_access("read") or not request.env["sqms.measure"].has_access("read"):
            raise NotFound()
        wanted = {int(number) for number in ids.split(",")}
        indicators = Indicator.search([("id", "in", list(wanted))])
        if len(indicators) < len(wanted):
            raise NotFound()
        name = indicators.env._("Indicators %s", fields.Date.context_today(indicators))
        return request.make_response(
            indicators._workbook(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
