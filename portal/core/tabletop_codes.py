"""Codes that open a room: short enough to say aloud, slow to guess.

Six of 25 characters that cannot be taken for one another (no 0 O, 1 I L, 2 Z, 5 S, 8 B): 244
million codes. With a hundred rooms open and ten tries an hour, one person would guess for years.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 6
LIVES = timedelta(hours=12)
MISSES = 10  # wrong codes of one person that cost nothing
MISSES_OF_ADDRESS = 60  # a whole room of people may sit behind one address
WITHIN = timedelta(hours=1)


def code_of(drawn: Sequence[int]) -> str:
    """The code of six numbers drawn from ``range(25)``."""
    return "".join(ALPHABET[number] for number in drawn)


def typed(text: str) -> str:
    """What somebody typed or scanned as a code; "" when it cannot be one."""
    code = "".join(unicodedata.normalize("NFKC", text[:40]).upper().split()).replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def must_wait(own: int, of_address: int) -> bool:
    """Whether so many misses within ``WITHIN`` close the door for now."""
    return own >= MISSES or of_address >= MISSES_OF_ADDRESS


def expires_at(opened_at: datetime) -> datetime:
    """Until when a code opens its room."""
    return opened_at + LIVES
