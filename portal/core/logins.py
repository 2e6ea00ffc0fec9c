"""What logins and names look like, so that one person has one of each."""

from __future__ import annotations

import unicodedata

_MARKS = "._@+-"


def normalise_login(text: str) -> str:
    """A login as it is stored and compared: NFKC, small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_login(text: str) -> bool:
    """Letters of any script, digits and ``. _ @ + -``, 2 to 64 of them, normalised."""
    return (
        2 <= len(text) <= 64
        and text == normalise_login(text)
        and all(character.isalnum() or character in _MARKS for character in text)
    )


def is_name(text: str, longest: int = 64) -> bool:
    """1 to ``longest`` visible characters, without control or direction characters."""
    return (
        1 <= len(text) <= longest
        and text == text.strip()
        and not any(unicodedata.category(character).startswith("C") for character in text)
    )
