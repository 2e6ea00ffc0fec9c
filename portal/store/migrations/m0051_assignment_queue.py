"""Who has moved, so that nobody is left out of what is assigned, whoever moves people."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0051_assignment_queue(db: SqliteUtils) -> None:
    """A queue of people whose postings changed; a moved unit has everybody looked at again."""
    run(
        db,
        """
        CREATE TABLE moved_people (
            person_id INTEGER PRIMARY KEY REFERENCES people (id)
        ) STRICT
        """,
        *(_note(event) for event in ("INSERT", "UPDATE")),
        """
        CREATE TRIGGER people_disabled_moved AFTER UPDATE OF disabled_at ON people
        BEGIN
            INSERT INTO moved_people (person_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
        END
        """,
        """
        CREATE TRIGGER units_moved AFTER UPDATE OF path ON units
        WHEN OLD.path <> '' AND OLD.path <> NEW.path
        BEGIN
            UPDATE assignments SET sync_after = -1 WHERE ended_at IS NULL;
        END
        """,
    )


def _note(event: str) -> str:
    return f"""
        CREATE TRIGGER postings_{event.lower()}_moved AFTER {event} ON postings
        BEGIN
            INSERT INTO moved_people (person_id) VALUES (NEW.person_id) ON CONFLICT DO NOTHING;
        END
        """  # noqa: S608 (names of this module)
