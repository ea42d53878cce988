import io
import re
import zipfile
from datetime import datetime

import openpyxl

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..lib import workbook
from .common import KpiCase

FORMULA = '=HYPERLINK("http://evil.example.com","x")'


@tagged("post_install", "-at_install")
class TestWorkbook(HttpCase, KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_requests("2026-09-05", "2026-09-06", "2026-11-07", done=True)
        cls._create_requests("2026-09-07")
        cls.count = cls._create_indicator("W-1", owner_id=cls.kpi_officer.id)
        cls.ratio = cls._create_ratio("W-2")
        cls.empty = cls._create_indicator("W-3", source="maintenance.equipment:effective_date")
        cls.both = cls.count | cls.ratio
        (cls.both | cls.empty).action_compute()
        for user in (*cls.readers, *cls.strangers):
            user.password = user.login

    def _get(self, user, ids):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/sqms_kpi/workbook?ids={ids}", allow_redirects=False)

    def _book(self, user, indicators):
        response = self._get(user, ",".join(map(str, indicators.ids)))
        self.assertEqual(response.status_code, 200, response.text[:300])
        self.assertIn("spreadsheetml", response.headers["Content-Type"])
        self.assertIn("attachment", response.headers["Content-Disposition"])
        return openpyxl.load_workbook(io.BytesIO(response.content)), response.content

    # -- content -------------------------------------------------------------------

    def test_table_and_native_chart_for_each_indicator(self):
        book, content = self._book(self.kpi_officer, self.both)
        self.assertEqual(book.sheetnames, ["Overview", "W-1", "W-2"])
        self.assertEqual(
            [[cell.value for cell in row] for row in book["W-2"].iter_rows(min_row=4, max_col=5)],
            [
                ["Month", "Numerator", "Denominator", "Value (%)", "n"],
                [datetime(2026, 9, 1), 2, 3, 200 / 3, 3],
                [datetime(2026, 10, 1), 0, 0, None, 0],
                [datetime(2026, 11, 1), 1, 1, 100, 1],
            ],
        )
        self.assertEqual(
            [[cell.value for cell in row] for row in book["W-1"].iter_rows(min_row=5, max_col=5)],
            [
                [datetime(2026, 9, 1), 3, None, 3, 3],
                [datetime(2026, 10, 1), 0, None, 0, 0],
                [datetime(2026, 11, 1), 1, None, 1, 1],
            ],
        )
        self.assertEqual(book["W-2"]["D5"].number_format, "#,##0.0")
        self.assertEqual(book["W-1"]["D5"].number_format, "#,##0")
        self.assertEqual(book["W-2"]["A5"].number_format, "yyyy-mm")
        for name in ("W-1", "W-2"):
            (chart,) = book[name]._charts
            self.assertEqual(type(chart).__name__, "LineChart")
            (series,) = chart.series
            self.assertEqual(series.val.numRef.f, f"'{name}'!$D$5:$D$7")
            categories = series.cat.numRef or series.cat.strRef
            self.assertEqual(categories.f, f"'{name}'!$A$5:$A$7")
        self.assertFalse(book["Overview"]._charts)
        # Left out, blanks are gaps.
        self.assertNotIn(b"dispBlanksAs", zipfile.ZipFile(io.BytesIO(content)).read("xl/charts/chart1.xml"))

    def test_figures_are_those_on_record(self):
        book, _content = self._book(self.officer, self.ratio)
        values = [row[0] for row in book["W-2"].iter_rows(min_row=5, min_col=4, max_col=4, values_only=True)]
        stored = self.ratio.measure_ids.sorted("period").mapped(
            lambda measure: None if measure.value is False else measure.value
        )
        self.assertEqual(values, stored)

    def test_overview_names_the_latest_value_and_leads_to_the_sheet(self):
        overview = self._book(self.top, self.both)[0]["Overview"]
        row = [cell.value for cell in overview[6]]
        self.assertEqual(row[:5], ["W-2", "Indicator W-2", datetime(2026, 11, 1), 100, 1])
        self.assertIn("Service Efficiency", row)
        self.assertEqual(overview["A6"].hyperlink.location, "'W-2'!A1")
        self.assertIn("Qinghe", overview["A1"].value)

    def test_an_indicator_without_figures_has_a_sheet_without_chart(self):
        book, _content = self._book(self.kpi_officer, self.empty)
        self.assertEqual(book["W-3"].max_row, 4)
        self.assertFalse(book["W-3"]._charts)

    def test_labels_in_the_readers_language(self):
        self.kpi_officer.lang = "zh_CN"
        self.ratio.with_context(lang="zh_CN").name = "完成率"
        book, _content = self._book(self.kpi_officer, self.ratio)
        self.assertEqual(book.sheetnames, ["概览", "W-2"])
        heads = [cell.value for cell in book["W-2"][4]][:5]
        self.assertEqual(heads, ["月份", "分子", "分母", "数值 (%)", "n"])
        self.assertEqual(book["W-2"]["A1"].value, "W-2 完成率")

    def test_what_people_typed_never_becomes_a_formula(self):
        hostile = self._create_indicator(FORMULA[:40], name=FORMULA, owner_id=self.kpi_officer.id)
        others = self.Indicator.union(
            *(self._create_indicator(f"{sign}1+cmd|' /C calc'!A0", name=f"{sign}1+1", company_id=self.company.id)
              for sign in ("=", "+", "-", "@"))
        )  # fmt: skip
        self.kpi_officer.name = "=1+1"
        (hostile | others).action_compute()
        book, content = self._book(self.kpi_officer, hostile | others)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f", f"{sheet.title}!{cell.coordinate}")
                    self.assertFalse(cell.hyperlink and cell.hyperlink.target)
        self.assertIn(f"{FORMULA[:40]} {FORMULA}", [sheet["A1"].value for sheet in book])
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode()
                self.assertNotIn("evil.example.com", "".join(re.findall(r"<(?:c:)?f>(.*?)</(?:c:)?f>", text)), name)
                self.assertNotIn("TargetMode", text, name)

    def test_sheet_names_are_such_as_excel_takes(self):
        names = workbook.sheet_names(
            ["Overview", "overview", "A" * 60, "A" * 61, "a/b:c?*[d]", "history", "''", "x\ty"]
        )
        self.assertEqual(len({name.lower() for name in names}), len(names))
        for name in names:
            self.assertTrue(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name), name)
        self.assertNotIn("history", names)

    # -- access --------------------------------------------------------------------

    def test_readers_get_it_others_do_not(self):
        for user in self.readers:
            self.assertEqual(self._get(user, self.count.id).status_code, 200, user.login)
        for user in (self.plain, self.portal):
            with mute_logger("odoo.http"):
                self.assertEqual(self._get(user, self.count.id).status_code, 404, user.login)
        self.authenticate(None, None)
        response = self.url_open(f"/sqms_kpi/workbook?ids={self.count.id}", allow_redirects=False)
        self.assertIn("/web/login", response.headers.get("Location", ""))

    def test_another_companys_indicator_is_not_there(self):
        foreign = self._create_indicator("W-9", company_id=self.other_company.id)
        with mute_logger("odoo.http"):
            for ids in (foreign.id, f"{self.count.id},{foreign.id}", 999999999):
                self.assertEqual(self._get(self.kpi_officer, ids).status_code, 404)

    def test_another_companys_figures_are_not_in_it(self):
        self._create_requests("2026-11-02", "2026-11-03", company=self.other_company)
        shared = self._create_indicator("W-8", company_id=False)
        shared.action_compute()
        book, _content = self._book(self.kpi_officer, shared)
        values = [row[0] for row in book["W-8"].iter_rows(min_row=5, min_col=4, max_col=4, values_only=True)]
        self.assertEqual(values, [3, 0, 1])

    def test_malformed_requests_are_turned_away(self):
        many = ",".join(str(number) for number in range(1, 300))
        with mute_logger("odoo.http"):
            for ids in ("", "x", "1;2", "1,", "-1", "1%00", "9" * 30, many, "[1]", "1 OR 1=1"):
                self.assertEqual(self._get(self.kpi_officer, ids).status_code, 400, ids[:20])
            self.assertEqual(self.url_open("/sqms_kpi/workbook").status_code, 400)

    def test_button_leads_to_the_download(self):
        action = self.both.with_user(self.kpi_officer).action_workbook()
        self.assertEqual(action["url"], f"/sqms_kpi/workbook?ids={self.count.id},{self.ratio.id}")
