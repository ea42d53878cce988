"""Figures as a workbook, without the ORM: an overview, then a sheet with table and chart for each indicator."""

import io
import re
from typing import NamedTuple

import xlsxwriter

# What people typed stays text: no formula, no link, no number is made of it.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_SHEET, LONGEST_TEXT = 31, 1000
FIRST_ROW = 4


class Sheet(NamedTuple):
    """What is shown of one indicator.

    :param facts: (label, text) pairs shown on the overview
    :param rows: (month, numerator, denominator or None, value or None, n), oldest first
    """

    code: str
    name: str
    unit: str
    decimals: int
    facts: tuple
    rows: list


class Words(NamedTuple):
    """The labels in the reader's language."""

    overview: str
    title: str
    made: str
    code: str
    name: str
    period: str
    numerator: str
    denominator: str
    value: str
    n: str
    month_format: str


def build(sheets, words):
    """The workbook as bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    styles = _styles(book, words)
    names = sheet_names([words.overview, *(sheet.code for sheet in sheets)])
    overview = book.add_worksheet(names[0])
    for sheet, name in zip(sheets, names[1:], strict=True):
        _write_indicator(book, sheet, name, words, styles)
    _write_overview(overview, sheets, names[1:], words, styles)
    book.close()
    return target.getvalue()


def sheet_names(texts):
    """Names that Excel takes: at most 31 characters, none of []:*?/\\, no two alike.

    >>> sheet_names(["C/01", "c/01", "'=1+1'", ""])
    ['C 01', 'c 01 2', '=1+1', '-']
    """
    taken, names = set(), []
    for text in texts:
        base = FORBIDDEN.sub(" ", text).strip("' ")[:LONGEST_SHEET].strip("' ") or "-"
        name, number = base, 1
        while name.lower() in taken or name.lower() == "history":
            number += 1
            name = f"{base[: LONGEST_SHEET - len(str(number)) - 1]} {number}"
        taken.add(name.lower())
        names.append(name)
    return names


def number_format(decimals):
    """
    >>> number_format(0), number_format(2)
    ('#,##0', '#,##0.00')
    """
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _styles(book, words):
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "muted": book.add_format({"italic": True}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "month": book.add_format({"num_format": words.month_format, "align": "left"}),
        "count": book.add_format({"num_format": number_format(0)}),
        **{decimals: book.add_format({"num_format": number_format(decimals)}) for decimals in range(7)},
    }


def _text(sheet, row, column, text, style=None):
    sheet.write_string(row, column, (text or "")[:LONGEST_TEXT], style)


def _write_indicator(book, sheet, name, words, styles):
    page = book.add_worksheet(name)
    _text(page, 0, 0, f"{sheet.code} {sheet.name}", styles["title"])
    _text(page, 1, 0, "; ".join(f"{label}: {text}" for label, text in sheet.facts if text), styles["muted"])
    unit = f" ({sheet.unit})" if sheet.unit else ""
    heads = (words.period, words.numerator, words.denominator, words.value + unit, words.n)
    for column, head in enumerate(heads):
        _text(page, FIRST_ROW - 1, column, head, styles["head"])
    for number, row in enumerate(sheet.rows, FIRST_ROW):
        _write_row(page, number, row, styles, sheet.decimals)
    page.set_column(0, 4, 14)
    page.freeze_panes(FIRST_ROW, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    if sheet.rows:
        page.insert_chart(FIRST_ROW - 1, 6, _chart(book, sheet, name, words), {"x_scale": 1.5, "y_scale": 1.4})


def _write_row(page, number, row, styles, decimals):
    month, numerator, denominator, value, n = row
    page.write_datetime(number, 0, month, styles["month"])
    page.write_number(number, 1, numerator, styles["count"])
    if denominator is not None:
        page.write_number(number, 2, denominator, styles["count"])
    if value is not None:
        page.write_number(number, 3, value, styles[decimals])
    page.write_number(number, 4, n, styles["count"])


def _chart(book, sheet, name, words):
    last = FIRST_ROW + len(sheet.rows) - 1
    chart = book.add_chart({"type": "line"})
    chart.add_series(
        {
            # References: a name in plain words would be taken for a formula if it begins with “=”.
            "name": [name, 0, 0],
            "categories": [name, FIRST_ROW, 0, last, 0],
            "values": [name, FIRST_ROW, 3, last, 3],
            "marker": {"type": "circle", "size": 5},
        }
    )
    chart.set_title({"name": [name, 0, 0]})
    chart.set_x_axis(
        {"date_axis": True, "num_format": words.month_format, "major_unit": 1, "major_unit_type": "months"}
    )
    chart.set_y_axis({"num_format": number_format(sheet.decimals), "major_gridlines": {"visible": True}})
    chart.set_legend({"none": True})
    chart.show_blanks_as("gap")
    return chart


def _write_overview(page, sheets, names, words, styles):
    _text(page, 0, 0, words.title, styles["title"])
    _text(page, 1, 0, words.made, styles["muted"])
    labels = [label for label, _text_ in sheets[0].facts] if sheets else []
    for column, head in enumerate((words.code, words.name, words.period, words.value, words.n, *labels)):
        _text(page, FIRST_ROW - 1, column, head, styles["head"])
    for number, (sheet, name) in enumerate(zip(sheets, names, strict=True), FIRST_ROW):
        quoted = name.replace("'", "''")
        page.write_url(number, 0, f"internal:'{quoted}'!A1", string=sheet.code[:LONGEST_TEXT])
        _text(page, number, 1, sheet.name)
        known = [row for row in sheet.rows if row[3] is not None]
        if known:
            month, _numerator, _denominator, value, n = known[-1]
            page.write_datetime(number, 2, month, styles["month"])
            page.write_number(number, 3, value, styles[sheet.decimals])
            page.write_number(number, 4, n, styles["count"])
        for column, (_label, text) in enumerate(sheet.facts, 5):
            _text(page, number, column, text)
    page.set_column(0, 0, 12)
    page.set_column(1, 1, 40)
    page.set_column(2, 8, 16)
    page.freeze_panes(FIRST_ROW, 0)
