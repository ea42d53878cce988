import csv
import doctest
import io
import tracemalloc
import zipfile
from datetime import date, datetime

import pytz

from odoo.tests import BaseCase, tagged

from odoo.addons.sqms_base.lib.refusal import Refusal

from ..lib import cells, chunks, dates, row_mapping, table_reader, workbook_guard, workbook_reader
from ..lib.row_mapping import Column, Plan, map_row
from ..lib.table_reader import Row, read_table

NOW = datetime(2026, 11, 23)


def english(sentence):
    return sentence._translate("en_US")


def workbook(*rows, name="sheet"):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data


@tagged("post_install", "-at_install", "sqms_alone")
class TestLibDoctests(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        for module in (cells, chunks, dates, row_mapping, table_reader, workbook_guard, workbook_reader):
            failed, _tried = doctest.testmod(module)
            self.assertEqual(failed, 0, module.__name__)


@tagged("post_install", "-at_install", "sqms_alone")
class TestLibCsv(BaseCase):
    def _rows(self, data, **options):
        table = read_table(io.BytesIO(data), **options)
        return table, list(table.rows)

    def _refused(self, data, words, **options):
        with self.assertRaises(Refusal) as caught:
            self._rows(data, **options)
        self.assertIn(words, str(caught.exception))

    def test_utf8_with_byte_order_mark(self):
        table, rows = self._rows("日期,内容\n2024-01-01,漏水\n".encode("utf-8-sig"))
        self.assertEqual(table.header, ["日期", "内容"])
        self.assertEqual(rows, [Row(2, ("2024-01-01", "漏水"))])

    def test_gb18030(self):
        table, rows = self._rows("日期,内容\n2024-01-01,𠮷先生的锅炉漏水\n".encode("gb18030"))
        self.assertEqual(table.encoding, "gb18030")
        self.assertEqual(rows[0].cells[1], "𠮷先生的锅炉漏水")

    def test_neither_encoding_names_the_line(self):
        self._refused(b"a,b\n1,2\n3,\xff\xff\n", "Line 3 is neither UTF-8 nor GB18030")

    def test_encoding_broken_beyond_the_first_chunk(self):
        self._refused(b"a,b\n" + b"1,2\n" * 300_000 + b"\xe4\xbd,1\n\xff\xff,1\n", "Line 3000")

    def test_insisted_encoding(self):
        self._refused("日期\n一\n".encode("gb18030"), "is not written in UTF-8", encoding="utf-8")

    def test_utf16_and_office_files_are_named(self):
        self._refused("a,b\n1,2\n".encode("utf-16"), "UTF-16")
        self._refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "old or password-protected")

    def test_empty_files(self):
        for data in (b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b" \n \n", b",,\n,,\n"):
            with self.subTest(data=data):
                self._refused(data, "The file is empty")

    def test_header_only(self):
        self._refused(b"a,b\n", "column names but no rows")
        self._refused(b"a,b\n,\n", "column names but no rows")

    def test_separator_is_found_in_the_header(self):
        for sign in ",;\t":
            table, rows = self._rows(f"a{sign}b\n1{sign}2\n".encode())
            self.assertEqual((table.header, rows[0].cells), (["a", "b"], ("1", "2")))

    def test_wrong_separator(self):
        self._refused(b"a;b;c\n1;2;3\n", "Wrong separator", separator="comma")
        self._refused(b"a,b\n1,2\n", "Wrong separator", separator="tab")

    def test_one_column_is_no_wrong_separator(self):
        self.assertEqual(self._rows(b"a\n1;2\n", separator="comma")[1][0].cells, ("1;2",))

    def test_separator_inside_quotes(self):
        self.assertEqual(self._rows(b'"a;b",c\n"1;2",3\n')[0].header, ["a;b", "c"])

    def test_header_names(self):
        self._refused(b"a,b,a\n1,2,3\n", "“a” appears twice")
        self._refused(b"a,,c\n1,2,3\n", "Column B has no name")
        self._refused(b"a," + b"x" * 201 + b"\n1,2\n", "is the first line missing?")
        self._refused(",".join(map(str, range(201))).encode() + b"\n1\n", "more than 200 columns")

    def test_trailing_empty_columns_are_dropped(self):
        table, rows = self._rows(b"a,b,,\n1,2,,\n")
        self.assertEqual((table.header, rows[0].cells, rows[0].fault), (["a", "b"], ("1", "2"), None))

    def test_line_numbers_count_lines_of_the_file(self):
        rows = self._rows(b'a,b\n\n"one\ntwo",2\n\n3,4\n')[1]
        self.assertEqual([row.line for row in rows], [3, 6])

    def test_too_many_and_too_few_cells_are_faults_of_the_row(self):
        rows = self._rows(b"a,b\n1,2,3\n1\n1,2\n")[1]
        self.assertIn("3 cells, the column names are 2", english(rows[0].fault))
        self.assertIn("1 cells", english(rows[1].fault))
        self.assertIsNone(rows[2].fault)

    def test_quotation_mark_in_a_cell(self):
        rows = self._rows(b'a,b\n"x"y,2\n1,2\n')[1]
        self.assertIn("quotation mark", english(rows[0].fault))
        self.assertEqual(rows[1].cells, ("1", "2"))

    def test_open_quotation_mark_swallows_nothing(self):
        self._refused(b'a,b\n1,2\n"3,4\n' + b"5,6\n" * 10, "opened on line 3 is not closed")
        self._refused(b'a,b\n1,2\n"3,4\n' + b"5,6\n" * 50_000, "opened on line 3 is not closed")

    def test_too_long_cell_is_a_fault_of_the_row(self):
        rows = self._rows(b"a,b\n1," + b"x" * 40_000 + b"\n1,2\n")[1]
        self.assertIn("Column B holds 40000 characters", english(rows[0].fault))
        self.assertIsNone(rows[1].fault)

    def test_nul_is_refused_with_its_line(self):
        self._refused(b"a,b\n1,2\n3,\0\n", "Line 3 holds a NUL byte")

    def test_formula_signs_are_data(self):
        rows = self._rows(b"a,b,c,d\n=1+1,+86 138,-5,@x\n")[1]
        self.assertEqual(rows[0].cells, ("=1+1", "+86 138", "-5", "@x"))
        self.assertIsNone(rows[0].fault)

    def test_corrected_error_file_comes_back_as_it_was(self):
        rows = self._rows(b"a,b,sqms_line,sqms_reason\n'=1+1,'+86,4,bad\n")
        self.assertEqual(rows[0].header, ["a", "b"])
        self.assertEqual(rows[1][0].cells, ("=1+1", "+86"))

    def test_more_rows_than_promised(self):
        self.patch(table_reader, "MAX_ROWS", 3)
        self.assertEqual(len(self._rows(b"a\n" + b"1\n" * 3)[1]), 3)
        self._refused(b"a\n" + b"1\n" * 4, "more than 3 rows")

    def test_twice_the_rows_same_memory(self):
        def peak(count):
            text = io.StringIO()
            csv.writer(text).writerows([("a", "b"), *((str(i), "text " * 20) for i in range(count))])
            stream = io.BytesIO(text.getvalue().encode())
            tracemalloc.start()
            try:
                for _row in read_table(stream).rows:
                    pass
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        peak(100)
        small, large = peak(20_000), peak(40_000)
        self.assertLess(large, small * 1.2)
        self.assertLess(large, 12_000_000)


@tagged("post_install", "-at_install", "sqms_alone")
class TestLibXlsx(BaseCase):
    def _rows(self, book, **options):
        table = read_table(book if isinstance(book, io.BytesIO) else saved(book), **options)
        return table, list(table.rows)

    def _refused(self, book, words, **options):
        with self.assertRaises(Refusal) as caught:
            self._rows(book, **options)
        self.assertIn(words, str(caught.exception))

    def _zipped(self, **parts):
        """A valid workbook with parts replaced or added."""
        data = io.BytesIO()
        with zipfile.ZipFile(saved(workbook(("a",), ("1",)))) as old, zipfile.ZipFile(data, "w", 8) as new:
            for name in old.namelist():
                if name not in parts:
                    new.writestr(name, old.read(name))
            for name, content in parts.items():
                new.writestr(name, content)
        data.seek(0)
        return data

    def test_values_and_real_dates(self):
        moment = datetime(2024, 2, 3, 14, 5)
        table, rows = self._rows(
            workbook(("day", "zip", "n", "x"), (moment, 24540, 1.5, None), (None, "007", True, "=no"))
        )
        self.assertEqual(table.header, ["day", "zip", "n", "x"])
        self.assertEqual(rows[0].cells[:3], (moment, "24540", "1.5"))
        self.assertEqual(rows[1].cells[1:3], ("007", "TRUE"))

    def test_formula_is_refused_with_line_and_column(self):
        rows = self._rows(workbook(("a", "b"), ("1", "=1+1"), ("1", "2")))[1]
        self.assertEqual((rows[0].line, rows[1].fault), (2, None))
        self.assertIn("Column B holds a formula", english(rows[0].fault))
        self._refused(workbook(("a", "=A2"), ("1", "2")), "Column B holds a formula")

    def test_text_that_starts_like_a_formula_is_text(self):
        book = workbook(("a", "b"), ("1", "x"))
        book.active["B2"].value = "=1+1"
        book.active["B2"].data_type = "s"
        self.assertEqual(self._rows(book)[1][0].cells, ("1", "=1+1"))

    def test_excel_errors_are_faults(self):
        self.assertIn("#N/A", english(self._rows(workbook(("a",), ("#N/A",)))[1][0].fault))

    def test_rows_beyond_the_written_size_are_read(self):
        data = saved(workbook(("a", "b"), *[(str(i), "x") for i in range(50)]))
        with zipfile.ZipFile(data) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        self.assertIn(b'<dimension ref="A1:B51"', sheet)
        parts = {"xl/worksheets/sheet1.xml": sheet.replace(b"A1:B51", b"A1:A2")}
        changed = io.BytesIO()
        with zipfile.ZipFile(data) as old, zipfile.ZipFile(changed, "w", 8) as new:
            for name in old.namelist():
                new.writestr(name, parts.get(name) or old.read(name))
        table, rows = self._rows(changed)
        self.assertEqual((table.header, len(rows)), (["a", "b"], 50))

    def test_several_sheets_need_a_name(self):
        book = workbook(("a",), ("1",), name="one")
        other = book.create_sheet("two")
        book.create_sheet("empty")
        self.assertEqual(len(self._rows(book)[1]), 1)
        for row in (("b",), ("2",), ("3",)):
            other.append(row)
        self._refused(book, "one, two")
        self.assertEqual(self._rows(book, sheet="two")[0].header, ["b"])
        self._refused(book, "no sheet “three”", sheet="three")

    def test_empty_and_header_only(self):
        self._refused(workbook(), "The file is empty")
        self._refused(workbook(("a", "b")), "column names but no rows")

    def test_gaps_and_short_rows(self):
        book = workbook(("a", "b", "c"))
        book.active["A3"] = "1"
        book.active["B9"] = "2"
        rows = self._rows(book)[1]
        self.assertEqual(
            [(row.line, row.cells, row.fault) for row in rows], [(3, ("1", "", ""), None), (9, ("", "2", ""), None)]
        )

    def test_macros_are_refused(self):
        self._refused(self._zipped(**{"xl/vbaProject.bin": b"x"}), "macros")
        types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
        self._refused(self._zipped(**{"[Content_Types].xml": types}), "macros")

    def test_zip_bombs_are_refused_before_they_unpack(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", 8) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            with archive.open("xl/worksheets/sheet1.xml", "w") as part:
                for _ in range(101):
                    part.write(b" " * 1024 * 1024)
        self._refused(bomb, "unpacks to 101 MB")
        self._refused(self._zipped(**{f"xl/{number}.bin": b"" for number in range(1001)}), "parts")

    def test_packed_a_hundredfold_is_refused_from_some_size_on(self):
        small = self._zipped(**{"xl/media.bin": b" " * 1024 * 1024})
        self.assertEqual(len(self._rows(small)[1]), 1)
        self._refused(self._zipped(**{"xl/media.bin": b" " * 11 * 1024 * 1024}), "more than a list of complaints")

    def test_entities_are_refused(self):
        for start in (
            b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
            b"<!--" + b"-x" * 600_000 + b"--><!DOCTYPE x>",
            "<x>".encode("utf-16"),
        ):
            with self.subTest(start=start[:20]):
                self._refused(self._zipped(**{"xl/worksheets/sheet1.xml": start + b"<worksheet/>"}), "XML")

    def test_damaged_and_foreign_archives(self):
        data = saved(workbook(("a",), ("1",))).getvalue()
        self._refused(io.BytesIO(data[: len(data) // 2]), "damaged")
        self._refused(self._zipped(**{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "damaged")
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        self._refused(other, "not an Excel workbook")

    def test_kind_that_the_profile_insists_on(self):
        self._refused(workbook(("a",), ("1",)), "expects CSV, but this is XLSX", kind="csv")
        self._refused(io.BytesIO(b"a\n1\n"), "expects XLSX, but this is CSV", kind="xlsx")


@tagged("post_install", "-at_install", "sqms_alone")
class TestLibDates(BaseCase):
    def test_only_the_agreed_format(self):
        for text, date_format, expected in (
            ("7/29/2013", "mdy", datetime(2013, 7, 29)),
            ("29.07.2013", "dmy", datetime(2013, 7, 29)),
            ("2013-7-29", "ymd", datetime(2013, 7, 29)),
            ("2013/07/29 08:05:09", "ymd", datetime(2013, 7, 29, 8, 5, 9)),
            ("2026年11月9日", "zh", datetime(2026, 11, 9)),
            ("２０２６年１１月９日", "zh", datetime(2026, 11, 9)),
            ("7/29/2013 2:05 PM", "mdy", datetime(2013, 7, 29, 14, 5)),
            ("7/29/2013 12:05 AM", "mdy", datetime(2013, 7, 29, 0, 5)),
        ):
            with self.subTest(text=text):
                self.assertEqual(dates.parse_date(text, date_format)[0], expected)

    def test_everything_else_is_refused_with_the_value(self):
        for text, date_format in (
            ("31/02/2024", "dmy"),
            ("29/02/2023", "dmy"),
            ("7/29/2013", "dmy"),
            ("29/7/2013", "mdy"),
            ("7/29/13", "mdy"),
            ("2013-07-29", "mdy"),
            ("20130729", "ymd"),
            ("2024-02-30T10:00", "ymd"),
            ("2024-01-01 25:00", "ymd"),
            ("2024-01-01 13:00 PM", "ymd"),
            ("soon", "ymd"),
            ("01/01/0024", "dmy"),
        ):
            with self.subTest(text=text), self.assertRaises(Refusal) as caught:
                dates.parse_date(text, date_format)
            year_first = "0024-01-01" if text == "01/01/0024" else text
            self.assertIn(year_first, str(caught.exception))

    def test_a_day_stays_the_day_for_readers_around_the_world(self):
        for zone in ("Asia/Shanghai", "UTC", "America/New_York"):
            utc = dates.to_moment(datetime(2024, 1, 31), False, zone, NOW).utc
            for reader in (
                "Pacific/Honolulu",
                "America/Los_Angeles",
                "Europe/Berlin",
                "Asia/Shanghai",
                "Australia/Sydney",
            ):
                with self.subTest(zone=zone, reader=reader):
                    self.assertEqual(dates.local_day(utc, pytz.timezone(reader)), date(2024, 1, 31))

    def test_today_is_not_in_the_future(self):
        now = datetime(2024, 1, 31, 3)
        today = dates.to_moment(datetime(2024, 1, 31), False, "Asia/Shanghai", now)
        self.assertEqual((today.utc, today.told()), (now, "2024-01-31"))
        self.assertGreater(dates.to_moment(datetime(2024, 2, 1), False, "Asia/Shanghai", now).utc, now)


@tagged("post_install", "-at_install", "sqms_alone")
class TestLibMapping(BaseCase):
    header = ["Day", "A", "B", "C", "State", "Mail", "Extra"]
    plan = Plan(
        columns=(
            Column("Day", "received_at", required=True),
            Column("A", "category_1"),
            Column("B", "category_2"),
            Column("C", "category_3"),
            Column("State", "state", values={"open": "investigating", "done": "closed"}),
            Column("Mail", "customer_email"),
        ),
        date_format="ymd",
        zone="UTC",
        choices={"state": ("received", "investigating", "closed")},
    )

    def _map(self, *cells, plan=None, line=2):
        return map_row(Row(line, cells), self.header, plan or self.plan, NOW)

    def test_row_in_our_words(self):
        mapped = self._map("2024-01-05", " Bank ", "", "Fees", "Done", "a@b.org", "x")
        self.assertEqual(
            mapped.values,
            {
                "received_at": datetime(2024, 1, 5, 12),
                "category": ("Bank", "Fees"),
                "state": "closed",
                "customer_email": "a@b.org",
            },
        )
        self.assertEqual(mapped.faults, [])

    def test_nothing_is_lost(self):
        kept = self._map("2024-01-05", "Bank", "", "Fees", "Done", "", "x").kept
        self.assertEqual(kept, {"A": "Bank", "C": "Fees", "State": "Done", "Extra": "x"})
        kept = self._map("2024-01-05", "Bank", "Fees", "", "Done", "", "x").kept
        self.assertEqual(kept, {"State": "Done", "Extra": "x"})

    def test_all_faults_of_a_row_are_found(self):
        faults = self._map("2024-02-31", "", "", "", "unheard of", "no mail", "").faults
        self.assertEqual([(column, value) for column, value, _fault in faults],
                         [("Day", "2024-02-31"), ("State", "unheard of"), ("Mail", "no mail")])  # fmt: skip

    def test_required_cell(self):
        ((column, _value, fault),) = self._map("", "", "", "", "", "", "").faults
        self.assertEqual((column, english(fault)), ("Day", "The cell is empty, but it is needed."))

    def test_raw_state_of_ours_is_taken_from_the_list_alone(self):
        self.assertFalse(self._map("2024-01-05", "", "", "", "closed", "", "").faults)
        self.assertTrue(self._map("2024-01-05", "", "", "", "decided", "", "").faults)

    def test_future_and_contradicting_dates(self):
        future = self._map("2026-11-24", "", "", "", "", "", "")
        self.assertIn("in the future", english(future.faults[0][2]))
        plan = self.plan._replace(columns=(*self.plan.columns[:1], Column("A", "closed_at"), self.plan.columns[4]))
        early = self._map("2024-01-05", "2024-01-04", "", "", "done", "", "", plan=plan)
        self.assertIn("before it was received", english(early.faults[0][2]))
        same_day = self._map("2024-01-05 18:00", "2024-01-05", "", "", "done", "", "", plan=plan)
        self.assertEqual(same_day.faults, [])
        self.assertEqual(same_day.values["closed_at"], same_day.values["received_at"])
        backwards = self._map("2024-01-05 18:00", "2024-01-05 17:00", "", "", "done", "", "", plan=plan)
        self.assertIn("before it was received", english(backwards.faults[0][2]))
        today = map_row(Row(2, (NOW.date().isoformat(), *[""] * 6)), self.header, self.plan, NOW)
        self.assertEqual(today.faults, [])
        still_open = self._map("2024-01-05", "2024-01-06", "", "", "open", "", "", plan=plan)
        self.assertIn("is not closed", english(still_open.faults[0][2]))

    def test_identity_is_what_the_row_says(self):
        row = ("2024-01-05", "Bank", "", "", "", "", "x")
        same = self._map(*row, line=9)
        self.assertEqual(self._map(*row).identity, same.identity)
        self.assertNotEqual(self._map(*row[:-1], "y").identity, same.identity)
        self.assertEqual(self._map(datetime(2024, 1, 5), *row[1:]).identity, same.identity)

    def test_identity_by_reference_and_by_key(self):
        by_reference = self.plan._replace(columns=(*self.plan.columns, Column("Extra", "external_ref")), source="A")
        row = ("2024-01-05", "Bank", "", "", "", "", "77")
        other = ("2024-03-05", "Shop", "", "", "", "", "77")
        self.assertEqual(self._map(*row, plan=by_reference).identity, self._map(*other, plan=by_reference).identity)
        elsewhere = by_reference._replace(source="B")
        self.assertNotEqual(self._map(*row, plan=by_reference).identity, self._map(*row, plan=elsewhere).identity)
        by_key = self.plan._replace(columns=(self.plan.columns[0], Column("Extra", "history", is_key=True)))
        self.assertEqual(self._map(*row, plan=by_key).identity, self._map(*other, plan=by_key).identity)
