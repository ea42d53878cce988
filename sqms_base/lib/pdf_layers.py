"""Printed documents in two layers: what is to be read, and over it what stands on every page.

The plain build of wkhtmltopdf repeats nothing from page to page, so the pages are counted first, a second PDF with as
many pages of head, foot and watermark is made, and both are laid over each other. All functions take and give bytes.
"""

import contextlib
import io
import logging
import re
import unicodedata

from odoo.tools.pdf import PdfReader, PdfWriter, generic

MAX_PAGES = 2000
# The printer paints the whole sheet white before it writes, and so hides what lies below.
_WHITE_SHEET = re.compile(
    rb"(/CSp cs 1 1 1 scn\s+/GSa gs\s+q\s+[-\d. ]+ cm\s+)[-\d.]+ [-\d.]+ [-\d.]+ [-\d.]+ re\s+f(?=\s)"
)
# The part of a sheet that is left for what is appended: left, bottom, width, height as shares of the sheet.
FRAME = (0.06, 0.09, 0.88, 0.815)


class PdfTrouble(ValueError):
    """A PDF that cannot be printed; `reason` is “damaged”, “encrypted” or “long”."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def page_count(pdf):
    """How many pages a PDF has.

    :raise PdfTrouble: it cannot be opened
    """
    return len(_open(pdf).pages)


def shapes(pdf):
    """“portrait” or “landscape” of each page as it is seen, after its own rotation.

    >>> shapes(blank(2, 300, 200))
    ['landscape', 'landscape']
    """
    found = []
    for page in _open(pdf).pages:
        turned = int(page.get("/Rotate") or 0) % 180 != 0
        wide = float(page.cropbox.width) > float(page.cropbox.height)
        found.append("landscape" if wide != turned else "portrait")
    return found


def stamp(content_pdf, overlay_pdf):
    """Lay each page of the overlay over the page of the content; the overlay's white sheet is taken away.

    >>> page_count(stamp(blank(3), blank(3)))
    3
    >>> stamp(blank(2), blank(1))
    Traceback (most recent call last):
    ValueError: 2 pages of content, 1 of overlay
    """
    content, overlay = _open(content_pdf), _open(overlay_pdf)
    if len(content.pages) != len(overlay.pages):
        raise ValueError(f"{len(content.pages)} pages of content, {len(overlay.pages)} of overlay")
    writer = PdfWriter()
    for below, above in zip(content.pages, overlay.pages, strict=True):
        page = _add(writer, below)
        box = page.cropbox
        across, up = float(box.width) / float(above.mediabox.width), float(box.height) / float(above.mediabox.height)
        _without_white_sheet(above)
        above.add_transformation((across, 0, 0, up, float(box.left), float(box.bottom)))
        page.merge_page(above)
        page.compress_content_streams()
    _keep_outline(content, writer)
    return _written(writer)


def join(parts):
    """One PDF of several, with a bookmark for each: `[(title or None, pdf bytes), ...]`.

    >>> page_count(join([("Text", blank(2)), ("Form", blank(1))]))
    3
    """
    writer, start = PdfWriter(), 0
    for title, pdf in parts:
        reader = _open(pdf)
        for page in reader.pages:
            _add(writer, page)
        if title:
            writer.add_outline_item(title, start)
        else:
            _keep_outline(reader, writer, start)
        start += len(reader.pages)
    return _written(writer)


def pick(kinds, layers):
    """One PDF whose page n is page n of `layers[kinds[n]]`; all of them have as many pages.

    >>> shapes(pick(["a", "b"], {"a": blank(2), "b": blank(2, 300, 200)}))
    ['portrait', 'landscape']
    """
    readers = {kind: _open(pdf) for kind, pdf in layers.items()}
    writer = PdfWriter()
    for number, kind in enumerate(kinds):
        _add(writer, readers[kind].pages[number])
    return _written(writer)


def fit(pdf, frame=FRAME):
    """The same pages, each drawn smaller into a part of its own sheet, and nothing in them that acts.

    :raise PdfTrouble: damaged, encrypted or longer than `MAX_PAGES`
    """
    reader, writer = _open(pdf), PdfWriter()
    if len(reader.pages) > MAX_PAGES:
        raise PdfTrouble("long")
    try:
        for page in reader.pages:
            _fit_page(writer, page, frame)
        return _written(writer)
    except Exception as error:  # the library raises whatever it meets in a damaged file
        raise PdfTrouble("damaged") from error


def bookmarks(pdf, headings):
    """The same PDF with a bookmark for each heading: `[(level from 1, page from 0, words), ...]`.

    >>> page_count(bookmarks(blank(2), [(1, 0, "Purpose"), (2, 1, "Scope")]))
    2
    """
    writer = PdfWriter()
    for page in _open(pdf).pages:
        _add(writer, page)
    above = {}
    for level, page, words in headings:
        parent = next((above[up] for up in range(level - 1, 0, -1) if up in above), None)
        above = {up: item for up, item in above.items() if up < level}
        above[level] = writer.add_outline_item(words, page, parent=parent)
    return _written(writer)


def find_headings(pdf, headings):
    """On which page each heading stands, in order: `[(level, words)]` -> `[(level, page from 0, words)]`.

    Blanks between characters and old forms of Chinese radicals do not count; what is not found is left out.
    """
    pages = [_squeezed(page.extract_text()) for page in _open(pdf).pages]
    found, page, offset = [], 0, 0
    for level, words in headings:
        wanted = _squeezed(words)
        if not wanted:
            continue
        for number in range(page, len(pages)):
            at = pages[number].find(wanted, offset if number == page else 0)
            if at >= 0:
                page, offset = number, at + len(wanted)
                found.append((level, number, words))
                break
    return found


def text_of(pdf, limit=None):
    """The words of a PDF, page by page, radicals made ordinary characters again; at most so many characters."""
    parts, size = [], 0
    for page in _open(pdf).pages:
        words = unicodedata.normalize("NFKC", page.extract_text())
        parts.append(words)
        size += len(words)
        if limit and size >= limit:
            break
    return "\n".join(parts)[:limit]


def blank(pages, width=595, height=842):
    """A PDF of empty pages, in points."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width, height)
    return _written(writer)


@contextlib.contextmanager
def quiet():
    """The library tells the log about each oddity of a file; here the caller hears of it."""
    loggers = [logging.getLogger(name) for name in ("pypdf", "PyPDF2")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _open(pdf):
    if not pdf:
        raise PdfTrouble("damaged")
    try:
        with quiet():
            reader = PdfReader(io.BytesIO(pdf), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise PdfTrouble("encrypted")
        len(reader.pages)
        return reader
    except PdfTrouble:
        raise
    except Exception as error:  # truncated, foreign and hostile files raise whatever the parser meets
        raise PdfTrouble("encrypted" if b"/Encrypt" in pdf else "damaged") from error


def _add(writer, page):
    writer.add_page(page)
    return writer.pages[-1]


def _fit_page(writer, page, frame):
    _draw_notes(page)
    if page.get("/Rotate"):
        page.transfer_rotation_to_content()
    box = page.cropbox
    width, height = float(box.width), float(box.height)
    if width <= 0 or height <= 0:
        raise PdfTrouble("damaged")
    scale = min(frame[2], frame[3])
    left = frame[0] * width + (frame[2] - scale) * width / 2 - float(box.left) * scale
    bottom = frame[1] * height + (frame[3] - scale) * height - float(box.bottom) * scale
    page.add_transformation((scale, 0, 0, scale, left, bottom))
    for name in ("/Annots", "/TrimBox", "/BleedBox", "/ArtBox"):
        page.pop(generic.NameObject(name), None)
    sheet = generic.RectangleObject((0, 0, width, height))
    page.mediabox = page.cropbox = sheet
    _add(writer, page).compress_content_streams()


def _draw_notes(page):
    """What filled-in fields and notes show becomes part of the drawing; what they do goes with them."""
    page.pop(generic.NameObject("/AA"), None)
    shown = [found for found in map(_appearance, page.get("/Annots") or ()) if found]
    if not shown:
        return
    contents = page.get_contents()
    drawing = [b"q\n", contents.get_data() if contents is not None else b"", b"\nQ\n"]
    resources = page["/Resources"] if "/Resources" in page else generic.DictionaryObject()
    pictures = resources.get("/XObject") or generic.DictionaryObject()
    for number, (look, place) in enumerate(shown):
        name = f"/SqmsNote{number}"
        pictures[generic.NameObject(name)] = look
        drawing.append(b"q %s cm %s Do Q\n" % (" ".join(f"{value:.5f}" for value in place).encode(), name.encode()))
    resources[generic.NameObject("/XObject")] = pictures
    page[generic.NameObject("/Resources")] = resources
    stream = generic.DecodedStreamObject()
    stream.set_data(b"".join(drawing))
    page[generic.NameObject("/Contents")] = stream


def _appearance(note):
    """`(drawing, matrix that puts it in its place)` of a visible field or note, or None."""
    note = note.get_object()
    look = note.get("/AP") and note["/AP"].get("/N")
    if look is not None and "/BBox" not in look:  # one drawing for each state of a tick box
        look = look.get(note.get("/AS") or "/Off")
    hidden = int(note.get("/F") or 0) & 2
    if look is None or hidden or note.get("/Subtype") in ("/Link", "/Popup") or "/BBox" not in look:
        return None
    left, bottom, right, top = (float(value) for value in note["/Rect"])
    x0, y0, x1, y1 = (float(value) for value in look["/BBox"])
    if x1 == x0 or y1 == y0:
        return None
    across, up = abs(right - left) / abs(x1 - x0), abs(top - bottom) / abs(y1 - y0)
    place = (across, 0, 0, up, min(left, right) - min(x0, x1) * across, min(bottom, top) - min(y0, y1) * up)
    return (look.indirect_reference or look), place


def _without_white_sheet(page):
    contents = page.get_contents()
    if contents is None:
        return
    data, count = _WHITE_SHEET.subn(rb"\g<1>0 0 0 0 re\nn", contents.get_data())
    if count:
        stream = generic.DecodedStreamObject()
        stream.set_data(data)
        page[generic.NameObject("/Contents")] = stream


def _keep_outline(reader, writer, offset=0):
    """Carry over the bookmarks, nested as they were; those of a foreign file may lead nowhere."""
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}

    def copy(items, parent=None):
        last = None
        for item in items:
            if isinstance(item, list):
                copy(item, last or parent)
                continue
            target = item.raw_get("/Page") if "/Page" in item else None
            number = numbers.get(getattr(target, "idnum", None))
            if number is not None:
                last = writer.add_outline_item(str(item.title), number + offset, parent=parent)

    copy(reader.outline)


def _squeezed(words):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words or ""))


def _written(writer):
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
