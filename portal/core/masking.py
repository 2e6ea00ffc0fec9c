"""Names half hidden: enough for who holds a certificate in hand, too little for who collects names.

A name in Chinese characters keeps its first, and from three characters on its last: 李*, 张*明,
欧**娜. A word of any other script keeps its first letter, and its length is hidden: J*** S***.
A name of one character is hidden whole.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"[\s·•・.]+")  # between words, and within names such as 买买提·艾山
_MOST_WORDS = 4


def masked(name: str) -> str:
    """``name`` half hidden; never empty."""
    words = [word for word in _BETWEEN.split(_visible(name)) if word]
    if sum(map(len, words)) < 2:
        return "*"
    joint = "·" if all(_is_chinese(word) for word in words) else " "
    return joint.join(_masked_word(word) for word in words[:_MOST_WORDS])


# Private functions


def _visible(name: str) -> str:
    """Without marks that sit on other signs, and without what is not seen."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(
        sign for sign in composed if sign.isspace() or unicodedata.category(sign)[0] not in "MC"
    )


def _masked_word(word: str) -> str:
    if not _is_chinese(word):
        return f"{word[0]}***"
    if len(word) == 1:
        return "*"
    return word[0] + "*" * (len(word) - 2 or 1) + (word[-1] if len(word) > 2 else "")


def _is_chinese(word: str) -> bool:
    return all(unicodedata.name(sign, "").startswith("CJK") for sign in word)
