"""A person's capability as pages show it: to the person with its story, to a manager in levels.

A manager sees what the evidence amounts to (score, band, level, number of answers), never single
answers of practice, nor what moved the profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.actions import permission
from portal.actions.evidence import event_of
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.capability import CAPABILITIES, level_of, needed_score
from portal.core.capability_corrections import Corrected, Logged, corrections
from portal.core.capability_log import ENOUGH_ANSWERS, Event, Profile
from portal.core.capability_story import Move, Occasion, Point, Story, now_point, tell
from portal.core.people import Person
from portal.core.times import parse_iso
from portal.store import capability, evidence, people
from portal.store.database import Connection, Row

MAX_MOVES = 40


@dataclass(frozen=True, slots=True)
class CapabilityLine:
    """One capability of one person. ``now`` and ``level`` are None without enough evidence."""

    key: str
    name: Bilingual
    colour: str  # "#rrggbb"
    answers: int  # different questions and drill decisions
    missing: int  # answers until there is enough evidence
    now: Point | None
    level: int | None  # 1..5
    practised: datetime | None
    needed_level: int | None  # what the person's posts ask for, the highest of several
    needed: float | None  # the same on 0..100

    @property
    def standing(self) -> str:
        """``unknown``, ``above`` (the whole band meets the need), ``near`` or ``below``."""
        if self.now is None or self.needed is None:
            return "unknown"
        if self.now.low >= self.needed:
            return "above"
        return "below" if self.now.high < self.needed else "near"


@dataclass(frozen=True, slots=True)
class MoveLine:
    """What moved a capability; ``title`` is None where the occasion has no name of its own."""

    at: datetime
    kind: str  # quiz, exam, checkpoint, placement, practice, drill
    title: Bilingual | None
    capability: str
    points: int


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A later decision about answers of ``given_at``: so many got another score, so many count no
    longer. ``points`` is None where there was or is not enough evidence to tell."""

    at: datetime
    given_at: datetime
    kind: str
    title: Bilingual | None
    capability: str
    points: int | None
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class ProfileView:
    """``moves``, ``corrections``, ``lent`` (points that other capabilities' answers moved, where
    there are any) and ``history`` (by capability key) are empty for a manager."""

    person_id: int
    name: str
    own: bool
    posts: tuple[Bilingual, ...]
    lines: tuple[CapabilityLine, ...]
    moves: tuple[MoveLine, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    lent: Mapping[str, int] = field(default_factory=dict)
    history: Mapping[str, tuple[Point, ...]] | None = None

    @property
    def answers(self) -> int:
        """Different questions and decisions answered, all capabilities together."""
        return sum(line.answers for line in self.lines)


def marker(portal: Portal, actor: Person, person_id: int | None = None) -> tuple[int, int]:
    """Changes when the profile does: a key for what was made of it. Raises NotAllowed."""
    with _reading(portal, actor, person_id) as conn:
        return evidence.marker(conn, person_id or actor.id)


def profile(portal: Portal, actor: Person, person_id: int | None = None) -> ProfileView:
    """One's own profile with its story, or that of a person one manages. Raises NotAllowed."""
    whose = person_id or actor.id
    with _reading(portal, actor, person_id) as conn:
        if whose == actor.id:
            story = tell(_occasions(portal, evidence.of_person(conn, whose)))
            later = _corrections(portal, conn, whose)
            return _view(portal, actor, story.profile, story, later)
        person = people.find_person(conn, whose)
        assert person is not None  # the permission was asked for an existing person
        found = capability.find_profile(conn, whose)
        return _view(portal, person, found, None)


# Private functions


def _reading(
    portal: Portal, actor: Person, person_id: int | None
) -> AbstractContextManager[Connection]:
    own = person_id is None or person_id == actor.id
    target = oneself(actor) if own else permission.person(person_id or 0)
    return permission.read(portal, actor, "see_record", target)


def _occasions(portal: Portal, rows: list[Row]) -> Iterator[tuple[Occasion, Event]]:
    zone = ZoneInfo(portal.settings.tz)
    for row in rows:
        source = str(row["source_id"])
        if row["kind"] in ("practice", "checkpoint"):  # a day or a module is one occasion
            source = parse_iso(row["at"]).astimezone(zone).date().isoformat()
        yield Occasion(row["kind"], source, row["content_id"]), event_of(row)


def _corrections(portal: Portal, conn: Connection, person_id: int) -> tuple[CorrectionLine, ...]:
    later = evidence.corrections(conn, person_id, person_id)
    if not later:
        return ()
    rows = evidence.logged(conn, person_id, person_id)
    log = [
        Logged(row["id"], *told) for row, told in zip(rows, _occasions(portal, rows), strict=True)
    ]
    told = corrections(
        log, (Corrected(row["evidence_id"], parse_iso(row["at"]), row["x"]) for row in later)
    )
    return tuple(
        CorrectionLine(
            one.at,
            one.given_at,
            one.occasion.kind,
            _title(portal, one.occasion.content_id),
            CAPABILITIES[one.k],
            one.points,
            one.changed,
            one.removed,
        )
        for one in told
    )


def _view(
    portal: Portal,
    person: Person,
    found: Profile | None,
    story: Story | None,
    later: tuple[CorrectionLine, ...] = (),
) -> ProfileView:
    model = portal.library.catalogue.capabilities
    posts = [post for post in model.posts if post.key in person.posts]
    by_key = {one.key: one for one in model.capabilities}
    lines = tuple(
        _line(
            k,
            key,
            by_key[key].name if key in by_key else Bilingual(key),
            by_key[key].colour if key in by_key else "#52606D",
            found,
            max((post.needs.get(key, 0) for post in posts), default=0) or None,
            portal.now(),
        )
        for k, key in enumerate(CAPABILITIES)
    )
    return ProfileView(
        person.id,
        person.name,
        story is not None,
        tuple(post.name for post in posts),
        lines,
        tuple(_move(portal, move) for move in story.moves[:MAX_MOVES]) if story else (),
        later,
        {key: n for key, n in zip(CAPABILITIES, story.lent, strict=True) if n} if story else {},
        dict(zip(CAPABILITIES, story.history, strict=True)) if story else None,
    )


def _line(
    k: int,
    key: str,
    name: Bilingual,
    colour: str,
    found: Profile | None,
    needed_level: int | None,
    now: datetime,
) -> CapabilityLine:
    answers = found.answers[k] if found else 0
    enough = found is not None and found.enough(k)
    return CapabilityLine(
        key,
        name,
        colour,
        answers,
        max(0, ENOUGH_ANSWERS - answers),
        now_point(found, k, now) if found and enough else None,
        level_of(found.state.mean[k]) if found and enough else None,
        found.practised[k] if found else None,
        needed_level,
        needed_score(needed_level) if needed_level else None,
    )


def _move(portal: Portal, move: Move) -> MoveLine:
    title = _title(portal, move.occasion.content_id)
    return MoveLine(move.at, move.occasion.kind, title, CAPABILITIES[move.k], move.points)


def _title(portal: Portal, content_id: str) -> Bilingual | None:
    catalogue = portal.library.catalogue
    titled = (
        catalogue.quizzes.get(content_id)
        or catalogue.modules.get(content_id)
        or catalogue.drills.get(content_id)
    )
    return titled.title if titled else (Bilingual(content_id) if content_id else None)
