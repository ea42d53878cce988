from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import content_disposition, request

from ..lib.certificate_sheet import COLUMNS, workbook
from ..models.hr_employee_skill import READER_GROUPS, WRITER_GROUPS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows and columns of the explanation are short; a sheet of every certificate of a house is not.
OFFERED = 2000


class CertificateImport(http.Controller):
    """The template of a sheet, and the table of what became of one."""

    @http.route("/sqms_training/import/template", type="http", auth="user", readonly=True)
    def template(self):
        if not request.env.user.has_groups(WRITER_GROUPS):
            raise Forbidden()
        env, chinese = request.env, (request.env.lang or "").startswith("zh")
        headers = [names[1 if chinese else 0] for names in COLUMNS.values()]
        rules = {
            "barcode": env._("One of badge, work e-mail, identification number or name finds the employee."),
            "identification": env._("Read for HR alone; it is not kept."),
            "name": env._("Only if nobody else in the company has it. Beside a badge it must be the same person."),
            "type": env._("Needed where a certificate of this name stands in several types."),
            "skill": env._("As it stands in the list of certificates."),
            "level": env._("Needed where the type has several levels and none is the usual one."),
            "number": env._("The number on the paper."),
            "issuer": env._("Empty: your company."),
            "valid_from": env._("For instance 2026-07-01."),
            "valid_to": env._("Empty: it has no end."),
        }
        explained = [[env._("Column"), env._("What stands in it")]]
        explained += [[name, rules.get(column, "")] for name, column in zip(headers, COLUMNS, strict=True)]
        skills = env["hr.skill"].search([("skill_type_id.is_certification", "=", True)], limit=OFFERED)
        offered = [[env._("Type"), env._("Certificate"), env._("Levels")]]
        offered += [
            [skill.skill_type_id.name, skill.name, ", ".join(skill.skill_type_id.skill_level_ids.mapped("name"))]
            for skill in skills
        ]
        sheets = [
            (env._("Certificates"), [headers], [18] * len(headers)),
            (env._("Explanation"), explained, [28, 80]),
            (env._("What there is"), offered, [28, 40, 40]),
        ]
        return self._send(workbook(sheets), env._("Certificates"))

    @http.route("/sqms_training/import/<int:import_id>", type="http", auth="user", readonly=True)
    def table(self, import_id):
        if not request.env.user.has_groups(READER_GROUPS):
            raise Forbidden()
        run = request.env["sqms.certificate.import"].search([("id", "=", import_id)])
        if not run:
            raise request.not_found()
        lines = run.line_ids
        names = ("row", "state", "reason", "employee_text", "skill_text", "external_number", "valid_from", "valid_to")
        described = lines.fields_get(names, ["string", "selection"])
        states = dict(described["state"]["selection"])
        rows = [[described[name]["string"] for name in names]]
        rows += [[states[line.state] if name == "state" else line[name] for name in names] for line in lines]
        return self._send(workbook([(request.env._("Rows"), rows, [6, 14, 60, 24, 36, 22, 12, 12])]), run.name or "")

    def _send(self, content, name):
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{name.rpartition('.')[0] or name}.xlsx")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
