import base64
import io
from datetime import date

import openpyxl

from .common import CertificateCase

HEADER = ["Badge ID", "Work Email", "Employee", "Type", "Certificate", "Level", "Number of the Authority", "Issued By",
          "Valid From", "Valid Until"]  # fmt: skip


class ImportCase(CertificateCase):
    """Sheets of certificates for two people, of whom one has a badge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee.write({"barcode": "B0007", "work_email": "wang.li@example.com"})

    def _row(self, badge="B0007", email=None, name=None, type_=None, skill="Licences gas", level=None, number=None,
             issuer="Bureau", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31)):  # fmt: skip
        return [badge, email, name, type_, skill, level, number, issuer, valid_from, valid_to]

    def _workbook(self, rows, header=HEADER):
        book = openpyxl.Workbook()
        for row in ([header] if header else []) + rows:
            book.active.append(row)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def _import(self, rows, user=None, name="list.xlsx", content=None, header=HEADER, **values):
        content = self._workbook(rows, header) if content is None else content
        return (
            self.env["sqms.certificate.import"]
            .with_user(user or self.hr)
            .create({"name": name, "file": base64.b64encode(content), "company_id": self.company.id, **values})
        )

    def _checked(self, rows, **values):
        run = self._import(rows, **values)
        run.action_check()
        return run

    def _said(self, rows, **values):
        """The state and reason of each row of a sheet, by its number."""
        lines = self._checked(rows, **values).line_ids.sorted("row")
        return [(line.state, line.reason or "") for line in lines]

    def _held(self, employee=None):
        return self.env["hr.employee.skill"].search(
            [("employee_id", "=", (employee or self.employee).id), ("is_certification", "=", True)], order="valid_from"
        )
