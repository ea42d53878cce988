import codecs
import contextlib
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.refusal import Refusal

from .cells import OWN_COLUMNS, Row, letters, restore, text_of
from .workbook_reader import open_workbook

_lt = LazyTranslate(__name__)

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
MAX_NAME = 200
CHUNK = 1024 * 1024
HEAD = 64 * 1024


class Table(NamedTuple):
    header: list
    rows: Iterator  # of Row
    kind: str
    encoding: str = ""
    separator: str = ""


def read_table(stream, kind="any", separator="auto", encoding="auto", sheet=""):
    """Open a table: header at once, rows one by one, so that the size of the file does not matter.

    1. The kind is what the first bytes say; a profile may insist on one.
    2. Empty lines are passed over; every other line comes back, with its fault if it has one.
    3. A file that would lose or shift data as a whole is refused with one sentence.

    :param stream: binary and seekable
    :param kind: any, csv or xlsx
    :param separator: auto, or a key of SEPARATORS
    :param encoding: auto (byte order mark, strict UTF-8, strict GB18030), or a key of ENCODINGS
    :param sheet: name of the sheet; empty where the workbook holds one sheet only
    :raise Refusal: also while rows are read
    """
    found = _kind_of(stream)
    if kind not in ("any", found):
        raise Refusal(
            _lt("The profile expects %(expected)s, but this is %(found)s.", expected=kind.upper(), found=found.upper())
        )
    if found == "xlsx":
        header, rows = open_workbook(stream, sheet)
        details = {}
    else:
        encoding = _check_encoding(stream, encoding)
        separator = _choose_separator(_head(stream, encoding), separator)
        header, rows = _open_csv(stream, encoding, separator)
        details = {"encoding": encoding, "separator": separator}
    names, keep = _check_header(header)
    rows = _checked(rows, len(header), keep, strict=found == "csv")
    first = next(rows, None)
    if first is None:
        raise Refusal(_lt("The file has column names but no rows."))
    return Table(names, _chain(first, rows), found, **details)


def _chain(first, rows):
    yield first
    yield from rows


def _kind_of(stream):
    stream.seek(0)
    start = stream.read(8)
    stream.seek(0)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        if not start or not stream.read(HEAD).strip(b"\xef\xbb\xbf \t\r\n"):
            raise Refusal(_lt("The file is empty."))
        stream.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(
            _lt("This is an old or password-protected Office file. Save it as .xlsx without password, or as CSV UTF-8.")
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(_lt("The file is in UTF-16 (“Unicode text”). Save it as “CSV UTF-8”."))
    return "csv"


# -- CSV -----------------------------------------------------------------------


def _check_encoding(stream, encoding):
    """The encoding that every byte of the file obeys."""
    _refuse_nul(stream)
    for name in ENCODINGS if encoding == "auto" else (encoding,):
        bad_line = _first_bad_line(stream, ENCODINGS[name])
        if not bad_line:
            return name
    if encoding == "auto":
        raise Refusal(
            _lt(
                "Line %(line)s is neither UTF-8 nor GB18030. Open the file in the spreadsheet program and save it as "
                "“CSV UTF-8”.",
                line=bad_line,
            )
        )
    raise Refusal(_lt("Line %(line)s is not written in %(encoding)s.", line=bad_line, encoding=encoding.upper()))


def _refuse_nul(stream):
    stream.seek(0)
    line = 1
    while chunk := stream.read(CHUNK):
        position = chunk.find(b"\0")
        if position >= 0:
            line += chunk.count(b"\n", 0, position)
            raise Refusal(_lt("Line %(line)s holds a NUL byte: this is no text file.", line=line))
        line += chunk.count(b"\n")


def _first_bad_line(stream, codec):
    """Number of the first line that the codec does not accept, 0 if it accepts all."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    stream.seek(0)
    line = 1
    while True:
        chunk = stream.read(CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return line + chunk.count(b"\n", 0, error.start)
        if not chunk:
            return 0
        line += chunk.count(b"\n")


def _text(stream, encoding):
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=ENCODINGS[encoding], newline="")


def _head(stream, encoding):
    text = _text(stream, encoding)
    try:
        return text.read(HEAD)
    finally:
        text.detach()


def _choose_separator(head, separator):
    """The sign between the columns, judged by the header line alone."""
    widths = {name: len(_first_row(head, sign)) for name, sign in SEPARATORS.items()}
    best = max(widths, key=widths.get)
    if separator == "auto":
        return best
    if widths[separator] == 1 and widths[best] > 1:
        raise Refusal(
            _lt(
                "Wrong separator: read with “%(expected)s” the file has a single column, with “%(better)s” it has "
                "%(count)s. Choose the separator in the profile.",
                expected=SEPARATORS[separator].replace("\t", "TAB"),
                better=SEPARATORS[best].replace("\t", "TAB"),
                count=widths[best],
            )
        )
    return separator


def _first_row(head, sign):
    lines = io.StringIO(head.lstrip("\r\n"), newline="")
    return next(csv.reader(lines, delimiter=sign), [])


def _open_csv(stream, encoding, separator):
    text = _text(stream, encoding)
    reader = csv.reader(text, delimiter=SEPARATORS[separator], strict=True)
    rows = _csv_rows(text, reader)
    row = next((row for row in rows if row.fault or any(map(str.strip, row.cells))), None)
    if row is None:
        raise Refusal(_lt("The file is empty."))
    if row.fault:
        raise Refusal(row.fault)
    return row.cells, rows


def _csv_rows(text, reader):
    """Rows with the number of the line they start on; the wrapper leaves the file open for the next reader."""
    try:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(line, (), _csv_fault(error, line))
                continue
            yield Row(line, tuple(map(restore, cells)))
    finally:
        with contextlib.suppress(ValueError):  # the file may be closed before the last row was asked for
            text.detach()


def _csv_fault(error, line):
    if "expected after" in str(error):
        return _lt("A quotation mark stands in the middle of a cell. Double it, or remove it.")
    raise Refusal(
        _lt(
            "A quotation mark that is opened on line %(line)s is not closed: what follows would become one cell.",
            line=line,
        )
    ) from error


# -- rows ----------------------------------------------------------------------


def _check_header(header):
    """Names of the columns and the positions to keep.

    :raise Refusal: no name, two equal names, too many
    """
    names = [text_of(name) for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise Refusal(_lt("The file has more than %(limit)s columns.", limit=MAX_COLUMNS))
    for position, name in enumerate(names):
        if not name:
            raise Refusal(_lt("Column %(column)s has no name in the first line.", column=letters(position)))
        if len(name) > MAX_NAME:
            raise Refusal(
                _lt("The name of column %(column)s is too long: is the first line missing?", column=letters(position))
            )
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise Refusal(_lt("The column “%(column)s” appears twice. Give each column its own name.", column=twice[0]))
    keep = [position for position, name in enumerate(names) if name not in OWN_COLUMNS]
    return [names[position] for position in keep], keep


def _checked(rows, width, keep, strict):
    """The rows that hold something, cut to the header, with the first fault of each."""
    count = 0
    for row in rows:
        texts = [cell for cell in row.cells if not isinstance(cell, str) or cell.strip()]
        if not texts and not row.fault:
            continue
        count += 1
        if count > MAX_ROWS:
            raise Refusal(_lt("The file has more than %(limit)s rows. Please split it.", limit=f"{MAX_ROWS:,}"))
        fault = row.fault or _width_fault(row.cells, width, strict) or _cell_fault(row.cells)
        cells = row.cells + ("",) * (width - len(row.cells))
        yield Row(row.line, tuple(cells[position] for position in keep), fault)


def _width_fault(cells, width, strict):
    if len(cells) > width and any(map(text_of, cells[width:])) or strict and len(cells) < width:
        return _lt(
            "The line has %(found)s cells, the column names are %(expected)s: a separator too many or too few.",
            found=len(cells),
            expected=width,
        )
    return None


def _cell_fault(cells):
    text = "".join(cell for cell in cells if isinstance(cell, str))
    if len(text) > MAX_CELL:
        for position, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                return _lt(
                    "Column %(column)s holds %(found)s characters, more than %(limit)s.",
                    column=letters(position),
                    found=len(cell),
                    limit=MAX_CELL,
                )
    if "\0" in text or not text.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in text):
        return _lt("The line holds signs that are no text.")
    return None
