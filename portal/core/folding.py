"""When two short texts count as the same answer.

A person who knows the answer must not fail on an input method: full-width letters, a stray
space, a capital, a closing full stop or a curly apostrophe are folded away on both sides.
"""

from __future__ import annotations

import unicodedata

_TRAILING = frozenset("。.,，、;；:：!！?？…~")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'"})


def fold(text: str) -> str:
    """``text`` after NFKC, case, space, apostrophe and trailing punctuation folding.

    Spaces beside a Chinese character go, other runs of white space become one space. A text that
    is nothing but punctuation is kept, so that a full stop never equals an empty answer.
    """
    shown = "".join(
        char
        for char in unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
        if unicodedata.category(char) != "Cf"  # zero-width marks that no one sees
    )
    spaced = _close_up(" ".join(shown.casefold().split()))
    end = len(spaced)
    while end and (spaced[end - 1] in _TRAILING or spaced[end - 1] == " "):
        end -= 1
    return spaced[:end] or spaced


def is_han(char: str) -> bool:
    """Whether ``char`` is a Chinese character (unified ideographs with extensions, 〇)."""
    code = ord(char)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x323AF
        or 0xF900 <= code <= 0xFAFF
        or code == 0x3007
    )


def _close_up(text: str) -> str:
    """Drop the spaces that touch a Chinese character."""
    kept = [
        char
        for at, char in enumerate(text)
        if char != " " or not (is_han(text[at - 1]) or is_han(text[at + 1]))
    ]
    return "".join(kept)
