"""Who looks after courses (``courses/owners.toml``): holders and successors by staff number.

A course names its owner in words ("群众工作组"); the register says who that is now and who takes
over. It is optional: without the file, nobody is asked about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portal.core.problems import Problem

_KEYS = ("name", "holders", "successors")
_MOST_NUMBERS = 50


@dataclass(frozen=True, slots=True)
class Owner:
    """``holders`` and ``successors`` are staff numbers."""

    name: str
    holders: tuple[str, ...]
    successors: tuple[str, ...] = ()

    def is_orphaned(self, active: Collection[str]) -> bool:
        """Whether all holders have left and nobody who takes over is there. ``active``: the staff
        numbers of people who can sign in."""
        return not any(number in active for number in (*self.holders, *self.successors))

    def lacks_successor(self, active: Collection[str]) -> bool:
        """Whether nobody would take over if the holders left today."""
        return not any(
            number in active and number not in self.holders for number in self.successors
        )


@dataclass(frozen=True, slots=True)
class Owners:
    """By name. ``known`` is False when there is no register."""

    by_name: Mapping[str, Owner] = field(default_factory=dict)
    known: bool = False


def parse_owners(text: str, path: str) -> tuple[Owners | None, list[Problem]]:
    """The register that ``owners.toml`` holds; None when it can not be read at all.

    A bad entry is left out and reported; the others are served.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Problem(path, 1, "O001", {"reason": str(error)})]
    entries = document.get("owner", [])
    if not isinstance(entries, list):
        return None, [Problem(path, 1, "O002", {"key": "[[owner]]", "entry": "–", "value": "–"})]
    problems: list[Problem] = []
    owners: dict[str, Owner] = {}
    for entry, line in zip(entries, _entry_lines(text, len(entries)), strict=True):
        owner = _owner(entry, path, line, problems)
        if owner is not None and owner.name in owners:
            problems.append(Problem(path, line, "O004", {"entry": owner.name}))
        elif owner is not None:
            owners[owner.name] = owner
    return Owners(owners, known=True), problems


# Private functions


def _owner(entry: object, path: str, line: int, problems: list[Problem]) -> Owner | None:
    fields = entry if isinstance(entry, dict) else {}
    name = str(fields.get("name") or "?")
    for key in fields:
        if key not in _KEYS:
            problems.append(Problem(path, line, "O003", {"key": str(key), "entry": name}))
    wrong = [key for key in _KEYS if not _fits(key, fields.get(key))]
    for key in wrong:
        value = repr(fields.get(key, "–"))[:80]
        problems.append(Problem(path, line, "O002", {"key": key, "entry": name, "value": value}))
    if wrong:
        return None
    return Owner(
        fields["name"].strip(), tuple(fields["holders"]), tuple(fields.get("successors", ()))
    )


def _fits(key: str, value: object) -> bool:
    if key == "name":
        return isinstance(value, str) and 0 < len(value.strip()) <= 80
    if value is None:
        return key == "successors"
    return (
        isinstance(value, list)
        and len(value) <= _MOST_NUMBERS
        and (bool(value) or key == "successors")
        and all(isinstance(one, str) and 0 < len(one) <= 40 for one in value)
    )


def _entry_lines(text: str, count: int) -> list[int]:
    lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.replace(" ", "").startswith("[[owner]]")
    ]
    return lines if len(lines) == count else [1] * count
