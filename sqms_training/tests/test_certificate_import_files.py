import io
import zipfile
from datetime import date

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..lib.certificate_sheet import COLUMNS, MAX_ROWS, BadSheet, read_sheet
from .import_case import HEADER, ImportCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestCertificateImportFiles(ImportCase, HttpCase):
    """Files that are no sheet, and sheets that want to be more than one."""

    def _why(self, name, content):
        try:
            read_sheet(name, content)
        except BadSheet as bad:
            return bad.args[0]
        return None

    def _repacked(self, content, change=None, **more):
        """The workbook with parts changed or added."""
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for info in source.infolist():
                data = source.read(info)
                out.writestr(info.filename, change(info.filename, data) if change else data)
            for name, data in more.items():
                out.writestr(name.replace("__", "/"), data)
        return target.getvalue()

    def test_hostile_files_are_refused(self):
        good = self._workbook([self._row()])
        self.assertIsNone(self._why("a.xlsx", good))
        refused = {
            "mismatch": ("a.xlsx", b"MZ\x90"),
            "kind": ("a.exe", b"MZ"),
            "macro": ("a.xlsm", good),
            "type": ("a.pdf", b"%PDF-1.7 x"),
            "large": ("a.csv", b"x" * (5 * 1024 * 1024 + 1)),
            "empty": ("a.csv", b""),
            "markup": ("a.csv", b"<html><script>x</script>"),
        }
        for reason, (name, content) in refused.items():
            self.assertEqual(self._why(name, content), reason)
        self.assertEqual(self._why("a.xlsx", self._repacked(good, **{"xl__vbaProject.bin": b"x"})), "macro")
        self.assertEqual(self._why("a.xlsx", self._repacked(good, xl__media=b"\0" * 70_000_000)), "bomb")

    def test_definitions_in_the_xml_are_refused(self):
        laugh = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        good = self._workbook([self._row()])
        for encoding in ("utf-8", "utf-16"):

            def change(name, data, encoding=encoding):
                if name != "xl/worksheets/sheet1.xml":
                    return data
                return (laugh.decode() + data.decode()).encode(encoding)

            self.assertEqual(self._why("a.xlsx", self._repacked(good, change)), "bomb")

    def test_a_million_rows_are_not_read(self):
        many = b"Employee,Certificate,Valid From\n" + b"a,b,2026-01-01\n" * (MAX_ROWS + 5)
        self.assertEqual(self._why("a.csv", many), "rows")
        # A workbook may claim any size, and hold one row far below: the claim costs nothing, the gap is refused.
        good = self._workbook([self._row()])

        def claim(name, data):
            return data.replace(b'<dimension ref="A1:J2"', b'<dimension ref="A1:XFD1048576"')

        def far(name, data):
            return data.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="A1048576"')

        self.assertIsNone(self._why("a.xlsx", self._repacked(good, claim)))
        self.assertEqual(self._why("a.xlsx", self._repacked(good, far)), "rows")

    def test_damaged_parts_are_said_to_be_damaged(self):
        good = self._workbook([self._row()])

        def cut(name, data):
            return data[: len(data) // 2] if name.endswith("sheet1.xml") else data

        self.assertEqual(self._why("a.xlsx", self._repacked(good, cut)), "damaged")
        run = self._import([], content=self._repacked(good, cut))
        with self.assertRaisesRegex(UserError, "damaged"):
            run.action_check()

    def test_formulas_are_not_believed(self):
        said = self._said([self._row(name='=HYPERLINK("http://x","Wang Li")'), self._row()])
        self.assertEqual([state for state, _reason in said], ["error", "new"])
        self.assertIn("formula", said[0][1])

    def test_headers_are_said_to_be_wrong(self):
        for header, rows, words in (
            (["A", "B"], [["x", "y"]], "names the columns"),
            (["Employee", "Name", "Certificate", "Valid From"], [["x"] * 4], "mean the same"),
            (HEADER, [], "no rows"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._checked(rows, header=header)
        titled = [["证书一览"], [None], HEADER, self._row()]
        self.assertEqual(self._checked(titled, header=None).line_ids.mapped("row"), [4])

    def test_csv_as_different_programs_write_it(self):
        text = "姓名;证书;有效期起;有效期至\nWang Li;Licences gas;2026-01-01;2026/12/31\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            self.assertEqual(self._said([], name="a.csv", content=text.encode(encoding)), [("new", "")], encoding)
        quoted = 'Employee,Certificate,Valid From,Issued By\r\n"Wang Li","Licences gas",46023,"=cmd|calc"\r\n'
        run = self._checked([], name="a.csv", content=quoted.encode())
        self.assertEqual((run.line_ids.valid_from, run.line_ids.state), (date(2026, 1, 1), "new"))

    # -- what goes out --------------------------------------------------------------------------------

    def _download(self, user, url):
        self.authenticate(user.login, user.login)
        return self.url_open(url)

    def test_table_goes_out_as_plain_text_and_to_those_alone_who_may(self):
        run = self._checked([self._row(badge="+cmd|calc", skill="@SUM(A1)")])
        url = run.action_report()["url"]
        response = self._download(self.hr, url)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        texts = [str(cell.value) for cell in cells if cell.value]
        self.assertIn("'+cmd|calc", texts)
        self.assertIn("'@SUM(A1)", texts)
        for user, status in ((self.certifier, 200), (self.user, 403)):
            self.assertEqual(self._download(user, url).status_code, status)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("t_stranger", "hr.group_hr_user")
        stranger.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        self.assertEqual(self._download(stranger, url).status_code, 404)

    def test_template_in_both_languages_is_read_again(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        url = self.env["sqms.certificate.import"].action_template()["url"]
        for lang, at in (("en_US", 0), ("zh_CN", 1)):
            self.hr.lang = lang
            response = self._download(self.hr, url)
            book = openpyxl.load_workbook(io.BytesIO(response.content))
            header = [cell.value for cell in next(book.worksheets[0].iter_rows())]
            self.assertEqual(header, [names[at] for names in COLUMNS.values()])
            book.worksheets[0].append(["B0007", None, None, None, None, "Licences gas", None, None, None, "2026-01-01"])
            target = io.BytesIO()
            book.save(target)
            self.assertEqual(self._said([], content=target.getvalue())[0][0], "new")
        self.assertEqual(self._download(self.user, url).status_code, 403)
