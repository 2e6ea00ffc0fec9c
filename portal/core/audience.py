"""Whom an assignment is for: a small closed union of rules, joined by and / or, as data.

A rule is tried on each present posting of a person by itself ("grid workers of East Street" does
not take in a mediator of East Street who is a grid worker elsewhere); a person matches by any of
them. Rules are stored as JSON and read back by ``read_rule``, which trusts nothing.

**Below the level of the post**: a capability measured below what the person's post needs. Where
there is not enough evidence for a level, nobody is judged: such a person is matched only when the
rule says ``unmeasured``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

MAX_DEPTH = 4
MAX_RULES = 40
MAX_NAMED = 1000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Everyone:
    """Everybody with a present posting, within the assignment's reach."""


@dataclass(frozen=True, slots=True)
class InUnit:
    """Posted in the unit or anywhere below it."""

    unit_id: int


@dataclass(frozen=True, slots=True)
class HoldsPost:
    """``post`` is a key of capabilities.toml."""

    post: str


@dataclass(frozen=True, slots=True)
class BelowLevel:
    """Measured below what the post needs; ``unmeasured`` takes in those without enough evidence."""

    capability: str
    unmeasured: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """These people, by id."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassedBefore:
    """Completed ``course`` for the first time before ``before`` (UTC, ISO 8601 with ``Z``): who
    learned what has changed since."""

    course: str
    before: str


@dataclass(frozen=True, slots=True)
class AllOf:
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    rules: tuple[Rule, ...]


Rule = Everyone | InUnit | HoldsPost | BelowLevel | Named | PassedBefore | AllOf | AnyOf

Gap = Literal["below", "unmeasured"]


@dataclass(frozen=True, slots=True)
class Place:
    """What of a posting decides; ``unit_path`` is ``/1/4/9/``: all units above and the unit."""

    unit_path: str
    post: str


class BadRule(ValueError):
    """What was stored or sent is no rule. ``key`` names a message for people."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def matches(
    rule: Rule,
    place: Place,
    person_id: int | None,
    gaps: Mapping[str, Gap] | None,
    passed: Mapping[str, str] | None = None,
) -> bool | None:
    """Whether somebody with this posting matches.

    None when that depends on what was not given: ``person_id`` None stands for "whoever is
    there", ``gaps`` None for levels that were not looked up, ``passed`` (when each course was first
    completed) None likewise. So a whole unit and post can be decided at once, and only the rest
    person by person.
    """
    match rule:
        case Everyone():
            return True
        case InUnit(unit_id):
            return f"/{unit_id}/" in place.unit_path
        case HoldsPost(post):
            return post == place.post
        case BelowLevel(capability, unmeasured):
            if gaps is None:
                return None
            gap = gaps.get(capability)
            return gap == "below" or (unmeasured and gap == "unmeasured")
        case Named(person_ids):
            return None if person_id is None else person_id in person_ids
        case PassedBefore(course, before):
            return None if passed is None else passed.get(course, before) < before
        case AllOf(rules):
            answers = [matches(one, place, person_id, gaps, passed) for one in rules]
            return False if False in answers else (None if None in answers else True)
        case AnyOf(rules):
            answers = [matches(one, place, person_id, gaps, passed) for one in rules]
            return True if True in answers else (None if None in answers else False)
    assert_never(rule)


def gaps_of(needs: Mapping[str, int], levels: Mapping[str, int | None]) -> dict[str, Gap]:
    """What is missing in a post that ``needs`` levels, for somebody measured at ``levels``."""
    gaps: dict[str, Gap] = {}
    for capability, needed in needs.items():
        level = levels.get(capability)
        if level is None:
            gaps[capability] = "unmeasured"
        elif level < needed:
            gaps[capability] = "below"
    return gaps


def asks_for_levels(rule: Rule) -> bool:
    """Whether measured levels have to be looked up to decide."""
    return any(isinstance(one, BelowLevel) for one in parts(rule))


def courses_asked(rule: Rule) -> tuple[str, ...]:
    """The courses whose completions have to be looked up to decide, each once."""
    found = (one.course for one in parts(rule) if isinstance(one, PassedBefore))
    return tuple(dict.fromkeys(found))


def parts(rule: Rule) -> Iterator[Rule]:
    """The rule and every rule in it."""
    yield rule
    if isinstance(rule, AllOf | AnyOf):
        for one in rule.rules:
            yield from parts(one)


def only_named(rule: Rule) -> tuple[int, ...] | None:
    """The only people who can match, when the rule itself says so; None when anybody might."""
    match rule:
        case Named(person_ids):
            return person_ids
        case AllOf(rules):
            found = [ids for one in rules if (ids := only_named(one)) is not None]
            return min(found, key=len) if found else None
        case AnyOf(rules):
            each = [only_named(one) for one in rules]
            if any(ids is None for ids in each):
                return None
            return tuple(sorted({one for ids in each for one in ids or ()}))
        case _:
            return None


def write_rule(rule: Rule) -> dict[str, Any]:
    """The rule as JSON, which ``read_rule`` reads back."""
    match rule:
        case Everyone():
            return {"type": "everyone"}
        case InUnit(unit_id):
            return {"type": "unit", "unit_id": unit_id}
        case HoldsPost(post):
            return {"type": "post", "post": post}
        case BelowLevel(capability, unmeasured):
            return {"type": "below", "capability": capability, "unmeasured": unmeasured}
        case Named(person_ids):
            return {"type": "people", "ids": list(person_ids)}
        case PassedBefore(course, before):
            return {"type": "passed", "course": course, "before": before}
        case AllOf(rules):
            return {"type": "all", "of": [write_rule(one) for one in rules]}
        case AnyOf(rules):
            return {"type": "any", "of": [write_rule(one) for one in rules]}
    assert_never(rule)


def read_rule(data: object) -> Rule:
    """The rule that ``data`` (decoded JSON) is. Raises BadRule."""
    rule = _read(data, 1)
    if sum(1 for _ in parts(rule)) > MAX_RULES:
        raise BadRule("error.audience_large")
    return rule


# Private functions


def _read(data: object, depth: int) -> Rule:
    if depth > MAX_DEPTH:
        raise BadRule("error.audience_large")
    match data:
        case {"type": "everyone"}:
            return Everyone()
        case {"type": "unit", "unit_id": int(unit_id)} if unit_id > 0:
            return InUnit(unit_id)
        case {"type": "post", "post": str(post)} if 0 < len(post) <= 64:
            return HoldsPost(post)
        case {"type": "below", "capability": str(capability), **rest} if capability:
            return BelowLevel(capability, rest.get("unmeasured") is True)
        case {"type": "people", "ids": list(ids)}:
            return Named(_ids(ids))
        case {"type": "passed", "course": str(course), "before": str(before)} if 0 < len(
            course
        ) <= 200 and _MOMENT.fullmatch(before):
            return PassedBefore(course, before)
        case {"type": "all", "of": list(rules)}:
            return AllOf(_several(rules, depth))
        case {"type": "any", "of": list(rules)}:
            return AnyOf(_several(rules, depth))
    raise BadRule("error.audience_form")


def _ids(ids: Sequence[object]) -> tuple[int, ...]:
    if not ids:
        raise BadRule("error.audience_empty")
    if len(ids) > MAX_NAMED:
        raise BadRule("error.audience_large")
    found = {one for one in ids if isinstance(one, int) and not isinstance(one, bool) and one > 0}
    if len(found) < len(set(map(str, ids))):
        raise BadRule("error.audience_form")
    return tuple(sorted(found))


def _several(rules: Collection[object], depth: int) -> tuple[Rule, ...]:
    if not rules:
        raise BadRule("error.audience_empty")
    if len(rules) > MAX_RULES:
        raise BadRule("error.audience_large")
    return tuple(_read(one, depth + 1) for one in rules)
