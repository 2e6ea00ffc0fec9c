"""Changes of statutes for trainers: what cites them, what was found on looking, what is left."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import NotAllowed, Refused
from portal.actions.law_noticing import content_version
from portal.actions.portal import Portal
from portal.core.capabilities import Bilingual
from portal.core.law_changes import VERDICTS, Judged, passed_until
from portal.core.people import Person
from portal.core.renumbering import Renumbered
from portal.core.times import parse_iso
from portal.core.typed import typed_line
from portal.store import law
from portal.store.database import Connection, Row

State = Literal["open", "unchanged", "changed", "gone"]
STATES: tuple[State, ...] = ("open", "changed", "unchanged", "gone")
LONGEST_REASON = 300
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Something that cited a statute when it changed. ``suggested`` by article, where a table says
    what became of it; ``edited``: its text has been published anew since."""

    kind: str
    id: str
    course: str
    title: Bilingual
    articles: tuple[str, ...]
    suggested: dict[str, Renumbered]
    state: State
    edited: bool
    reason: str
    reviewer: str
    at: datetime | None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others of the change."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change with its places by course. ``until``: until when people passed on the old text, by
    course; courses that nobody has to learn anew are left out."""

    change: Row
    places: list[Place]
    until: dict[str, datetime]
    refreshers: list[Row]

    @property
    def counts(self) -> Counter[State]:
        """How many places are in each state."""
        return Counter(one.state for one in self.places)


def list_changes(portal: Portal, actor: Person) -> list[Row]:
    """Every change, the newest first; rows as ``store.law.changes``. Raises NotAllowed."""
    with permission.read(portal, actor, "review_laws") as conn:
        return law.changes(conn)


def get_change(portal: Portal, actor: Person, change_id: int) -> ChangeView:
    """One change. Raises NotAllowed, also when there is none of that number."""
    with permission.read(portal, actor, "review_laws") as conn:
        return view(portal, conn, change_id)


def judge(
    portal: Portal,
    actor: Person,
    change_id: int,
    keys: Collection[tuple[str, str]],
    verdict: str,
    reason: str,
) -> int:
    """Say of places (kind, id) what a look at them found; how many were judged anew.

    ``unchanged``: the text holds under the new law, and ``reason`` says why; ``changed``: it was
    rewritten; ``open``: it has to be looked at again. Raises NotAllowed, or Refused:
    ``error.law_reason`` (missing or too long), ``error.law_none`` (no place chosen),
    ``error.law_many``.
    """
    reason = typed_line(reason)
    if verdict not in VERDICTS:
        raise NotAllowed
    if len(reason) > LONGEST_REASON or (verdict == "unchanged" and not reason):
        raise Refused("error.law_reason", most=LONGEST_REASON)
    if not keys:
        raise Refused("error.law_none")
    if len(keys) > MOST_AT_ONCE:
        raise Refused("error.law_many", most=MOST_AT_ONCE)
    with permission.write(portal, actor, "review_laws") as conn:
        if law.find_change(conn, change_id) is None:
            raise NotAllowed
        known = {(row["kind"], row["content_id"]): row for row in law.places(conn, change_id)}
        if not set(keys) <= known.keys():
            raise NotAllowed
        news = [
            key
            for key in dict.fromkeys(keys)
            if (known[key]["verdict"] or "open", known[key]["reason"] or "") != (verdict, reason)
        ]
        law.add_reviews(conn, change_id, news, verdict, reason, actor.id, portal.now())
        if news:
            note(
                portal,
                conn,
                actor,
                "review_law",
                f"law:{change_id}",
                verdict=verdict,
                reason=reason,
                places=[f"{kind}:{content_id}" for kind, content_id in news],
            )
        return len(news)


def view(portal: Portal, conn: Connection, change_id: int) -> ChangeView:
    """One change, for somebody who may see it. Raises NotAllowed when there is none."""
    change = law.find_change(conn, change_id)
    if change is None:
        raise NotAllowed
    rows = law.places(conn, change_id)
    return ChangeView(
        change=change,
        places=[_place(portal, change, row) for row in rows],
        until=_until(portal, rows),
        refreshers=law.refreshers(conn, change_id),
    )


# Private functions


def _place(portal: Portal, change: Row, row: Row) -> Place:
    catalogue = portal.library.catalogue
    current = content_version(catalogue, row["kind"], row["content_id"])
    articles = tuple(json.loads(row["articles"]))
    suggestions = {
        article: catalogue.renumbering.suggestion(change["short"], change["old_version"], article)
        for article in articles
        if change["kind"] == "amended"
    }
    state: State = row["verdict"] or "open"
    if current is None and state == "open":
        state = "gone"
    return Place(
        kind=row["kind"],
        id=row["content_id"],
        course=row["course_id"],
        title=Bilingual(row["title"], row["title_en"]),
        articles=articles,
        suggested={key: one for key, one in suggestions.items() if one is not None},
        state=state,
        edited=current is not None and current != row["version"],
        reason=row["reason"] or "",
        reviewer=row["reviewer"] or "",
        at=parse_iso(row["at"]) if row["at"] else None,
    )


def _until(portal: Portal, rows: list[Row]) -> dict[str, datetime]:
    """By course that is still offered. A place that is gone does not hold a course open."""
    catalogue = portal.library.catalogue
    judged: dict[str, list[Judged]] = {}
    for row in rows:
        open_ = row["verdict"] in (None, "open")
        gone = content_version(catalogue, row["kind"], row["content_id"]) is None
        if row["course_id"] not in catalogue.courses or (gone and open_):
            continue
        at = parse_iso(row["at"]) if row["at"] else None
        judged.setdefault(row["course_id"], []).append(Judged(row["verdict"], at))
    found = {course: passed_until(each) for course, each in judged.items()}
    return {
        course: portal.now() if until == "now" else until
        for course, until in found.items()
        if until is not None
    }
