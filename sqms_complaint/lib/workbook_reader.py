"""Tables in workbooks (XLSX), read without trusting what the file says of itself."""

import warnings
from itertools import islice

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.refusal import Refusal

from .cells import Row, letters, text_of
from .workbook_guard import check_workbook

_lt = LazyTranslate(__name__)

LAST_EXCEL_ROW = 1_048_576


def open_workbook(stream, sheet):
    """Column names and rows of a sheet, streamed.

    :return: (names, iterator of Row)
    :raise Refusal: damaged, empty, several sheets and none named, no such sheet
    """
    from openpyxl import load_workbook

    check_workbook(stream)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            worksheet = _choose_sheet(workbook.worksheets, sheet)
    except Refusal:
        raise
    except Exception as error:
        # The parser raises whatever its XML or zip libraries raise.
        raise Refusal(_lt("The workbook is damaged. Open it in the spreadsheet program and save it again.")) from error
    rows = _workbook_rows(worksheet)
    row = next((row for row in rows if any(map(text_of, row.cells))), None)
    if row is None:
        raise Refusal(_lt("The file is empty."))
    if row.fault:
        raise Refusal(_lt("Line %(line)s, the column names: %(fault)s", line=row.line, fault=row.fault))
    return tuple(map(text_of, row.cells)), rows


def _choose_sheet(worksheets, sheet):
    if sheet:
        for worksheet in worksheets:
            if worksheet.title == sheet:
                worksheet.reset_dimensions()
                return worksheet
        raise Refusal(
            _lt(
                "The workbook has no sheet “%(sheet)s”; it has: %(sheets)s.",
                sheet=sheet,
                sheets=", ".join(worksheet.title for worksheet in worksheets),
            )
        )
    filled = []
    for worksheet in worksheets:
        # The size written in the file may lie: rows beyond it would be lost without a word.
        worksheet.reset_dimensions()
        if any(any(row) for row in islice(worksheet.iter_rows(values_only=True), 50)):
            filled.append(worksheet)
    if len(filled) > 1:
        raise Refusal(
            _lt(
                "The workbook has several sheets: %(sheets)s. Name the right one in the profile.",
                sheets=", ".join(worksheet.title for worksheet in filled),
            )
        )
    if not filled:
        raise Refusal(_lt("The file is empty."))
    return filled[0]


def _workbook_rows(worksheet):
    rows = worksheet.iter_rows()
    line = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                chunk = list(islice(rows, 500))
        except Exception as error:
            raise Refusal(
                _lt("The workbook is damaged after line %(line)s. Save it again and try anew.", line=line)
            ) from error
        if not chunk:
            return
        for cells in chunk:
            line += 1
            if line > LAST_EXCEL_ROW:
                raise Refusal(_lt("The workbook has more lines than a sheet can hold."))
            yield _workbook_row(line, cells)


def _workbook_row(line, cells):
    values = []
    fault = None
    for position, cell in enumerate(cells):
        if cell.data_type == "f" and not fault:
            fault = _lt(
                "Column %(column)s holds a formula. Copy the column and paste it as values.",
                column=letters(position),
            )
        elif cell.data_type == "e" and not fault:
            fault = _lt(
                "Column %(column)s holds the error %(value)s.", column=letters(position), value=text_of(cell.value)
            )
        value = cell.value
        values.append(value if hasattr(value, "isoformat") and hasattr(value, "year") else _plain(value))
    return Row(line, tuple(values), fault)


def _plain(value):
    return text_of(getattr(value, "text", value))
