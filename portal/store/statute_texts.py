"""Official texts of statutes as they were imported, and their articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from portal.core.statute_texts import StatuteText
from portal.core.times import iso
from portal.store.database import Connection, Row


def find_text(conn: Connection, title: str, effective: str) -> Row | None:
    """The text of one version: id, title, short, effective, source, sha256, imported_at."""
    return conn.one(
        "SELECT * FROM statute_texts WHERE title = :title AND effective = :effective",
        title=title,
        effective=effective,
    )


def list_texts(conn: Connection) -> list[Row]:
    """Every text by title and date, with the number of its articles (``articles``)."""
    return conn.all(
        """
        SELECT t.id, t.title, t.short, t.effective, t.source, t.sha256, t.imported_at,
               (SELECT COUNT(*) FROM statute_articles a WHERE a.text_id = t.id) AS articles
        FROM statute_texts t
        ORDER BY t.title, t.effective
        """
    )


def save(
    conn: Connection,
    found: StatuteText,
    short: str,
    sha256: str,
    tokens: Sequence[str],
    at: datetime,
) -> None:
    """Store a text in place of the one of the same version; ``tokens`` of each article."""
    old = find_text(conn, found.title, found.effective)
    if old is not None:
        conn.run(
            """
            DELETE FROM statute_tokens
            WHERE rowid IN (SELECT id FROM statute_articles WHERE text_id = :id)
            """,
            id=old["id"],
        )
        conn.run("DELETE FROM statute_articles WHERE text_id = :id", id=old["id"])
        conn.run("DELETE FROM statute_texts WHERE id = :id", id=old["id"])
    text_id = conn.insert(
        """
        INSERT INTO statute_texts (title, short, effective, source, sha256, imported_at)
        VALUES (:title, :short, :effective, :source, :sha256, :at)
        RETURNING id
        """,
        title=found.title,
        short=short,
        effective=found.effective,
        source=found.source,
        sha256=sha256,
        at=iso(at),
    )
    conn.many(
        """
        INSERT INTO statute_articles (text_id, position, article, heading, body)
        VALUES (:text_id, :position, :article, :heading, :body)
        """,
        [
            {
                "text_id": text_id,
                "position": position,
                "article": one.number,
                "heading": json.dumps(one.headings, ensure_ascii=False),
                "body": one.body,
            }
            for position, one in enumerate(found.articles, 1)
        ],
    )
    conn.many(
        """
        INSERT INTO statute_tokens (rowid, tokens)
        SELECT id, :tokens FROM statute_articles
        WHERE text_id = :text_id AND position = :position
        """,
        [
            {"text_id": text_id, "position": position, "tokens": one}
            for position, one in enumerate(tokens, 1)
        ],
    )


def find_article(conn: Connection, text_id: int, article: str) -> Row | None:
    """One article: article, heading (JSON list), body, ``before`` and ``after`` (the numbers of
    those beside it, None at the ends)."""
    return conn.one(
        """
        SELECT a.article, a.heading, a.body,
               (
                   SELECT b.article FROM statute_articles b
                   WHERE b.text_id = a.text_id AND b.position = a.position - 1
               ) AS before,
               (
                   SELECT b.article FROM statute_articles b
                   WHERE b.text_id = a.text_id AND b.position = a.position + 1
               ) AS after
        FROM statute_articles a
        WHERE a.text_id = :text_id AND a.article = :article
        """,
        text_id=text_id,
        article=article,
    )


def search(conn: Connection, expression: str, limit: int) -> list[Row]:
    """Articles that the full-text ``expression`` finds, the best first: title, short, effective,
    article, body."""
    return conn.all(
        """
        SELECT t.title, t.short, t.effective, a.article, a.body
        FROM statute_tokens
        JOIN statute_articles a ON a.id = statute_tokens.rowid
        JOIN statute_texts t ON t.id = a.text_id
        WHERE statute_tokens MATCH :expression
        ORDER BY bm25(statute_tokens), a.id
        LIMIT :limit
        """,
        expression=expression,
        limit=limit,
    )
