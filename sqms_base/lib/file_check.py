"""Which files may stand in the quality system: judged by their bytes and their name, no database, no `self`.

1. A file is taken if its extension is on the list and its bytes say the same.
2. Nothing that runs or shows markup is taken: programs, scripts, SVG, HTML, macros, PDF that acts, templates from
   elsewhere.
3. Nothing that unpacks without end, and nothing that is two kinds of file at once.
4. Names are cleaned, not refused: no path, no control characters, nothing that turns the reading direction, no more
   than 120 characters. The extension is the last one: what a reader sees is what the file is.
5. What is damaged or locked by a password is taken: it does no harm, and it may be what there is.
"""

import io
import re
import unicodedata
import zipfile
from typing import NamedTuple

from PIL import Image

from odoo.tools.pdf import PdfReader

from .pdf_layers import quiet

DEFAULT_LIMIT = 25 * 1024 * 1024
NAME_LENGTH = 120
MAX_PIXELS = 100_000_000
MAX_ENTRIES = 5_000
MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 200

MIMETYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works", "et": "application/vnd.ms-excel", "dps": "application/vnd.ms-powerpoint",
    "txt": "text/plain", "csv": "text/csv", "md": "text/plain", "eml": "text/plain",
    "mp4": "video/mp4", "mp3": "audio/mpeg",
}  # fmt: skip
PICTURES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP", "bmp": "BMP",
            "tif": "TIFF", "tiff": "TIFF"}  # fmt: skip
OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "odt": "content.xml", "ods": "content.xml",
          "odp": "content.xml"}  # fmt: skip
OLD_OFFICE = ("doc", "xls", "ppt", "wps", "et", "dps")
TEXTS = ("txt", "csv", "md", "eml")
MACRO_EXTENSIONS = ("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam")
MARKUP = ("svg", "svgz", "html", "htm", "xhtml", "mht", "mhtml", "xml", "xsl")
ARCHIVES = ("zip", "rar", "7z", "gz", "tar", "bz2", "xz", "iso", "cab")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_MACRO = ("_VBA_PROJECT".encode("utf-16-le"), "VBA".encode("utf-16-le") + b"\0\0", "Macros".encode("utf-16-le"))
_MARKUP = re.compile(rb"^[\s\xef\xbb\xbf]*<(?:!doctype|html|head|body|script|svg|\?xml|iframe|meta|img|object)", re.I)
_MACRO_PART = re.compile(r"vbaproject\.bin$|vbadata\.xml$|/activex/|^basic/|^scripts/|/macrosheets/", re.IGNORECASE)
_EXTERNAL = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
_HYPERLINK = re.compile(rb'<Relationship\b[^>]*relationships/hyperlink"[^>]*>')
_PDF_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm)(?![A-Za-z])")
_TURNS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u00ad]")


class Verdict(NamedTuple):
    """What becomes of a file: its cleaned name and type; `reason` is why it is not taken, or None."""

    name: str
    mimetype: str | None
    reason: str | None


def check(name, content, limit=DEFAULT_LIMIT):
    """
    >>> check("../..\\\\etc/Plan\\u202egpj.pdf", b"%PDF-1.7 ...")
    Verdict(name='Plangpj.pdf', mimetype='application/pdf', reason=None)
    >>> check("invoice.pdf", b"MZ\\x90\\x00").reason, check("a.exe", b"MZ").reason, check("a.xlsm", b"PK").reason
    ('mismatch', 'kind', 'macro')
    >>> check("a.pdf", b"%PDF-1.7 /Open#41ction << /S /JavaScript /JS (app.alert(1)) >>").reason
    'acts'
    >>> check("logo.svg", b"<svg onload='x()'/>").reason, check("a.txt", b"<script>x</script>").reason
    ('markup', 'markup')
    >>> check("a.txt", b"x" * 30, limit=20).reason, check("a.txt", b"").reason, check("a.zip", b"PK").reason
    ('large', 'empty', 'archive')
    """
    name = clean_name(name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not extension:
        extension = _sniffed(content)
        name = f"{name}.{extension}" if extension else name
    return Verdict(name, MIMETYPES.get(extension), _refusal(extension, content, limit))


def clean_name(name):
    """
    >>> clean_name("C:\\\\Temp\\\\a\\x00b\\tc.PDF. "), clean_name("..."), len(clean_name("退款" * 80 + ".docx"))
    ('abc.PDF', 'file', 120)
    """
    name = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    name = "".join(letter for letter in _TURNS.sub("", name) if letter.isprintable())
    name = re.sub(r'[<>:"|?*]', "_", name).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        name = f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}" if stem else f"file.{extension}"
    return name[:NAME_LENGTH] or "file"


def _sniffed(content):
    """The extension for a file without one; only for what its first bytes prove."""
    for extension in ("png", "jpg", "gif", "webp", "pdf"):
        if _is(extension, content):
            return extension
    return ""


def _refusal(extension, content, limit):
    if not content:
        return "empty"
    if len(content) > limit:
        return "large"
    return _refused_by_name(extension) or _refused_by_bytes(extension, content)


def _refused_by_name(extension):
    if extension in MIMETYPES:
        return None
    for reason, extensions in (("macro", MACRO_EXTENSIONS), ("archive", ARCHIVES), ("markup", MARKUP)):
        if extension in extensions:
            return reason
    return "kind"


def _refused_by_bytes(extension, content):
    if extension in TEXTS:
        return "markup" if _MARKUP.match(content[:4096]) else None if _is_text(content) else "mismatch"
    if extension in OFFICE:
        return _office(extension, content)
    if not _is(extension, content):
        return "mismatch"
    if extension in OLD_OFFICE:
        return "macro" if any(mark in content for mark in _OLD_MACRO) else None
    if b"PK\x05\x06" in content[-66_000:] and _opens_as_archive(content):
        return "double"
    if extension in PICTURES:
        return _picture(content, PICTURES[extension])
    return "acts" if extension == "pdf" and _pdf_acts(content) else None


def _is(extension, content):
    head = content[:16]
    kind = PICTURES.get(extension, extension)
    return {
        "PNG": head.startswith(b"\x89PNG\r\n\x1a\n"),
        "JPEG": head.startswith(b"\xff\xd8\xff"),
        "GIF": head.startswith((b"GIF87a", b"GIF89a")),
        "WEBP": head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        "BMP": head.startswith(b"BM"),
        "TIFF": head.startswith((b"II*\0", b"MM\0*")),
        "pdf": head.startswith(b"%PDF-"),
        "mp4": head[4:8] == b"ftyp",
        "mp3": head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    }.get(kind, head.startswith(b"PK\x03\x04") if extension in OFFICE else head.startswith(_OLE))


def _is_text(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in set(content))


def _picture(content, kind):
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
            return "pixels" if picture.width * picture.height > MAX_PIXELS else None
    except Image.DecompressionBombError:
        return "pixels"
    except Exception:  # damaged: nobody can show it, it does no harm
        return None


def _opens_as_archive(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.infolist())
    except Exception:  # what no reader takes for an archive is none
        return False


def _office(extension, content):
    if content.startswith(_OLE):  # locked by a password
        return None if "EncryptedPackage".encode("utf-16-le") in content else "mismatch"
    if not _is(extension, content):
        return "mismatch"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _office_parts(extension, archive)
    except Exception:  # damaged; whoever opens it is told so by his program
        return "mismatch"


def _office_parts(extension, archive):
    infos = archive.infolist()
    names = [info.filename for info in infos]
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos) or 1
    if len(infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > max(MAX_RATIO * packed, 20 * 1024 * 1024):
        return "bomb"
    if not any(name.startswith(OFFICE[extension]) for name in names):
        return "mismatch"
    if any(_MACRO_PART.search(name) for name in names):
        return "macro"
    for info in infos:
        if info.filename.endswith((".rels", "[Content_Types].xml", "manifest.xml")):
            with archive.open(info) as part:
                data = part.read(5 * 1024 * 1024)
            if b"macroenabled" in data.lower():
                return "macro"
            # A plain link in the text is no harm, anything else from outside is fetched when the file is opened.
            if _EXTERNAL.search(_HYPERLINK.sub(b"", data)):
                return "outside"
    return None


def _pdf_acts(content):
    """Whether a PDF starts anything: said in plain, in escaped names, or in packed parts."""
    plain = re.sub(rb"#([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), content)
    if _PDF_ACTS.search(plain):
        return True
    try:
        with quiet():
            reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            return False
        root = reader.trailer["/Root"]
        names = root.get("/Names") or {}
        opening = root.get("/OpenAction")
        return (
            any(key in names for key in ("/JavaScript", "/EmbeddedFiles"))
            or "/AA" in root
            or (isinstance(opening, dict) and opening.get("/S") not in (None, "/GoTo"))
            or any(_page_acts(page) for page in reader.pages[:2000])
        )
    except Exception:  # damaged: no reader opens it, so it starts nothing
        return False


def _page_acts(page):
    if "/AA" in page:
        return True
    for note in page.get("/Annots") or ():
        note = note.get_object()
        action = note.get("/A")
        if "/AA" in note or (isinstance(action, dict) and action.get("/S") not in ("/GoTo", "/URI", "/Named")):
            return True
    return False
