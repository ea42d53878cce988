"""What names a person inside PDF and Office files, and how it is taken out. No database, no `self`.

1. A PDF is made anew of its pages alone; what hangs on them besides text, lines and pictures is left behind. The
   pictures in it lose what the camera wrote.
2. An Office file is packed anew; properties, previews, printer settings, numbers of editing sessions and the paths
   of its author's disk go. Pictures in it are painted anew.
3. What cannot be cleaned is refused: notes, form fields, tracked changes, comments, hidden layers, odd pictures.

What stays is what one sees: the words, and a name that stands in them.
"""

import re
import zipfile
import zlib

from odoo.tools import LazyTranslate

from .refusal import Refusal

_lt = LazyTranslate(__name__)

NOT_CLEAN_PDF = _lt(
    "The PDF has notes, form fields, hidden layers or pictures that could name you. "
    "Please print it to a new PDF and send that, or a photo of it."
)
NOT_CLEAN_OFFICE = _lt(
    "The document names people in comments or tracked changes. Please send it as PDF to stay anonymous."
)
NOT_CLEAN_PICTURE = _lt(
    "The document contains pictures or parts that we cannot clean. Please send it as PDF to stay anonymous."
)

# -- PDF -------------------------------------------------------------------------

_PAGE_KEYS = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
    "/Contents", "/Group", "/UserUnit",
}  # fmt: skip
_TELLING_KEYS = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Measure", "/PtData", "/StructParent",
    "/StructParents", "/CreatorInfo", "/Usage", "/Private", "/Alternates", "/Author", "/Creator", "/Producer",
    "/CreationDate", "/ModDate", "/AA", "/A",
)  # fmt: skip
_COMMENT = re.compile(rb"(?:^|[\r\n])[ \t]*%[^\r\n]*[A-Za-z]{3}")
# Application segments that make the picture what it is: JFIF, colour profile, Adobe's colour transform.
_JPEG_KEPT = (0xE0, 0xEE)


def clean_pdf_pages(reader):
    """Take out of the pages of an opened PDF what tells who made them; the pages are changed in place.

    :param reader: of the PDF library
    :raise Refusal: when something cannot be taken out
    """
    if "/OCProperties" in reader.trailer["/Root"]:
        raise Refusal(NOT_CLEAN_PDF)
    for page in reader.pages:
        for annotation in page.get("/Annots") or ():
            if annotation.get_object().get("/Subtype") != "/Link":
                raise Refusal(NOT_CLEAN_PDF)
        for key in [key for key in page if key not in _PAGE_KEYS]:
            del page[key]
        contents = page.get("/Contents")
        contents = contents.get_object() if contents is not None else None
        for part in contents if isinstance(contents, list) else [contents]:
            part = part.get_object() if part is not None else None
            if part is not None and _COMMENT.search(part.get_data()):
                raise Refusal(NOT_CLEAN_PDF)
        _clean_objects(page)


def _clean_objects(page):
    waiting = [page[key] for key in ("/Resources", "/Contents", "/Group") if key in page]
    seen = set()
    while waiting:
        thing = waiting.pop()
        thing = thing.get_object() if hasattr(thing, "get_object") else thing
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, list):
            waiting.extend(thing)
        elif isinstance(thing, dict):
            for key in _TELLING_KEYS:
                thing.pop(key, None)
            if thing.get("/Subtype") == "/Image":
                _clean_pdf_picture(thing)
            elif thing.get("/Subtype") == "/Form" and _COMMENT.search(thing.get_data()):
                raise Refusal(NOT_CLEAN_PDF)
            waiting.extend(value for key, value in thing.items() if key != "/Parent")


def _clean_pdf_picture(picture):
    """A photo in a PDF is the file of the camera, with all that the camera wrote into it."""
    filters = picture.get("/Filter")
    filters = filters.get_object() if hasattr(filters, "get_object") else filters
    filters = list(filters) if isinstance(filters, list) else [filters]
    if "/JPXDecode" in filters:
        raise Refusal(NOT_CLEAN_PDF)
    if "/DCTDecode" not in filters:
        return
    data = picture._data
    if filters == ["/FlateDecode", "/DCTDecode"]:
        data = zlib.decompress(data)
        picture[_name(picture, "/Filter")] = filters[1]
        picture.pop("/DecodeParms", None)
    elif filters != ["/DCTDecode"]:
        raise Refusal(NOT_CLEAN_PDF)
    picture._data = strip_jpeg(data)


def _name(picture, text):
    return next(key for key in picture if key == text)


def strip_jpeg(data):
    """A JPEG without what cameras and programs write into it; the picture itself is untouched, bit for bit.

    >>> strip_jpeg(b"\\xff\\xd8" + b"\\xff\\xe1\\x00\\x06Exif" + b"\\xff\\xfe\\x00\\x05who" + b"\\xff\\xda\\x00\\x02scan\\xff\\xd9")
    b'\\xff\\xd8\\xff\\xda\\x00\\x02scan\\xff\\xd9'

    :raise Refusal: what is none
    """  # noqa: E501
    if data[:2] != b"\xff\xd8":
        raise Refusal(NOT_CLEAN_PDF)
    kept, position = [data[:2]], 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            # What comes after the end of the picture is not part of it: a second one, or anything.
            kept.append(data[position : end + 2 if end > position else len(data)])
            return b"".join(kept)
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        segment = data[position : position + 2 + length]
        if marker in _JPEG_KEPT:
            kept.append(segment[:18] if marker == 0xE0 and segment[4:9] == b"JFIF\0" else segment)
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
        position += 2 + length
    raise Refusal(NOT_CLEAN_PDF)


# -- Office ------------------------------------------------------------------------

# Parts that are left out, with what mentions them.
_DROPPED = re.compile(
    r"^(?:docProps/(?:thumbnail\.|custom)|Thumbnails/|customXml/|xl/printerSettings/|word/printerSettings"
    r"|Configurations2/|layout-cache$|xl/calcChain|docMetadata/|\[trash\]/)",
    re.IGNORECASE,
)
_PROPERTIES = re.compile(r"^(?:docProps/|meta\.xml$|settings\.xml$|manifest\.rdf$)")
_PEOPLE_PARTS = re.compile(
    r"(?:^|/)(?:comments|people|persons?|threadedComments|revisions|users|userNames)[^/]*(?:/|\.xml$)", re.IGNORECASE
)
# Whoever is named by an attribute or an element, in any of the dialects.
_PERSONS = re.compile(
    r"""\b(?:author|initials|userName|userId|lastModifiedBy|providerId)\s*=\s*["'][^"']
    |<(?:\w+:)?(?:creator|initial-creator|lastModifiedBy|annotation|change-info|tracked-changes|author-name
        |author-initials|authors?|manager|company)\b(?:[^>]*[^/>])?>
    |["']\s*file:
    |<w:(?:ins|del|moveFrom|moveTo|comment)\s
    |<w:instrText[^>]*>[^<]*\b(?:AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|FILENAME)\b
    |\bw:instr\s*=\s*["'][^"']*\b(?:AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|FILENAME)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What tells on which computer, or in which sitting, it was written.
_TRACES = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<w:rsids>.*?</w:rsids>", re.DOTALL),
    re.compile(r"""\s(?:\w+:)?(?:rsid\w*|paraId|textId|docId)\s*=\s*(?:"[^"]*"|'[^']*')"""),
    re.compile(r"<(?:\w+:)?docId\b[^>]*/>"),
    re.compile(r"<mc:AlternateContent\b(?:(?!</mc:AlternateContent>).)*absPath.*?</mc:AlternateContent>", re.DOTALL),
    re.compile(r"<(?:\w+:)?(?:absPath|fileSharing|revisionPtr)\b[^>]*/>"),
    re.compile(r"<w:docVars>.*?</w:docVars>", re.DOTALL),
    re.compile(r"<w:docVar\b[^>]*/>"),
)
# Under which name, or from which folder, a picture was put in.
_PICTURE_NAME = re.compile(r"""(<(?:\w+:)?(?:cNvPr|docPr)\b)([^>]*)>""")
_NAMING = re.compile(r"""\b(name|descr|title)\s*=\s*(?:"[^"]*"|'[^']*')""")
_PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}


def clean_office(archive, target, repaint):
    """Write an Office file anew without what tells who made it.

    :param archive: the opened zip, already found harmless
    :param target: file to write to
    :param repaint: function (bytes, kind of picture) that gives the picture without its properties
    :raise Refusal: when something cannot be taken out
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fresh:
        for info in archive.infolist():
            name = info.filename
            if info.is_dir() or _DROPPED.search(name):
                continue
            if not name.isascii() or _PEOPLE_PARTS.search(name):
                raise Refusal(NOT_CLEAN_OFFICE)
            part = _clean_part(name, archive.read(info), repaint)
            # Without date, comment and extra fields; "mimetype" of an ODT is stored as it is.
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            fresh.writestr(zipfile.ZipInfo(name), part, kind)


def _clean_part(name, part, repaint):
    extension = name.rpartition(".")[2].lower()
    if extension in _PICTURES:
        return repaint(part, _PICTURES[extension])
    if name == "mimetype":
        return part.strip() if re.fullmatch(rb"[\w./+-]{1,100}\s*", part) else b""
    if extension not in ("xml", "rels", "rdf"):
        raise Refusal(NOT_CLEAN_PICTURE)
    try:
        text = part.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(NOT_CLEAN_OFFICE) from error
    if "\0" in text or "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise Refusal(NOT_CLEAN_PICTURE)
    if _PROPERTIES.search(name):
        return emptied(text).encode()
    for trace in _TRACES:
        text = trace.sub("", text)
    text = _PICTURE_NAME.sub(lambda found: found[1] + _NAMING.sub(r'\1=""', found[2]) + ">", text)
    text = _without_dropped(name, text)
    if _PERSONS.search(text):
        raise Refusal(NOT_CLEAN_OFFICE)
    return text.encode()


def _without_dropped(name, text):
    """Do not mention parts that are no longer there: programs would call the file damaged."""
    if name.endswith(".rels"):
        return re.sub(
            r'<Relationship\b[^>]*Target="[^"]*(?:printerSettings|customXml|thumbnail|custom\.xml|calcChain)[^"]*"[^>]*/>',
            "", text,
        )  # fmt: skip
    if name == "[Content_Types].xml":
        return re.sub(
            r'<Override\b[^>]*PartName="/(?:customXml|docProps/(?:custom|thumbnail)|xl/calcChain|xl/printerSettings)'
            r'[^"]*"[^>]*/>',
            "", text,
        )  # fmt: skip
    if name == "META-INF/manifest.xml":
        return re.sub(
            r'<manifest:file-entry\b[^>]*full-path="(?:Thumbnails|Configurations2|layout-cache)[^"]*"[^>]*/>', "", text
        )
    return re.sub(r'(<pageSetup\b[^>]*?)\sr:id="[^"]*"', r"\1", text)


def emptied(text):
    """The outermost element of an XML part without what is in it.

    >>> emptied('<?xml version="1.0"?><a:b xmlns:a="x"><who>Wang</who></a:b>')
    '<?xml version="1.0"?><a:b xmlns:a="x"/>'
    """
    declaration = re.match(r"\s*<\?xml[^>]*\?>", text)
    opening = re.search(r"<(?![?!])([\w:.-]+)((?:\s+xmlns(?::\w+)?\s*=\s*\"[^\"]*\")*)", text)
    return (declaration.group(0) if declaration else "") + (
        f"<{opening.group(1)}{opening.group(2)}/>" if opening else ""
    )
