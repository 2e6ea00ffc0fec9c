"""Pictures that trainers upload: only their pixels are taken over.

A raster image is opened by its content, whatever its name says, measured before it is unpacked,
and written anew: what a camera noted in it (places, devices) and what somebody hid behind it (a
page, an archive) stays behind. An SVG is checked by ``svg`` and kept as it is.
"""

from __future__ import annotations

import unicodedata
import warnings
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.content.svg import is_harmless_svg
from portal.core.content_paths import is_name

MOST_PIXELS = 50_000_000  # of one frame, before it is made smaller
MOST_FRAMES = 100
MOST_SVG_BYTES = 1024 * 1024
WIDEST = 2400  # pixels of the longer side, what a projector shows
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_STEM = 60


class BadImage(Exception):
    """``reason``: ``type``, ``size`` (too many pixels or frames), ``svg`` or ``damaged``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """``content`` as it will be kept; ``ending`` without a dot."""

    content: bytes
    ending: str


def read_picture(content: bytes) -> Picture:
    """The picture in ``content``, made anew. Raises BadImage."""
    if _looks_like_svg(content):
        if len(content) > MOST_SVG_BYTES or not is_harmless_svg(content):
            raise BadImage("svg")
        return Picture(content, "svg")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=tuple(_ENDINGS)) as image:
                return _anew(image)
    except UnidentifiedImageError:
        raise BadImage("type") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise BadImage("size") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError):
        raise BadImage("damaged") from None


def safe_name(given: str, picture: Picture) -> str:
    """A file name from what the trainer's file was called: its last part, cleaned, with the ending
    of what it is. Where nothing is left of it, the name comes from the content."""
    last = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    stem = "" if last.startswith(".") else last.partition(".")[0]
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in stem)
    kept = "-".join(part for part in kept.split("-") if part).lstrip("_-")[:_STEM]
    while kept and not is_name(f"{kept}.{picture.ending}"):
        kept = kept[:-1]
    kept = kept or f"image-{sha256(picture.content).hexdigest()[:8]}"
    return f"{kept}.{picture.ending}"


# Private functions


def _looks_like_svg(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in content[:4096]


def _anew(image: Image.Image) -> Picture:
    width, height = image.size
    frames = getattr(image, "n_frames", 1)
    if width * height > MOST_PIXELS or frames > MOST_FRAMES:
        raise BadImage("size")
    if width * height * frames > 4 * MOST_PIXELS:
        raise BadImage("size")
    form = image.format or ""
    out = BytesIO()
    if frames > 1 and form in ("GIF", "WEBP"):
        image.save(out, form, save_all=True)
        return Picture(out.getvalue(), _ENDINGS[form])
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((WIDEST, WIDEST))
    plain = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        plain = upright.convert("RGBA")
    else:
        plain.paste(upright)
    if form == "JPEG":
        plain.convert("RGB").save(out, "JPEG", quality=88, optimize=True)
    else:
        still = "PNG" if form == "GIF" else form
        plain.save(out, still)
        form = still
    return Picture(out.getvalue(), _ENDINGS[form])
