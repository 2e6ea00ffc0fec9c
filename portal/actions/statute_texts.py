"""Official texts of statutes: taken over from an operator's files, read, searched.

A text is kept for a version that the register knows: title and day of effect say which. One that
differs from the register is refused with the differences, unless the operator says otherwise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from portal.actions import permission
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.content import search_terms
from portal.core.people import Person
from portal.core.problems import Problem
from portal.core.statute_texts import (
    MAX_BYTES,
    Paragraph,
    StatuteText,
    differences,
    paragraphs,
    parse_statute_text,
)
from portal.core.statutes import Statute
from portal.core.times import parse_iso
from portal.store import audit, statute_texts
from portal.store.database import Connection, Row

Outcome = Literal["new", "replaced", "same", "problems", "unregistered", "differs", "unreadable"]
KEPT: frozenset[Outcome] = frozenset({"new", "replaced", "same"})
MOST_FOUND = 12
_MOST_ASKED = 60  # hits looked at before those not in force are left out
_MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file. ``differing``: (what, in the text, in the register); ``detail`` says
    why a file is unreadable."""

    path: Path
    outcome: Outcome
    title: str = ""
    effective: str = ""
    articles: int = 0
    outside: int = 0
    problems: tuple[Problem, ...] = ()
    differing: tuple[tuple[str, str, str], ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article of an imported text. ``headings`` from part to section; ``before`` and ``after``
    are the numbers of those beside it."""

    article: str
    headings: tuple[str, ...]
    paragraphs: list[Paragraph]
    before: str | None
    after: str | None
    imported_on: str  # ISO date


def import_file(portal: Portal, path: Path, *, anyway: bool = False) -> Imported:
    """Take over the text in the file at ``path``; nothing is written unless it is sound.

    With ``anyway`` a text that differs from the register is kept too. Called by the operator of
    the portal, from the command line or by putting the file into the folder.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return Imported(path, "unreadable", detail=f"> {MAX_BYTES // 1024 // 1024} MB")
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Imported(path, "unreadable", detail="UTF-8")
    except OSError as error:
        return Imported(path, "unreadable", detail=error.strerror or str(error))
    found, problems = parse_statute_text(source, path.name)
    if found is None:
        return Imported(path, "problems", problems=tuple(problems))
    statute = _version(portal, found)
    if statute is None:
        return _said(path, "unregistered", found)
    differing = differences(found, statute)
    if differing and not anyway:
        return _said(path, "differs", found, differing)
    return _said(path, _save(portal, found, statute, data), found, differing)


def list_texts(portal: Portal) -> list[Row]:
    """Every imported text, for the operator; rows as ``store.statute_texts.list_texts``."""
    with portal.db.read() as conn:
        return statute_texts.list_texts(conn)


def find_article(portal: Portal, statute: Statute, article: str) -> ArticleView | None:
    """One article of exactly this version; None when its text was not imported. Official texts
    are for everybody who can sign in: callers need no permission."""
    with portal.db.read() as conn:
        text = statute_texts.find_text(conn, statute.title, statute.effective)
        row = statute_texts.find_article(conn, text["id"], article) if text else None
    if text is None or row is None:
        return None
    return ArticleView(
        article=row["article"],
        headings=tuple(json.loads(row["heading"])),
        paragraphs=paragraphs(row["body"]),
        before=row["before"],
        after=row["after"],
        imported_on=parse_iso(text["imported_at"]).date().isoformat(),
    )


def search_articles(portal: Portal, actor: Person, words: str) -> list[tuple[Statute, Row]]:
    """Articles in force that hold all ``words`` (some, when none holds all), the best first.

    Raises NotAllowed.
    """
    terms = search_terms.terms(words[:_MOST_WORDS])
    if not terms:
        return []
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        rows = statute_texts.search(conn, search_terms.expression(terms), _MOST_ASKED)
        if not rows:
            rows = statute_texts.search(conn, search_terms.looser(terms), _MOST_ASKED)
    registry = portal.library.catalogue.statutes
    found = []
    for row in rows:
        statute = next(iter(registry.versions(row["title"])), None)
        if statute and statute.in_force and statute.effective == row["effective"]:
            found.append((statute, row))
    return found[:MOST_FOUND]


# Private functions


def _version(portal: Portal, found: StatuteText) -> Statute | None:
    """The registered version that the text is of: by date, else the one in force."""
    versions = portal.library.catalogue.statutes.versions(found.title)
    dated = (one for one in versions if one.effective == found.effective)
    return next(dated, versions[0] if versions else None)


def _save(portal: Portal, found: StatuteText, statute: Statute, data: bytes) -> Outcome:
    digest = sha256(data).hexdigest()
    tokens = [search_terms.spaced(one.body) for one in found.articles]
    text = StatuteText(statute.title, found.effective, found.source, found.articles, found.outside)
    with portal.db.write() as conn:
        old = statute_texts.find_text(conn, text.title, text.effective)
        if old is not None and old["sha256"] == digest:
            return "same"
        statute_texts.save(conn, text, statute.short, digest, tokens, portal.now())
        _note(portal, conn, text, digest)
    return "replaced" if old is not None else "new"


def _note(portal: Portal, conn: Connection, text: StatuteText, digest: str) -> None:
    audit.record(
        conn,
        at=portal.now(),
        actor_id=None,
        action="import_statute",
        target="",
        title=text.title,
        effective=text.effective,
        articles=len(text.articles),
        sha256=digest,
    )


def _said(
    path: Path,
    outcome: Outcome,
    found: StatuteText,
    differing: list[tuple[str, str, str]] | None = None,
) -> Imported:
    return Imported(
        path,
        outcome,
        found.title,
        found.effective,
        len(found.articles),
        found.outside,
        differing=tuple(differing or ()),
    )
