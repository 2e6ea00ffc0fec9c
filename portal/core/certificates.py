"""Certificates: their numbers, what is signed of them, and whether they hold.

A number is 16 random symbols of Crockford's base32 (80 bits) and a check symbol, the value modulo
37 (https://www.crockford.com/base32.html). Numbers whose check symbol would be one of ``*~$=U``
are drawn again, so that a number is made of digits and letters alone and can stand in any
address; 32 of 37 draws are kept.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Literal

from portal.core.times import iso

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES = 10  # 80 bits
EXPIRING = timedelta(days=30)  # as in the reports: how long before its end it is said to run out

Kind = Literal["completion", "renewal"]
State = Literal["valid", "expiring", "expired", "revoked", "altered"]

_SYMBOLS = 16
_GROUP = 4
_READ_AS = str.maketrans("OIL", "011")
_LONGEST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was true when it was issued; none of it ever changes.

    ``earned_at`` is the completion or the renewal. ``hours`` are those credited with it: none for
    a renewal, since a course credits its hours once. ``issuer`` is the top of the tree in which
    ``unit`` stands. Units and the assignment are empty where there were none.
    """

    number: str
    person_id: int
    kind: Kind
    course_id: str
    course_version: str
    title: str
    title_en: str
    name: str
    unit_id: int | None
    unit: str
    unit_en: str
    issuer: str
    issuer_en: str
    assignment_id: int | None
    assignment: str
    hours: float
    earned_at: datetime
    valid_until: datetime | None  # the first moment at which it no longer holds
    issued_at: datetime


def new_number(draw: Callable[[int], bytes]) -> str:
    """A number that nobody can guess. ``draw(n)`` gives n random bytes."""
    while True:
        value = int.from_bytes(draw(RANDOM_BYTES), "big")
        check = value % 37
        if check < len(ALPHABET):
            return _encoded(value) + ALPHABET[check]


def shown(number: str) -> str:
    """``number`` as people read it: groups of four, the check symbol apart."""
    groups = [number[at : at + _GROUP] for at in range(0, _SYMBOLS, _GROUP)]
    return "-".join([*groups, number[_SYMBOLS:]])


def read_number(typed: str) -> str | None:
    """The number that somebody typed, or None when it can be none.

    Small letters, full-width signs, spaces and hyphens do not matter, and O is read as 0, I and L
    as 1. A slip in one symbol, or two that changed places, gives None by the check symbol.
    """
    if len(typed) > _LONGEST_TYPED:
        return None
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    kept = "".join(sign for sign in plain if not _is_gap(sign))
    if len(kept) != _SYMBOLS + 1 or any(sign not in ALPHABET for sign in kept):
        return None
    value = 0
    for sign in kept[:_SYMBOLS]:
        value = value * 32 + ALPHABET.index(sign)
    return kept if ALPHABET.index(kept[_SYMBOLS]) == value % 37 else None


def signed_text(one: Certificate) -> bytes:
    """What is signed: every field by name, as canonical JSON (sorted keys, no spaces, UTF-8)."""
    facts = {field.name: _plain(getattr(one, field.name)) for field in fields(one)}
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def state_of(
    valid_until: datetime | None, now: datetime, *, revoked: bool, genuine: bool = True
) -> State:
    """Whether it holds. ``genuine`` is False when its row is not what was signed."""
    if not genuine:
        return "altered"
    if revoked:
        return "revoked"
    if valid_until is not None and now >= valid_until:
        return "expired"
    if valid_until is not None and now >= valid_until - EXPIRING:
        return "expiring"
    return "valid"


# Private functions


def _encoded(value: int) -> str:
    signs = []
    for _ in range(_SYMBOLS):
        value, digit = divmod(value, 32)
        signs.append(ALPHABET[digit])
    return "".join(reversed(signs))


def _is_gap(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf") or sign in "._·−"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, float):
        return format(value, ".6g")  # 2 and 2.0 are one number to a database
    return value
