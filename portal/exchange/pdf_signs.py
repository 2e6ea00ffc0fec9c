"""Signs that the PDF standard's Chinese fonts do not have, and others that say the same.

A font that is named and not embedded is set through the character map UniGB-UCS2-H
(https://github.com/adobe-type-tools/cmap-resources), which holds GBK but neither the middle dot
of foreign names and headings nor bullets, raised figures and most accented letters. A reader shows
an empty box for these; so they are replaced before the text is set.
"""

from __future__ import annotations

import unicodedata
from functools import cache

# U+30FB is the middle dot that the map has
_INSTEAD = {
    **dict.fromkeys("·•∙⋅‧", "・"),
    "▸": "→",
    "©": "(c)",
    "®": "(R)",
    "™": "(TM)",
    "\u00a0": " ",
}


def printable(text: str) -> str:
    """``text`` in signs that such a font has, as far as there are any."""
    return text if text.isascii() else "".join(map(_sign, text))


# Private functions


@cache
def _sign(sign: str) -> str:
    if sign in _INSTEAD:
        return _INSTEAD[sign]
    if _has(sign):
        return sign
    plain = unicodedata.normalize("NFKD", sign)
    bare = "".join(part for part in plain if not unicodedata.combining(part))
    return bare if bare and all(map(_has, bare)) else sign


def _has(sign: str) -> bool:
    try:
        sign.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
