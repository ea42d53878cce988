"""A pack of evidence: a ZIP file that anybody can check with nothing but `unzip` and `sha256sum -c SHA256SUMS`."""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from urllib.parse import quote

MOMENT = (1980, 1, 1, 0, 0, 0)  # of every entry: the same state makes the same bytes
SUMS = "SHA256SUMS"
LONGEST = 80  # characters of a file name without its ending
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean_name(name, fallback="file"):
    """A name that stays in its folder on every system: no path, no signs that steer a terminal or a shell.

    >>> clean_name("../../etc/passwd"), clean_name("C:\\\\Windows\\\\system.ini"), clean_name("投诉政策 v2.pdf")
    ('etc_passwd', 'C_Windows_system.ini', '投诉政策 v2.pdf')
    >>> clean_name("..."), clean_name("con.txt"), clean_name("invoice\\u202egnp.exe"), clean_name(".bashrc")
    ('file', '_con.txt', 'invoice_gnp.exe', 'bashrc')
    >>> len(clean_name("a" * 300 + ".pdf"))
    84
    """
    text = FORBIDDEN.sub("_", unicodedata.normalize("NFC", str(name or "")))
    text = re.sub(r"^[\s._-]+|[\s._]+$", "", text)
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = text, ""
    text = stem[:LONGEST].rstrip(" .") + (f".{ending}" if ending else "")
    if RESERVED.fullmatch(text.partition(".")[0]):
        text = f"_{text}"
    return text or fallback


class Pack:
    """What goes into a pack. Paths are unique without regard to case, and none leads out of it."""

    def __init__(self):
        self.entries = {}
        self._taken = {SUMS.lower(), "index.html"}

    def add(self, folder, name, content):
        """Take a file in; a second one of the same name gets a number.

        :param folder: a name or names of ours, joined by slashes
        :return: its path in the pack

        >>> pack = Pack()
        >>> pack.add("files", "A.pdf", b"1"), pack.add("files", "a.PDF", b"2")
        ('files/A.pdf', 'files/a-2.PDF')
        """
        folder = "/".join(clean_name(part, "folder") for part in folder.split("/"))
        name = clean_name(name)
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if dot else (name, "")
        path, number = f"{folder}/{name}", 1
        while path.lower() in self._taken:
            number += 1
            path = f"{folder}/{stem}-{number}{ending}"
        self._taken.add(path.lower())
        self.entries[path] = content
        return path

    @property
    def size(self):
        return sum(map(len, self.entries.values()))

    def save(self, file, index):
        """Write the ZIP file: sorted, stored, the same for the same content.

        :param index: the page that leads to everything
        :return: SHA-256 of the ZIP file

        >>> pack = Pack()
        >>> _ = pack.add("files", "a.txt", b"hello")
        >>> first, second = io.BytesIO(), io.BytesIO()
        >>> pack.save(first, b"<html/>") == pack.save(second, b"<html/>")
        True
        >>> zipfile.ZipFile(first).namelist()
        ['SHA256SUMS', 'files/a.txt', 'index.html']
        >>> zipfile.ZipFile(first).read("SHA256SUMS").decode().splitlines()[0].split("  ")[1]
        'files/a.txt'
        """
        content = {**self.entries, "index.html": index}
        sums = "".join(f"{hashlib.sha256(content[path]).hexdigest()}  {path}\n" for path in sorted(content))
        content[SUMS] = sums.encode()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(content):
                entry = zipfile.ZipInfo(path, MOMENT)
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                archive.writestr(entry, content[path])
        file.seek(0)
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
        return digest.hexdigest()


def link_to(path):
    """A path of the pack as a relative address.

    >>> link_to("files/投诉 #1.pdf")
    'files/%E6%8A%95%E8%AF%89%20%231.pdf'
    """
    return quote(path, safe="/")


def table(header, rows):
    """Rows as CSV that a spreadsheet opens: UTF-8 with its mark, and no cell that it would take for a formula.

    >>> table(["Name"], [["=1+1"], ["李伟"]]).decode("utf-8-sig").splitlines()
    ['Name', "'=1+1", '李伟']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in [header, *rows]:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value):
    value = "" if value is None or value is False else str(value)
    return f"'{value}" if value.startswith(FORMULA) else value
