"""An address as a code for a phone's camera (QR)."""

import io

import segno

_ERROR_CORRECTION = "m"
"""A slip gets creased: fifteen per cent of the code may be lost."""


def qr_png(address: str) -> bytes:
    """The code as a picture, black on white with its quiet zone, large enough for a big screen."""
    drawn = io.BytesIO()
    segno.make(address, error=_ERROR_CORRECTION, micro=False).save(drawn, kind="png", scale=8, border=4)
    return drawn.getvalue()


def qr_svg(address: str) -> str:
    """The code as a drawing, for print."""
    drawn = io.BytesIO()
    segno.make(address, error=_ERROR_CORRECTION, micro=False).save(drawn, kind="svg", border=2)
    return drawn.getvalue().decode("utf-8")
