"""Rosters: what a file says, what the portal knows, and what would be done about the difference."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.postings import Posting


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row of the file as text; ``row`` is its number in the spreadsheet, from 1."""

    row: int
    staff_no: str
    name: str
    unit: str  # a code, or the names of all units from the top down, with "/" between them
    posts: str  # keys or names, with 、 or ; between them
    login: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """What keeps the file from being taken over: a locale key with its placeholders, and where.

    ``row`` is None when the whole file is meant.
    """

    key: str
    row: int | None = None
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit; ``names`` from the top down to its own; ``successor`` is the name it merged into."""

    id: int
    path: str
    names: tuple[str, ...]
    code: str | None = None
    closed: bool = False
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A person as of now. ``kept``: no roster deactivates an administrator, or whoever acts."""

    id: int
    staff_no: str
    login: str
    name: str
    email: str | None = None
    disabled: bool = False
    kept: bool = False
    held: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan is made from. ``posts`` maps keys and names, folded, to keys (empty: any key)."""

    units: tuple[UnitFact, ...]
    people: Mapping[str, PersonFact]  # by staff number
    posts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Missing:
    """What happens to people of the subtree at ``path`` who are not in the file."""

    deactivate: bool = False
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Addition:
    """A person whom the portal does not know."""

    row: int
    staff_no: str
    name: str
    login: str
    email: str | None
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another name, login or address: ``fields`` holds (field, before, after)."""

    row: int
    person_id: int
    staff_no: str
    name: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Other postings; those in other units beside the main one go on."""

    row: int
    person_id: int
    staff_no: str
    name: str
    before: tuple[Posting, ...]
    after: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """An account that is opened again (``row`` of the file) or deactivated (no row)."""

    row: int | None
    person_id: int
    staff_no: str
    name: str
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """Everything that would be done, in the order of the file. With ``problems``: nothing is."""

    added: tuple[Addition, ...] = ()
    changed: tuple[Change, ...] = ()
    moved: tuple[Transfer, ...] = ()
    returned: tuple[Switch, ...] = ()
    deactivated: tuple[Switch, ...] = ()
    unchanged: int = 0
    problems: tuple[RosterProblem, ...] = ()

    @property
    def digest(self) -> str:
        """What two plans share only when they would do the same: SHA-256 in hexadecimal."""
        return hashlib.sha256(repr(self).encode("utf-8", "backslashreplace")).hexdigest()

    @property
    def does_something(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.added or self.changed or self.moved or self.returned or self.deactivated)
