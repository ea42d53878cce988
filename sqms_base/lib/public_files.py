"""Which files the public may hand in, and what is left of them. No database, no `self`.

1. A file is taken if its extension is on the list, its first bytes say the same, and both agree.
   What a web server or a library guesses about it does not count: guesses differ from one machine to the next.
2. Pictures are painted anew, so that place, time and camera are gone and nothing else hides in them.
3. Papers keep their bytes, because they are evidence; from an anonymous person the names inside are removed,
   and what cannot be cleaned is refused.
4. Nothing that runs, unpacks without end or shows markup is taken.
"""

import io
import logging
import re
import zipfile

# Odoo loads few kinds of pictures into Pillow; importing the plug-in adds WEBP.
from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401

from odoo.tools import LazyTranslate
from odoo.tools.pdf import PdfReader, PdfWriter

from .public_papers import clean_office, clean_pdf_pages
from .refusal import Refusal

_lt = LazyTranslate(__name__)
# At the level "debug" these libraries write into the log what they find in a file: the name of the camera, the author.
for _library in ("PIL", "pypdf", "PyPDF2"):
    logging.getLogger(_library).setLevel(logging.ERROR)

MAX_FILES = 5
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_ENTRIES = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
NAME_LENGTH = 80

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
OFFICE = {"docx": "word/", "xlsx": "xl/", "odt": "content.xml"}
TEXTS = ("txt", "csv")
MIMETYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
    "csv": "text/csv",
}
ACCEPT = ",".join(f".{extension}" for extension in MIMETYPES)

_KIND = _lt("Photos (JPEG, PNG, WEBP, GIF), PDF, DOCX, XLSX, ODT, TXT and CSV are possible.")
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|\?xml|iframe|meta|img|a\s)", re.IGNORECASE)
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_OFFICE_ACTIVE = re.compile(r"vbaproject\.bin$|/embeddings/|/activex/|^basic/|^scripts/|^object", re.IGNORECASE)
_EXTERNAL = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
_HYPERLINK = re.compile(rb'<Relationship\b[^>]*relationships/hyperlink"[^>]*>')


def clean_file(filename, content, anonymous=False):
    """The file as it may be kept.

    :return: (extension, mimetype, content)
    :raise Refusal: why it is not taken, as a sentence for the customer
    """
    if not content:
        raise Refusal(_lt("The file is empty."))
    if len(content) > MAX_BYTES:
        raise Refusal(_lt("The file is larger than 10 MB."))
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    if extension not in MIMETYPES or _sniff(content) != _family(extension):
        raise Refusal(_KIND)
    if extension in PICTURES:
        content = _repaint(content, PICTURES[extension])
    elif extension == "pdf":
        content = _clean_pdf(content, anonymous)
    elif extension in OFFICE:
        content = _clean_office(content, extension, anonymous)
    return extension, MIMETYPES[extension], content


def clean_name(filename):
    """
    >>> clean_name("C:\\\\Users\\\\Wang\\\\re\\tceipt.JPG")
    'receipt.JPG'
    """
    name = re.split(r"[\\/]", filename)[-1]
    name = "".join(char for char in name if char.isprintable()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}{dot}{extension}" if dot else name[:NAME_LENGTH]


def _family(extension):
    if extension in PICTURES:
        return PICTURES[extension]
    return "ZIP" if extension in OFFICE else "TEXT" if extension in TEXTS else "PDF"


def _sniff(content):
    """What the bytes are, or None. Every answer but TEXT rests on the very first bytes."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if content.startswith(b"%PDF-"):
        return "PDF"
    if content.startswith(b"PK\x03\x04"):
        return "ZIP"
    return "TEXT" if _is_plain_text(content) else None


def _is_plain_text(content):
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in set(content)) or _MARKUP.search(content):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _repaint(content, kind):
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refusal(_lt("The picture has more than 40 million pixels. Please send it smaller."))
            upright = ImageOps.exif_transpose(picture)
            upright = upright.convert("RGB" if kind == "JPEG" else "RGBA")
    except Refusal:
        raise
    except Exception as error:  # the library raises whatever its decoders meet
        raise Refusal(_lt("The picture is damaged.")) from error
    fresh = Image.new(upright.mode, upright.size)
    fresh.paste(upright)
    target = io.BytesIO()
    fresh.save(target, kind, **({"quality": 88} if kind in ("JPEG", "WEBP") else {}))
    return target.getvalue()


def _clean_pdf(content, anonymous):
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refusal(_lt("The PDF is protected by a password. Please send it without."))
        if _PDF_ACTIVE.search(content) or _pdf_acts(reader.trailer["/Root"]):
            raise Refusal(_lt("The PDF contains scripts or other files. Please print it to a new PDF and send that."))
        return _rewrite_pdf(reader) if anonymous else content
    except Refusal:
        raise
    except Exception as error:  # so does the PDF library
        raise Refusal(_lt("The PDF is damaged.")) from error


def _pdf_acts(root):
    """Whether the catalogue, which may be packed out of sight of a plain search, starts anything."""
    names = root.get("/Names") or {}
    opening = root.get("/OpenAction")
    return (
        any(key in names for key in ("/JavaScript", "/EmbeddedFiles"))
        or "/AA" in root
        or (isinstance(opening, dict) and opening.get("/S") != "/GoTo")
    )


def _rewrite_pdf(reader):
    clean_pdf_pages(reader)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    # Overwrites the library's own mark; author, program and dates are not carried over.
    writer.add_metadata({"/Producer": ""})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _clean_office(content, extension, anonymous):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_office(archive, extension)
            if not anonymous:
                return content
            target = io.BytesIO()
            clean_office(archive, target, _repaint)
            return target.getvalue()
    except Refusal:
        raise
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise Refusal(_lt("The document is damaged.")) from error


def _check_office(archive, extension):
    infos = archive.infolist()
    names = [info.filename for info in infos]
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if not any(name.startswith(OFFICE[extension]) for name in names):
        raise Refusal(_KIND)
    if any(info.flag_bits & 1 for info in infos):
        raise Refusal(_lt("The document is protected by a password. Please send it without."))
    if len(infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > max(MAX_RATIO * packed, 1024 * 1024):
        raise Refusal(_lt("The document is far larger inside than outside. Please send it as PDF."))
    active = any(_OFFICE_ACTIVE.search(name) for name in names)
    for info in infos:
        part = archive.read(info) if info.filename.endswith((".rels", "[Content_Types].xml", "manifest.xml")) else b""
        # A plain link in the text is no harm, anything else from outside is fetched when the agent opens it.
        active |= bool(_EXTERNAL.search(_HYPERLINK.sub(b"", part))) or b"macroenabled" in part.lower()
    if active:
        raise Refusal(_lt("The document contains macros or parts from elsewhere. Please send it as PDF."))
