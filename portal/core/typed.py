"""What people typed into a field, as it is kept: only what somebody else can see and read.

A text of nothing but invisible characters says nothing, and one that turns the direction of
reading would turn round what stands beside it in a list, a mail or a certificate. Both are taken
out before anything is decided about the text. How it is shown is another matter: whoever shows it
escapes it.
"""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")  # inside words of some scripts, and in emoji of several people
_LINES = frozenset("\n\t")
_UNSEEN = ("Cc", "Cf", "Cs")  # control, format (zero width, direction), lone surrogates


def typed(text: str) -> str:
    """``text`` of several lines, in NFC, without what cannot be seen and without blank ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if _is_kept(char))
    return unicodedata.normalize("NFC", kept).strip() if _has_words(kept) else ""


def typed_line(text: str) -> str:
    """The same on one line, with single blanks."""
    return " ".join(typed(text).split())


# Private functions


def _is_kept(char: str) -> bool:
    return char in _JOINERS or char in _LINES or unicodedata.category(char) not in _UNSEEN


def _has_words(text: str) -> bool:
    """Joiners and marks alone join and mark nothing."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)
