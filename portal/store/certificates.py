"""Certificates as they were issued, what was decided about them, and what is still to be issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.core.certificates import Certificate, Kind
from portal.core.times import iso, parse_iso
from portal.store.database import Connection, Row

# of the certificate c: NULL when nothing was decided about it
NEWEST_REVOKES = """
    (
        SELECT d.kind = 'revoke' FROM certificate_decisions d
        WHERE d.certificate_id = c.id ORDER BY d.id DESC LIMIT 1
    )
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A row: the certificate, its signature, and whether the newest decision revokes it."""

    id: int
    certificate: Certificate
    key_id: str
    signature: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A completion or renewal whose certificate is to be issued."""

    person_id: int
    course_id: str
    earned_at: datetime
    kind: Kind


def add(conn: Connection, one: Certificate, key_id: str, signature: str) -> bool:
    """Issue it; False when this completion has its certificate already."""
    return bool(
        conn.run(
            """
            INSERT INTO certificates (
                number, person_id, kind, course_id, course_version, title, title_en, name,
                unit_id, unit, unit_en, issuer, issuer_en, assignment_id, assignment, hours,
                earned_at, valid_until, issued_at, key_id, signature
            ) VALUES (
                :number, :person_id, :kind, :course_id, :course_version, :title, :title_en, :name,
                :unit_id, :unit, :unit_en, :issuer, :issuer_en, :assignment_id, :assignment, :hours,
                :earned_at, :valid_until, :issued_at, :key_id, :signature
            )
            ON CONFLICT (person_id, course_id, earned_at) DO NOTHING
            """,
            **{
                **asdict(one),
                "earned_at": iso(one.earned_at),
                "valid_until": iso(one.valid_until) if one.valid_until else None,
                "issued_at": iso(one.issued_at),
                "key_id": key_id,
                "signature": signature,
            },
        )
    )


def find(conn: Connection, number: str) -> Issued | None:
    """The certificate with this number, read before by ``core.certificates.read_number``."""
    row = conn.one(f"{_SELECT} WHERE c.number = :number", number=number)
    return issued(row) if row else None


def of_person(conn: Connection, person_id: int) -> list[Issued]:
    """Everything issued to the person, the last earned first."""
    rows = conn.all(
        f"{_SELECT} WHERE c.person_id = :person_id ORDER BY c.earned_at DESC, c.id DESC",
        person_id=person_id,
    )
    return [issued(row) for row in rows]


def issued(row: Row) -> Issued:
    """What a row says of a certificate; ``row`` has ``revoked`` beside the table's columns."""
    own = {name: row.pop(name) for name in ("id", "key_id", "signature", "revoked")}
    times = {
        name: parse_iso(row[name]) if row[name] else None
        for name in ("earned_at", "valid_until", "issued_at")
    }
    own["revoked"] = bool(own["revoked"])
    return Issued(certificate=Certificate(**{**row, **times}), **own)


def decide(
    conn: Connection, certificate_id: int, kind: str, reason: str, by: int, at: datetime
) -> None:
    """Note that it is revoked (``revoke``) or holds again (``reinstate``)."""
    conn.run(
        """
        INSERT INTO certificate_decisions (certificate_id, kind, reason, decided_by, at)
        VALUES (:certificate_id, :kind, :reason, :by, :at)
        """,
        certificate_id=certificate_id,
        kind=kind,
        reason=reason,
        by=by,
        at=iso(at),
    )


def decisions(conn: Connection, certificate_id: int) -> list[Row]:
    """kind, reason, name (who decided), at (ISO text), the newest first."""
    return conn.all(
        """
        SELECT d.kind, d.reason, p.name, d.at
        FROM certificate_decisions d
        JOIN people p ON p.id = d.decided_by
        WHERE d.certificate_id = :certificate_id
        ORDER BY d.id DESC
        """,
        certificate_id=certificate_id,
    )


# What is still to be issued


def put_off(conn: Connection, due: Due) -> None:
    """Remember that this certificate is to be issued."""
    conn.run(
        """
        INSERT INTO certificates_due (person_id, course_id, earned_at, kind)
        VALUES (:person_id, :course_id, :earned_at, :kind)
        ON CONFLICT (person_id, course_id, earned_at) DO NOTHING
        """,
        **_due_params(due),
        kind=due.kind,
    )


def due(conn: Connection, limit: int) -> list[Due]:
    """What is to be issued, at most ``limit``."""
    rows = conn.all(
        """
        SELECT person_id, course_id, earned_at, kind FROM certificates_due
        ORDER BY person_id, course_id, earned_at
        LIMIT :limit
        """,
        limit=limit,
    )
    return [Due(**{**row, "earned_at": parse_iso(row["earned_at"])}) for row in rows]


def no_longer_due(conn: Connection, done: Iterable[Due]) -> None:
    """These have been issued."""
    conn.many(
        """
        DELETE FROM certificates_due
        WHERE person_id = :person_id AND course_id = :course_id AND earned_at = :earned_at
        """,
        [_due_params(one) for one in done],
    )


# What was true when it was earned


def holder(conn: Connection, due: Due) -> Row | None:
    """name, version and hours of the completion, unit_id: where the person served then, trainers
    too. None: not completed."""
    return conn.one(
        """
        SELECT p.name, COALESCE(g.completed_version, '') AS version,
               CASE WHEN :kind = 'completion' THEN g.hours ELSE 0.0 END AS hours,
               COALESCE(
                   CASE WHEN :kind = 'completion' THEN g.completed_unit_id END,
                   (
                       SELECT s.unit_id FROM postings s
                       WHERE s.person_id = p.id AND s.main = 1 AND s.began_at <= :earned_at
                         AND (s.ended_at IS NULL OR s.ended_at > :earned_at)
                       ORDER BY s.id DESC
                       LIMIT 1
                   )
               ) AS unit_id
        FROM course_progress g
        JOIN people p ON p.id = g.person_id
        WHERE g.person_id = :person_id AND g.course_id = :course_id AND g.completed_at IS NOT NULL
        """,
        **_due_params(due),
        kind=due.kind,
    )


def unit_names(conn: Connection, unit_id: int) -> list[Row]:
    """name and name_en of the unit, then of the top of its tree (the same for the top itself)."""
    return conn.all(
        """
        SELECT u.name, COALESCE(u.name_en, '') AS name_en, 0 AS at
        FROM units u WHERE u.id = :unit_id
        UNION ALL
        SELECT t.name, COALESCE(t.name_en, ''), 1 FROM units u
        JOIN units t ON t.parent_id IS NULL AND u.path LIKE t.path || '%'
        WHERE u.id = :unit_id
        ORDER BY at
        """,
        unit_id=unit_id,
    )


def assigned(conn: Connection, due: Due, day: str) -> Row | None:
    """id and title of the assignment that had asked for the course by ``day``, the newest."""
    return conn.one(
        """
        SELECT a.id, a.title FROM obligations o
        JOIN assignments a ON a.id = o.assignment_id
        WHERE o.person_id = :person_id AND o.item_kind = 'course' AND o.item_id = :course_id
          AND o.withdrawn_at IS NULL AND o.began_on <= :day
        ORDER BY o.began_on DESC, o.id DESC
        LIMIT 1
        """,
        person_id=due.person_id,
        course_id=due.course_id,
        day=day,
    )


# Private functions

_SELECT = f"SELECT c.*, {NEWEST_REVOKES} AS revoked FROM certificates c"  # noqa: S608


def _due_params(due: Due) -> dict[str, object]:
    return {
        "person_id": due.person_id,
        "course_id": due.course_id,
        "earned_at": iso(due.earned_at),
    }
