"""Reading a sheet of certificates: bytes in, rows by the name of their column out; no database, no `self`.

1. A sheet is an XLSX or CSV file; what `file_check` of the platform refuses is refused, and so is one that is larger
   unpacked than a sheet of this kind can be, or that brings definitions of its own in its XML.
2. One of the first rows names the columns, in English or Chinese: a person, a certificate and its first day at least.
   What stands above it is a title. Two columns of one meaning are refused.
3. Formulas are not computed and their last result is not believed: such a cell is marked.
4. More than `MAX_ROWS` rows are refused before they are read, empty ones among them.
"""

import csv
import io
import re
import unicodedata
import zipfile
from typing import NamedTuple

from odoo.addons.sqms_base.lib.file_check import check as check_file

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_TEXT = 300
MAX_TITLES = 5

PERSON = ("barcode", "email", "identification", "name")

# The first name of each language is that of the template.
COLUMNS = {
    "barcode": ("Badge ID", "工号", "barcode", "badge", "employee number", "条码", "员工号", "员工编号", "员工卡号"),
    "email": ("Work Email", "工作邮箱", "email", "e-mail", "work e-mail", "邮箱", "电子邮件", "电子邮箱"),
    "identification": (
        "Identification No", "身份证号", "identification number", "id number", "id no", "身份证", "身份证号码",
        "证件号", "证件号码",
    ),
    "name": ("Employee", "姓名", "name", "employee name", "full name", "员工", "员工姓名", "持证人"),
    "type": ("Type", "证书类型", "certificate type", "skill type", "类型", "技能类型", "证书类别"),
    "skill": ("Certificate", "证书名称", "certificate name", "skill", "证书", "技能", "作业项目"),
    "level": ("Level", "等级", "skill level", "级别", "证书等级"),
    "number": (
        "Number of the Authority", "证书编号", "number", "certificate number", "certificate no", "编号", "证号",
        "发证机关编号",
    ),
    "issuer": ("Issued By", "发证机关", "issuer", "authority", "颁发机构", "发证单位", "发证机构"),
    "valid_from": (
        "Valid From", "有效期起", "from", "start", "issued on", "date of issue", "发证日期", "有效期自", "起始日期",
        "生效日期",
    ),
    "valid_to": (
        "Valid Until", "有效期至", "valid to", "until", "expires", "expires on", "expiry date", "有效期止", "到期日期",
        "失效日期",
    ),
}  # fmt: skip


class BadSheet(ValueError):
    """The file is not read; `args` are the reason and what it is about."""


class Formula(str):
    """A cell that would be computed; its text is not used."""

    __slots__ = ()


class Sheet(NamedTuple):
    """`rows` are `(row number, {column: value})`; `ignored` the headers that mean nothing here."""

    rows: list
    ignored: list


def plain(text):
    """What names are compared by.

    >>> plain("  Low-Voltage   Electrician "), plain("低压电工（Ｆull）")
    ('low-voltage electrician', '低压电工(full)')
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(text or ""))).strip().casefold()


_MEANINGS = {plain(name): column for column, names in COLUMNS.items() for name in names}


def read_sheet(name, content):
    """
    :raise BadSheet: with the reason: one of `file_check`, or "type", "rows", "header", "column", "empty", "encoding"

    >>> text = "证书一览\\n工号;证书;发证日期;色\\n0007;低压电工;2026-06-30;红\\n"
    >>> sheet = read_sheet("a.csv", text.encode("gb18030"))
    >>> sheet.rows, sheet.ignored
    ([(3, {'barcode': '0007', 'skill': '低压电工', 'valid_from': '2026-06-30'})], ['色'])
    >>> try:
    ...     read_sheet("a.csv", b"Name,Employee\\nx,y")
    ... except BadSheet as bad:
    ...     bad.args
    ('column', 'Employee')
    """
    verdict = check_file(name, content, MAX_BYTES)
    if verdict.reason:
        raise BadSheet(verdict.reason, verdict.name)
    extension = verdict.name.rpartition(".")[2].lower()
    if extension not in ("xlsx", "csv"):
        raise BadSheet("type", verdict.name)
    table = _xlsx(content) if extension == "xlsx" else _csv(content)
    return _by_column(table)


def _by_column(table):
    columns, ignored, rows, titles = None, [], [], 0
    for number, cells in enumerate(table, start=1):
        if number > MAX_ROWS + 1:
            raise BadSheet("rows", MAX_ROWS)
        if not any(_said(cell) for cell in cells):
            continue
        if columns is not None:
            rows.append((number, {columns[at]: cell for at, cell in enumerate(cells) if at in columns}))
            continue
        columns, ignored, missing = _header(cells)
        if missing:
            columns, titles = None, titles + 1
            if titles > MAX_TITLES:
                break
    if columns is None and titles:
        raise BadSheet("header", missing)
    rows = [(number, cells) for number, cells in rows if any(_said(cell) for cell in cells.values())]
    if not rows:
        raise BadSheet("empty", "")
    return Sheet(rows, ignored)


def _said(cell):
    return cell not in (None, "")


def _header(cells):
    """The meaning of each column, what means nothing, and which meaning is missing."""
    columns, ignored = {}, []
    for at, cell in enumerate(cells):
        meaning = _MEANINGS.get(plain(cell)) if isinstance(cell, str) and not isinstance(cell, Formula) else None
        if meaning and meaning in columns.values():
            raise BadSheet("column", str(cell))
        if meaning:
            columns[at] = meaning
        elif _said(cell):
            ignored.append(str(cell)[:MAX_TEXT])
    named = set(columns.values())
    missing = next((name for name in ("skill", "valid_from") if name not in named), None)
    return columns, ignored, missing if named.intersection(PERSON) else "name"


# -- the two kinds of file --------------------------------------------------------------


def _csv(content):
    text = _decoded(content)
    first = text[:4096].split("\n")[: MAX_TITLES + 1]
    delimiter = max(",;\t", key=lambda mark: max(line.count(mark) for line in first))
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_text(cell) for cell in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise BadSheet("mismatch", str(error)) from error


def _decoded(content):
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("encoding", "")


def _text(value):
    """Text as it was meant: trimmed, without the mark that keeps a cell from being computed.

    >>> _text("  ' =A1 "), _text("x" * 999) == "x" * 300
    ('=A1', True)
    """
    return value.strip().removeprefix("'").strip()[:MAX_TEXT]


def _xlsx(content):
    _refuse_bomb(content)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim any size
        for row in sheet.iter_rows(max_col=MAX_COLUMNS):
            yield [_cell(cell) for cell in row]
    except BadSheet:
        raise
    except Exception as error:  # whatever a damaged workbook brings up
        raise BadSheet("damaged", type(error).__name__) from error


def _cell(cell):
    value = cell.value
    if value is None or getattr(cell, "data_type", "n") == "e":
        return None if value is None else _text(str(value))
    if cell.data_type == "f":
        return Formula(str(value)[:MAX_TEXT])
    return _text(value) if isinstance(value, str) else value


def _refuse_bomb(content):
    """Sizes as the archive declares them, beyond which nothing is unpacked; no definitions in its XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise BadSheet("bomb", "")
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    with archive.open(info) as part:
                        _refuse_definitions(part.read(64 * 1024))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise BadSheet("damaged", type(error).__name__) from error


def _refuse_definitions(head):
    """A document type stands before the first element, so the beginning of a part shows it."""
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        if "<!DOCTYPE".encode(encoding) in head or "<!ENTITY".encode(encoding) in head:
            raise BadSheet("bomb", "")


# -- the other way round --------------------------------------------------------------------


def harmless(value):
    """Text that no spreadsheet computes, also after it was saved as CSV.

    >>> [harmless(text) for text in ("=1+1", "+86", "-1", "@x", "\\tx", "Wang Li", None)]
    ["'=1+1", "'+86", "'-1", "'@x", "'\\tx", 'Wang Li', '']
    """
    text = str(value or "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def workbook(sheets):
    """An XLSX file of plain text.

    :param sheets: `[(title, rows of texts, widths)]`; the first row of each is its header
    """
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    text = book.add_format({"num_format": "@"})
    for title, rows, widths in sheets:
        page = book.add_worksheet(title)
        for at, width in enumerate(widths):
            page.set_column(at, at, width, text)
        page.freeze_panes(1, 0)
        for line, row in enumerate(rows):
            for at, value in enumerate(row):
                page.write_string(line, at, harmless(value), bold if not line else text)
    book.close()
    return target.getvalue()
