import re
import zipfile

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.refusal import Refusal

_lt = LazyTranslate(__name__)

MAX_ENTRIES = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
# Small tables of equal rows pack better than 100 to 1 and do no harm; the ratio counts above this size.
RATIO_FROM = 10 * 1024 * 1024
CHUNK = 1024 * 1024
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def check_workbook(stream):
    """Refuse a workbook that is no plain XLSX before anything of it is read.

    1. Too many or too large parts (a zip bomb), encrypted parts.
    2. Macros.
    3. XML that declares entities or is not written in UTF-8: workbooks never need it, attacks do.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_sizes(archive.infolist())
            _check_macros(archive)
            for info in archive.infolist():
                if info.filename.endswith((".xml", ".rels")):
                    _check_entities(archive, info)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, zipfile.zlib.error) as error:
        raise Refusal(_lt("The workbook is damaged. Open it in the spreadsheet program and save it again.")) from error
    finally:
        stream.seek(0)


def _check_sizes(infos):
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if any(info.flag_bits & 1 for info in infos):
        raise Refusal(_lt("The workbook is protected by a password. Remove the password and try again."))
    if len(infos) > MAX_ENTRIES or unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise Refusal(
            _lt(
                "The workbook unpacks to %(size)s MB in %(parts)s parts, more than a list of complaints ever needs. "
                "Copy the rows into a new workbook, or save the sheet as CSV.",
                size=unpacked // (1024 * 1024),
                parts=len(infos),
            )
        )


def _check_macros(archive):
    names = archive.namelist()
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refusal(_lt("This is not an Excel workbook (.xlsx)."))
    types = archive.read("[Content_Types].xml").lower()
    if b"macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal(_lt("The workbook contains macros. Save it as a workbook without macros (.xlsx)."))


def _check_entities(archive, info):
    tail = b""
    with archive.open(info) as part:
        while chunk := part.read(CHUNK):
            if not tail and chunk[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
                break
            if _ENTITIES.search(tail + chunk):
                break
            tail = chunk[-16:]
        else:
            return
    raise Refusal(_lt("The workbook holds XML that no spreadsheet program writes. Save it again as .xlsx."))
