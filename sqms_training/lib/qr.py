"""A QR code as the path of an SVG.

Odoo's own barcode route draws a bitmap and needs a reportlab backend that many servers lack; it would also
write the code of the certificate into another URL and its log.
"""

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

QUIET_ZONE = 4


def qr_modules(text):
    """Rows of booleans, dark is true, at error correction level M."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    return [
        [bool(code.isDark(row, column)) for column in range(code.getModuleCount())]
        for row in range(code.getModuleCount())
    ]


def qr_path(text):
    """(edge length in modules with the quiet zone, the `d` of an SVG path)."""
    modules = qr_modules(text)
    runs = [
        f"M{start + QUIET_ZONE} {row + QUIET_ZONE}h{length}v1h-{length}z"
        for row, cells in enumerate(modules)
        for start, length in _dark_runs(cells)
    ]
    return len(modules) + 2 * QUIET_ZONE, "".join(runs)


def _dark_runs(cells):
    start = None
    for column, dark in enumerate([*cells, False]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None
