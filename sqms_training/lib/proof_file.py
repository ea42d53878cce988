"""What may be kept as the proof of a certificate: a scan or a photo, told by its first bytes."""

MAX_BYTES = 10 * 1024 * 1024
_SIGNATURES = (
    ("application/pdf", b"%PDF-", 0),
    ("image/jpeg", b"\xff\xd8\xff", 0),
    ("image/png", b"\x89PNG\r\n\x1a\n", 0),
    ("image/webp", b"WEBP", 8),
)


def proof_type(content):
    """The media type of an accepted file, or None.

    >>> proof_type(b"%PDF-1.7 ..."), proof_type(b"<html>"), proof_type(b"")
    ('application/pdf', None, None)
    """
    for media_type, mark, offset in _SIGNATURES:
        if content[offset : offset + len(mark)] == mark:
            return media_type
    return None
