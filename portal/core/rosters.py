"""From a roster and what the portal knows to a plan: who is added, changed, moved, deactivated.

People are told apart by staff number alone. The file decides about the name, the main unit and the
posts there; an empty login or e-mail address leaves what is there; posts in other units, held
beside the main one, go on. Nobody is deactivated for being absent unless that is asked for. One
problem anywhere, and nothing is done: a plan with problems is only there to be read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.core.addresses import is_address
from portal.core.logins import is_login, is_name, normalise_login
from portal.core.postings import Posting, all_in, settle_main
from portal.core.roster_doubts import NumberDoubts
from portal.core.roster_lookup import UnitLookup, find_posts
from portal.core.roster_model import (
    Addition,
    Change,
    Facts,
    Missing,
    PersonFact,
    RosterLine,
    RosterPlan,
    RosterProblem,
    Switch,
    Transfer,
)

MOST_PROBLEMS = 1_000  # that are told; a file in the wrong order has one in every row
_LONGEST_STAFF_NO = 32
_NOBODY_MISSING = Missing()


def plan_roster(
    lines: Sequence[RosterLine], facts: Facts, missing: Missing = _NOBODY_MISSING
) -> RosterPlan:
    """What taking the file over would do."""
    work = _Work(facts)
    for line in lines:
        work.take(line)
    if missing.deactivate:
        work.deactivate(missing.path)
    return RosterPlan(
        added=tuple(work.added),
        changed=tuple(work.changed),
        moved=tuple(work.moved),
        returned=tuple(work.returned),
        deactivated=tuple(work.deactivated),
        unchanged=work.unchanged,
        problems=tuple(work.problems[:MOST_PROBLEMS]),
    )


# Private functions


@dataclass(frozen=True, slots=True)
class _Checked:
    """A line that makes sense by itself."""

    row: int
    staff_no: str
    name: str
    login: str
    email: str
    unit_id: int
    posts: tuple[str, ...]


@dataclass(slots=True)
class _Work:
    facts: Facts
    added: list[Addition] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    moved: list[Transfer] = field(default_factory=list)
    returned: list[Switch] = field(default_factory=list)
    deactivated: list[Switch] = field(default_factory=list)
    unchanged: int = 0
    problems: list[RosterProblem] = field(default_factory=list)
    lookup: UnitLookup = field(init=False)
    doubts: NumberDoubts = field(init=False)
    rows_by_number: dict[str, int] = field(default_factory=dict)
    rows_by_login: dict[str, int] = field(default_factory=dict)
    owners: dict[str, str] = field(init=False)  # login -> staff number

    def __post_init__(self) -> None:
        self.lookup = UnitLookup(self.facts.units)
        self.doubts = NumberDoubts(self.facts.people.values())
        self.owners = {one.login: one.staff_no for one in self.facts.people.values()}

    def take(self, line: RosterLine) -> None:
        """Plan what one line asks for, or say what is wrong with it."""
        before = len(self.problems)
        checked = self._check(line)
        person = self.facts.people.get(checked.staff_no)
        login = self._check_login(checked, person)
        if len(self.problems) > before:
            return
        if person is None:
            self._add(checked, login)
        else:
            self._compare(checked, login, person)

    def deactivate(self, path: str) -> None:
        """Plan for those with a post in the subtree at ``path`` whom the file does not name."""
        paths = {unit.id: unit.path for unit in self.facts.units}
        for person in self.facts.people.values():
            main = next((one for one in person.held if one.main), None)
            if main is None or not paths.get(main.unit_id, "").startswith(path):
                continue
            if person.disabled or person.kept or person.staff_no in self.rows_by_number:
                continue
            self.deactivated.append(
                Switch(None, person.id, person.staff_no, person.name, main.unit_id)
            )

    def _problem(self, row: int, key: str, **args: object) -> None:
        self.problems.append(RosterProblem(key, row, {"row": row, **args}))

    def _check(self, line: RosterLine) -> _Checked:
        staff_no = unicodedata.normalize("NFKC", line.staff_no).strip()
        name = unicodedata.normalize("NFC", line.name).strip()
        if not staff_no:
            self._problem(line.row, "roster.staff_no_missing")
        elif not is_name(staff_no, _LONGEST_STAFF_NO):
            self._problem(line.row, "roster.staff_no_form", value=staff_no[:40])
        elif (first := self.rows_by_number.setdefault(staff_no, line.row)) != line.row:
            self._problem(line.row, "roster.staff_no_twice", value=staff_no, first=first)
        elif (doubt := self.doubts.of(staff_no, name)) is not None:
            self._problem(line.row, doubt.key, **doubt.args)
        if not is_name(name):
            self._problem(line.row, "roster.name_form" if name else "roster.name_missing")
        email = unicodedata.normalize("NFKC", line.email).strip()
        if email and not is_address(email):
            self._problem(line.row, "roster.email_form", value=email[:60])
        return _Checked(
            row=line.row,
            staff_no=staff_no,
            name=name,
            login=normalise_login(line.login),
            email=email,
            unit_id=self._unit(line),
            posts=self._posts(line),
        )

    def _unit(self, line: RosterLine) -> int:
        if not line.unit.strip():
            self._problem(line.row, "roster.unit_missing")
            return 0
        found = self.lookup.find(line.unit)
        if isinstance(found, RosterProblem):
            self._problem(line.row, found.key, **found.args)
            return 0
        return found.id

    def _posts(self, line: RosterLine) -> tuple[str, ...]:
        found = find_posts(line.posts, self.facts.posts)
        if isinstance(found, RosterProblem):
            self._problem(line.row, found.key, **found.args)
            return ()
        return found

    def _check_login(self, checked: _Checked, person: PersonFact | None) -> str:
        """The login that will hold: as written, as it was, or the staff number."""
        login = checked.login or (person.login if person else normalise_login(checked.staff_no))
        if not login:
            return ""
        if not is_login(login):
            key = "roster.login_form" if checked.login else "roster.login_needed"
            self._problem(checked.row, key, value=login[:64])
            return login
        owner = self.owners.get(login, checked.staff_no)
        if owner != checked.staff_no:
            self._problem(checked.row, "roster.login_taken", value=login, owner=owner)
        first = self.rows_by_login.setdefault(login, checked.row)
        if first != checked.row and self.rows_by_number.get(checked.staff_no) == checked.row:
            self._problem(checked.row, "roster.login_twice", value=login, first=first)
        return login

    def _add(self, checked: _Checked, login: str) -> None:
        self.added.append(
            Addition(
                row=checked.row,
                staff_no=checked.staff_no,
                name=checked.name,
                login=login,
                email=checked.email or None,
                postings=all_in(checked.unit_id, checked.posts),
            )
        )

    def _compare(self, checked: _Checked, login: str, person: PersonFact) -> None:
        fields = [
            ("name", person.name, checked.name),
            ("login", person.login, login),
            ("email", person.email or "", checked.email or person.email or ""),
        ]
        different = tuple(one for one in fields if one[1] != one[2])
        after = _postings(checked, person)
        where = (checked.row, person.id, person.staff_no, checked.name)
        if different:
            self.changed.append(Change(*where, different))
        if after != person.held:
            self.moved.append(Transfer(*where, person.held, after))
        if person.disabled:
            self.returned.append(Switch(*where, checked.unit_id))
        if not (different or after != person.held or person.disabled):
            self.unchanged += 1


def _postings(checked: _Checked, person: PersonFact) -> tuple[Posting, ...]:
    """What the person will hold: the very same when nothing differs but the order of the posts."""
    main = next((one for one in person.held if one.main), None)
    beside = [one for one in person.held if main and one.unit_id != main.unit_id]
    there = {one.post for one in person.held if main and one.unit_id == main.unit_id}
    if main and main.unit_id == checked.unit_id and there == set(checked.posts):
        return person.held
    return settle_main([*all_in(checked.unit_id, checked.posts), *beside])
