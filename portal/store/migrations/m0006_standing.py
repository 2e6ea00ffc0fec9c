"""Where everybody stands, by person and summed by unit and day: what managers' pages read."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run

# table, event, what is compared where an update need not matter
_MARKS = (
    ("postings", "INSERT", "NEW"),
    ("postings", "UPDATE", "NEW"),
    ("postings", "DELETE", "OLD"),
    ("course_progress", "INSERT", "NEW"),
    ("course_progress", "UPDATE", "NEW"),
    ("obligations", "INSERT", "NEW"),
    (
        "obligations",
        "UPDATE OF began_on, due_on, required, done_at, exempted_at, withdrawn_at",
        "NEW",
    ),
    ("obligations", "DELETE", "OLD"),
    ("attempts", "UPDATE OF submitted_at, score, passed", "NEW"),
)


@migrations()
def m0006_standing(db: SqliteUtils) -> None:
    """Standing of people and units, who has to be worked out anew, gains, expiries."""
    run(
        db,
        # whose standing has to be worked out anew; marked by triggers, in the same transaction
        """
        CREATE TABLE stale_people (
            person_id INTEGER PRIMARY KEY REFERENCES people (id)
        ) STRICT
        """,
        # dates that make the states of a person: compared with a day, they say whether somebody
        # is overdue, idle or has not begun. unit_id is the home unit; NULL for who has none or is
        # disabled. days and gains are JSON: what the person adds to unit_standing and unit_gains
        """
        CREATE TABLE person_standing (
            person_id INTEGER PRIMARY KEY REFERENCES people (id),
            unit_id INTEGER REFERENCES units (id),
            pairs INTEGER NOT NULL,
            pairs_done INTEGER NOT NULL,
            hours REAL NOT NULL,
            failing INTEGER NOT NULL,
            overdue_from TEXT,
            idle_from TEXT,
            waiting_from TEXT,
            seen_on TEXT,
            days TEXT NOT NULL,
            gains TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX person_standing_unit ON person_standing (unit_id, person_id)",
        # what changes in a unit on a day (grain 'day') or in a month ('month', the sum of its
        # days): the standing at the end of a day is the sum of the months before and of the
        # month's days until then
        """
        CREATE TABLE unit_standing (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            grain TEXT NOT NULL CHECK (grain IN ('month', 'day')),
            period TEXT NOT NULL,
            staff INTEGER NOT NULL,
            pairs INTEGER NOT NULL,
            pairs_done INTEGER NOT NULL,
            due INTEGER NOT NULL,
            done INTEGER NOT NULL,
            on_time INTEGER NOT NULL,
            expiring INTEGER NOT NULL,
            PRIMARY KEY (unit_id, grain, period)
        ) STRICT, WITHOUT ROWID
        """,
        # first and last results of those who handed a quiz in twice or more, in percent
        """
        CREATE TABLE unit_gains (
            unit_id INTEGER NOT NULL REFERENCES units (id),
            quiz_id TEXT NOT NULL,
            people INTEGER NOT NULL,
            first_sum REAL NOT NULL,
            last_sum REAL NOT NULL,
            gain_squares REAL NOT NULL,
            PRIMARY KEY (unit_id, quiz_id)
        ) STRICT, WITHOUT ROWID
        """,
        # completions that run out, as they were last renewed
        """
        CREATE TABLE expiries (
            person_id INTEGER NOT NULL REFERENCES people (id),
            course_id TEXT NOT NULL,
            expires_on TEXT NOT NULL,
            PRIMARY KEY (person_id, course_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX expiries_on ON expiries (expires_on)",
        # the days of a month that is not over, without a look at the rows themselves
        """
        CREATE INDEX attempts_day ON attempts (unit_id, submitted_at, course_id, passed)
        WHERE submitted_at IS NOT NULL AND kind <> 'checkpoint'
        """,
        """
        CREATE INDEX course_progress_day
        ON course_progress (completed_unit_id, completed_at, course_id, hours)
        WHERE completed_at IS NOT NULL
        """,
        """
        CREATE INDEX course_progress_start ON course_progress (unit_id, started_at, course_id)
        """,
        *(_mark(*mark) for mark in _MARKS),
        """
        CREATE TRIGGER people_disabled_stale AFTER UPDATE OF disabled_at ON people
        BEGIN
            INSERT INTO stale_people (person_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
        END
        """,
        "INSERT INTO stale_people (person_id) SELECT DISTINCT person_id FROM postings",
    )


def _mark(table: str, event: str, row: str) -> str:
    return f"""
        CREATE TRIGGER {table}_{event.split()[0].lower()}_stale AFTER {event} ON {table}
        BEGIN
            INSERT INTO stale_people (person_id) VALUES ({row}.person_id) ON CONFLICT DO NOTHING;
        END
        """  # noqa: S608 (names of this module)
