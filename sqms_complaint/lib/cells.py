import hashlib
from datetime import date, datetime, time
from typing import NamedTuple

# Spreadsheets run a cell that starts with one of these.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# What error files add; a corrected error file is read back without them.
OWN_COLUMNS = ("sqms_line", "sqms_reason")


def text_of(cell):
    """A cell as text, the same whether it came from CSV or from a workbook.

    >>> text_of(24540.0), text_of(None), text_of(" Bejing "), text_of(True)
    ('24540', '', 'Bejing', 'TRUE')
    >>> text_of(datetime(2013, 7, 29)), text_of(datetime(2013, 7, 29, 14, 5))
    ('2013-07-29', '2013-07-29 14:05:00')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip().strip("\ufeff")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def fold(text):
    """The form in which two spellings of one name are the same.

    >>> fold("  Vehicle   LOAN ") == fold("vehicle loan")
    True
    """
    return " ".join(text.split()).casefold()


def row_digest(pairs):
    """Fingerprint of a row from its (column, text) pairs; the order of the columns does not matter.

    >>> row_digest([("a", "1"), ("b", "2")]) == row_digest([("b", "2"), ("a", "1")])
    True
    >>> row_digest([("a", "1"), ("b", "")]) == row_digest([("a", ""), ("b", "1")])
    False
    """
    digest = hashlib.sha256()
    for name, text in sorted(pairs):
        for part in (name, text):
            data = part.encode()
            digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()[:32]


def neutralise(text):
    """A cell that no spreadsheet takes for a formula.

    >>> neutralise("=1+1"), neutralise("+86 138"), neutralise("plain")
    ("'=1+1", "'+86 138", 'plain')
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def restore(text):
    """What `neutralise` was given: error files come back corrected, and a phone number stays one.

    >>> restore(neutralise("+86 138")), restore("'quoted'")
    ('+86 138', "'quoted'")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


class Row(NamedTuple):
    """A line of the table: its number in the file, its cells, and what is wrong with the line as such.

    `cells` are texts, or dates where a workbook holds real ones.
    """

    line: int
    cells: tuple
    fault: object = None


def letters(position):
    """The name of a column in a spreadsheet.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name
