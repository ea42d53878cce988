"""The file of a case as a ZIP: written one file after the other, so that memory does not grow with the case."""

import hashlib
import html
import re
import zipfile

from odoo.addons.sqms_base.lib.evidence_pack import MOMENT, SUMS, Pack


class CasePack(Pack):
    """A pack whose files are read when they are written: an entry is bytes, or a function that returns them."""

    def save(self, file, index):
        """Write the ZIP file: sorted, stored, the same for the same content.

        :param file: a binary file, open for writing and reading
        :param index: the page that leads to everything
        :return: SHA-256 of the ZIP file

        >>> import io
        >>> pack = CasePack()
        >>> _ = pack.add("files", "a.txt", lambda: b"hello")
        >>> first, second = io.BytesIO(), io.BytesIO()
        >>> pack.save(first, b"<html/>") == pack.save(second, b"<html/>")
        True
        >>> zipfile.ZipFile(first).read("SHA256SUMS").decode().split()[:2] == [
        ...     hashlib.sha256(b"hello").hexdigest(), "files/a.txt"]
        True
        """
        sums = {"index.html": hashlib.sha256(index).hexdigest()}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            _put(archive, "index.html", index)
            for path in sorted(self.entries):
                content = self.entries[path]
                content = content() if callable(content) else content
                sums[path] = hashlib.sha256(content).hexdigest()
                _put(archive, path, content)
            _put(archive, SUMS, "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode())
        file.seek(0)
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
        return digest.hexdigest()


def _put(archive, path, content):
    entry = zipfile.ZipInfo(path, MOMENT)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, content)


def redact(text, names):
    """A text in which names of people are replaced, whatever their case, in plain text and in HTML.

    :param names: `{name: what stands there instead}`; the longest are replaced first, names in Latin letters only as
        whole words
    :return: the text

    >>> redact("Zhao Min called; zhao min was rude. Zhao Mining Ltd.", {"Zhao Min": "[A]"})
    '[A] called; [A] was rude. Zhao Mining Ltd.'
    >>> redact("赵敏的态度", {"赵敏": "[甲]"})
    '[甲]的态度'
    >>> redact("O&#x27;Hara, O'Hara", {"O'Hara": "[B]"})
    '[B], [B]'
    """
    wanted = {}
    for name, instead in names.items():
        name = " ".join((name or "").split())
        if len(name) > 1:
            for written in (name, html.escape(name)):
                wanted[written.lower()] = instead
    if not wanted or not text:
        return text
    parts = []
    for name in sorted(wanted, key=len, reverse=True):
        words = r"\s+".join(re.escape(word) for word in name.split())
        parts.append(rf"(?<![a-z0-9]){words}(?![a-z0-9])" if name.isascii() else words)
    return re.sub(
        "|".join(parts), lambda found: wanted[" ".join(found.group().lower().split())], text, flags=re.IGNORECASE
    )
