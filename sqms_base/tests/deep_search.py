"""Looks for marks in bytes, also where they are packed; for tests alone."""

import base64
import contextlib
import io
import re
import zipfile
import zlib

_OCTAL = re.compile(rb"\\([0-7]{3})")
_DEFLATED = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def spellings(mark):
    """The ways in which a text may lie in bytes."""
    plain = mark.encode()
    found = {plain.lower(), plain.hex().encode(), plain.hex().upper().encode()}
    found |= {mark.lower().encode(code) for code in ("utf-16-le", "utf-16-be")}
    # In base64 the same text reads differently at each of three offsets; what surely stays is its middle.
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        found.add(coded[4 if offset else 0 : len(coded) // 4 * 4 - 4])
    return {spelling for spelling in found if len(spelling) >= 8}


def layers(content, depth=4):
    """The bytes, and whatever is packed inside them."""
    yield content
    if depth == 0:
        return
    if b"PK\x03\x04" in content[:64]:
        # What is none, or asks for a password, hides nothing that could be read.
        with contextlib.suppress(zipfile.BadZipFile, RuntimeError), zipfile.ZipFile(io.BytesIO(content)) as box:
            yield box.comment
            for info in box.infolist():
                yield info.filename.encode() + info.comment + info.extra
                yield from layers(box.read(info), depth - 1)
    if content.startswith(b"%PDF"):
        yield _OCTAL.sub(lambda found: bytes((int(found[1], 8) % 256,)), content)
        for packed in _DEFLATED.findall(content):
            yield from layers(_inflate(packed), depth - 1)
    if content.startswith(b"\x89PNG"):
        yield from _png_texts(content)
    if content[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
        yield from layers(_inflate(content), depth - 1)


def _inflate(packed):
    try:
        return zlib.decompressobj(47).decompress(packed)
    except zlib.error:
        return b""


def _png_texts(content):
    position = 8
    while position + 8 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        kind, body = content[position + 4 : position + 8], content[position + 8 : position + 8 + length]
        if kind == b"zTXt":
            yield _inflate(body.partition(b"\0")[2][1:])
        position += 12 + length


def found_in(content, marks):
    """Which of the marks are in these bytes, packed or not."""
    found = set()
    for layer in layers(content):
        small = layer.lower()
        for mark in marks:
            for spelling in spellings(mark):
                if spelling in (small if spelling == spelling.lower() else layer):
                    found.add(mark)
    return found
