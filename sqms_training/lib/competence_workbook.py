"""The competence matrix as a workbook, written row by row while the rows come. No database."""

import io
import tempfile

import xlsxwriter

# Paper and screen of a spreadsheet know no theme: a pale ground, dark letters, and always a word.
TONES = {
    "missing": ("#F8D7DA", "#58151C"),
    "revoked": ("#F8D7DA", "#58151C"),
    "expired": ("#F8D7DA", "#58151C"),
    "upcoming": ("#F8D7DA", "#58151C"),
    "lower": ("#F8D7DA", "#58151C"),
    "expiring": ("#FFF3CD", "#664D03"),
    "valid": ("#D1E7DD", "#0A3622"),
}
NOT_NEEDED = "–"
HEAD_ROWS = 3


def write_matrix(title, people_heads, columns, rows, total):
    """An open temporary file with the workbook, at its beginning.

    1. `people_heads` are the headers of the columns that say who, `columns` are (name, detail) of each requirement,
       `rows` yields (who, cells): the texts of a person and, for each requirement, (standing, text) or None.
    2. `total` is called when all rows are written and gives the texts of the last row.
    3. Every text is written as text: what begins with "=" is no formula, what looks like an address is no link.
    4. Three rows of headers and the columns that say who stay in sight; nothing is kept in memory but one row.

    >>> book = write_matrix("Matrix", ["Name"], [("Gas", "permit")], [(["=1+1"], [("valid", "until May")])], lambda: [])
    >>> book.read(2)
    b'PK'
    """
    stream = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 -- the caller reads and closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet()
        strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        quiet = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "font_color": "#6C757D"})
        plain = book.add_format({"border": 1})
        tones = {
            standing: book.add_format({"bg_color": ground, "font_color": ink, "border": 1})
            for standing, (ground, ink) in TONES.items()
        }
        who = len(people_heads)
        sheet.freeze_panes(HEAD_ROWS, who)
        sheet.set_column(0, who - 1, 22)
        sheet.set_column(who, who + len(columns), 18)
        sheet.write_string(0, 0, title, book.add_format({"bold": True}))
        _write_row(sheet, 1, [(text, strong) for text in [*people_heads, *(name for name, _detail in columns)]])
        _write_row(sheet, 2, [("", quiet)] * who + [(detail, quiet) for _name, detail in columns])
        number = HEAD_ROWS
        for people, cells in rows:
            shown = [(cell[1], tones[cell[0]]) if cell else (NOT_NEEDED, quiet) for cell in cells]
            _write_row(sheet, number, [(text, plain) for text in people] + shown)
            number += 1
        _write_row(sheet, number, [(text, strong) for text in total()])
        sheet.autofilter(2, 0, max(number - 1, 2), who + len(columns) - 1)
    stream.seek(0, io.SEEK_SET)
    return stream


def _write_row(sheet, number, cells):
    for column, (text, style) in enumerate(cells):
        sheet.write_string(number, column, text, style)
