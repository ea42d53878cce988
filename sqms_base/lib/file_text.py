"""The words of files, for the search: PDF, plain text, Word and spreadsheets; capped, and never an error."""

import html
import io
import re
import zipfile

from . import pdf_layers

MOST_BYTES = 30 * 1024 * 1024
MOST_CHARACTERS = 200_000
_PARTS = re.compile(r"^(word/(document|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml|content\.xml)$")
_BREAKS = re.compile(rb"</(?:w:p|w:tc|si|text:p|text:h|table:table-cell)>|<w:(?:br|tab)\b[^>]*>")


def text_of(name, mimetype, content):
    """The words of a file; nothing if it has none or cannot be read.

    >>> text_of("a.txt", "text/plain", "退款".encode("gb18030"))
    '退款'
    >>> text_of("a.docx", "", b"PK\\x03\\x04 broken")
    ''
    """
    if not content or len(content) > MOST_BYTES:
        return ""
    try:
        if content.startswith(b"%PDF-"):
            return pdf_layers.text_of(content, MOST_CHARACTERS)
        if content.startswith(b"PK\x03\x04"):
            return _office(content)
        if (mimetype or "").startswith("text/") or (name or "").lower().endswith((".txt", ".csv", ".md")):
            return _plain(content)
    except Exception:  # a file that cannot be read is not found by its words; by its name it is
        return ""
    return ""


def _plain(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)[:MOST_CHARACTERS]
        except UnicodeDecodeError:
            continue
    return ""


def _office(content):
    """The text parts only, without a parser that could be made to expand them."""
    words, left = [], 4 * MOST_CHARACTERS * 10
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            if _PARTS.match(info.filename) and left > 0:
                with archive.open(info) as part:
                    data = part.read(left)
                left -= len(data)
                data = re.sub(rb"<[^>]*>", b"", _BREAKS.sub(b"\n", data))
                words.append(html.unescape(data.decode("utf-8", "ignore")))
    return "\n".join(words)[:MOST_CHARACTERS]
