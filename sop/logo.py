"""The company's logo: a PNG or JPEG file, kept as text, and nothing else that somebody may have uploaded."""

from __future__ import annotations

import base64
import binascii
import io
import warnings

from PIL import Image, UnidentifiedImageError

from sop.deciding import NOTHING_WRITTEN
from sop.errors import LogError

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000_000
BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


def as_text(image: bytes) -> str:
    """The file in base64, once it is seen to be a PNG or JPEG of at most 1 MB and 4 million pixels.

    Raises LogError, in one sentence, where it is not.
    """
    if len(image) > MOST_BYTES:
        raise LogError(f"The logo has {len(image) / 1e6:.1f} MB; at most 1 MB is kept. {NOTHING_WRITTEN}")
    _open(image)
    return base64.b64encode(image).decode("ascii")


def as_image(text: str) -> bytes:
    """The file that `as_text` made a text of."""
    return base64.b64decode(text, validate=True)


def refuse_nonsense(text: object) -> None:
    """Raise LogError where a text is not a logo that `as_text` would have let in."""
    try:
        as_text(as_image(str(text)))
    except (binascii.Error, ValueError):
        raise LogError(f"The logo is not a PNG or JPEG file in base64. {NOTHING_WRITTEN}") from None


def in_words(text: str) -> str:
    """'PNG, 120 × 40'."""
    image = _open(as_image(text))
    return f"{image.format}, {image.width} × {image.height}"


def _open(image: bytes) -> Image.Image:
    """Decode it whole: a file that only begins like a picture shows at its end. Its size is known before it is decoded."""
    kind = next((kind for beginning, kind in BEGINNINGS.items() if image.startswith(beginning)), None)
    if kind is None:
        raise LogError(f"The logo is neither a PNG nor a JPEG file. {NOTHING_WRITTEN}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(image), formats=[kind])
        if opened.width * opened.height > MOST_PIXELS:
            raise LogError(
                f"The logo has {opened.width} × {opened.height} pixels; at most 4 million are kept. {NOTHING_WRITTEN}"
            )
        opened.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError,
            SyntaxError) as trouble:  # fmt: skip
        raise LogError(f"The logo cannot be read as a {kind} picture. {NOTHING_WRITTEN}") from trouble
    return opened
