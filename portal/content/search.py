"""Search over the catalogue: SQLite FTS5 on pairs of Chinese characters (ADR 0006).

The index is a file of its own that can be deleted at any time. It is built anew in one
transaction when the catalogue's fingerprint has changed; whoever searches meanwhile is answered
from the old one.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.content import search_terms
from portal.content.search_documents import Document, documents
from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.links import Link, PlaceName

FORMAT = "1"  # of the tables and the tokens; another one builds the index anew
TITLE_WEIGHT, TEXT_WEIGHT = 10.0, 1.0
MAX_QUERY_CHARS = 100
_BEFORE, _SNIPPET = 16, 80  # characters of a snippet: before the word found, and in all

_log = logging.getLogger(__name__)

_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS built (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        fingerprint TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS documents (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        place TEXT NOT NULL,
        query TEXT NOT NULL,
        title_zh TEXT NOT NULL,
        title_en TEXT,
        text_zh TEXT NOT NULL,
        text_en TEXT,
        within_zh TEXT NOT NULL,
        within_en TEXT
    )
    """,
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS tokens
    USING fts5(title, text, content='', tokenize="unicode61 remove_diacritics 2")
    """,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``snippet`` is plain text around the words found; it may be empty."""

    kind: str  # course, module, section, quiz or question
    id: str
    title: str
    snippet: str
    within: str  # title of the course, module or quiz it stands in
    link: Link

    @property
    def place(self) -> PlaceName:
        """The page's name."""
        return self.link.place

    @property
    def query(self) -> dict[str, str]:
        """The page's query."""
        return self.link.query

    @property
    def url(self) -> str:
        """Path and query."""
        return self.link.url


@dataclass
class SearchIndex:
    """The index in the file at ``path``, which is made when it is not there or not readable."""

    path: Path
    _building: threading.Lock = field(default_factory=threading.Lock)

    def fingerprint(self) -> str:
        """Of the catalogue that the index shows; empty when it was never built."""
        with self._open() as raw:
            row = raw.execute("SELECT fingerprint FROM built").fetchone()
        stored = str(row[0]) if row else ""
        return stored.removeprefix(f"{FORMAT}:") if stored.startswith(f"{FORMAT}:") else ""

    def rebuild(self, catalogue: Catalogue) -> bool:
        """Show ``catalogue`` from now on; False when the index does already."""
        with self._building:
            if self.fingerprint() == catalogue.fingerprint:
                return False
            rows = [_row(number, one) for number, one in enumerate(documents(catalogue), 1)]
            with self._open() as raw:
                _replace(raw, rows, f"{FORMAT}:{catalogue.fingerprint}")
            return True

    def find(self, query: str, limit: int = 30, locale: str = "zh") -> list[Hit]:
        """What holds all words of ``query``, titles before texts; what holds some when none does.

        Any text is a query: nothing in it is read as syntax.
        """
        words = search_terms.terms(query[:MAX_QUERY_CHARS])
        if not words:
            return []
        with self._open() as raw:
            rows = _search(raw, search_terms.expression(words), limit)
            if not rows:
                rows = _search(raw, search_terms.looser(words), limit)
        return [_hit(row, words, locale) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            raw = _connect(self.path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _log.warning("the search index %s cannot be read (%s): made anew", self.path, error)
            self.path.unlink()
            raw = _connect(self.path)
        with closing(raw):
            yield raw


# Private functions


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        raw.row_factory = sqlite3.Row
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = NORMAL")
        for statement in _SCHEMA:
            raw.execute(statement)
    except BaseException:
        raw.close()
        raise
    return raw


def _row(number: int, one: Document) -> dict[str, object]:
    return {
        "id": number,
        "kind": one.kind,
        "name": one.id,
        "place": one.link.place,
        "query": json.dumps(one.link.query, ensure_ascii=False),
        "title_zh": one.title.zh,
        "title_en": one.title.en,
        "text_zh": one.text.zh,
        "text_en": one.text.en,
        "within_zh": one.within.zh,
        "within_en": one.within.en,
        "title": search_terms.spaced(f"{one.title.zh}\n{one.title.en or ''}"),
        "text": search_terms.spaced(f"{one.text.zh}\n{one.text.en or ''}"),
    }


def _replace(raw: sqlite3.Connection, rows: list[dict[str, object]], fingerprint: str) -> None:
    raw.execute("BEGIN IMMEDIATE")
    try:
        raw.execute("DELETE FROM documents")
        raw.execute("INSERT INTO tokens (tokens) VALUES ('delete-all')")
        raw.executemany(
            """
            INSERT INTO documents (
                id, kind, name, place, query, title_zh, title_en, text_zh, text_en,
                within_zh, within_en
            ) VALUES (
                :id, :kind, :name, :place, :query, :title_zh, :title_en, :text_zh, :text_en,
                :within_zh, :within_en
            )
            """,
            rows,
        )
        raw.executemany("INSERT INTO tokens (rowid, title, text) VALUES (:id, :title, :text)", rows)
        raw.execute(
            """
            INSERT INTO built (id, fingerprint) VALUES (1, :fingerprint)
            ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint
            """,
            {"fingerprint": fingerprint},
        )
        raw.execute("COMMIT")
    except BaseException:
        raw.execute("ROLLBACK")
        raise


def _search(raw: sqlite3.Connection, expression: str, limit: int) -> list[sqlite3.Row]:
    return raw.execute(
        """
        SELECT d.kind, d.name, d.place, d.query, d.title_zh, d.title_en, d.text_zh, d.text_en,
               d.within_zh, d.within_en
        FROM tokens
        JOIN documents d ON d.id = tokens.rowid
        WHERE tokens MATCH :expression
        ORDER BY bm25(tokens, :title_weight, :text_weight), d.id
        LIMIT :limit
        """,
        {
            "expression": expression,
            "title_weight": TITLE_WEIGHT,
            "text_weight": TEXT_WEIGHT,
            "limit": limit,
        },
    ).fetchall()


def _hit(row: sqlite3.Row, words: list[str], locale: str) -> Hit:
    text = Bilingual(row["text_zh"], row["text_en"])
    shown = text.in_(locale)
    other = text.zh if shown != text.zh else (text.en or "")
    return Hit(
        kind=row["kind"],
        id=row["name"],
        title=Bilingual(row["title_zh"], row["title_en"]).in_(locale),
        snippet=_snippet(shown, words) or _snippet(other, words),
        within=Bilingual(row["within_zh"], row["within_en"]).in_(locale),
        link=Link(row["place"], json.loads(row["query"])),
    )


def _snippet(text: str, words: list[str]) -> str:
    """The text around the first word found in it; empty when none is."""
    line = " ".join(text.split())
    folded = line.casefold()  # the same length for all that is written here
    places = [place for word in words if (place := folded.find(word)) >= 0]
    if not places:
        return ""
    begin = max(0, min(places) - _BEFORE)
    cut = line[begin : begin + _SNIPPET]
    return f"{'…' if begin else ''}{cut}{'…' if begin + _SNIPPET < len(line) else ''}"
