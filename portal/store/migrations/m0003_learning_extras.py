"""What learning turned out to need beside its first tables."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0003_learning_extras(db: SqliteUtils) -> None:
    """Since when a course is offered, where a completion counts, which sign-in gave an answer."""
    run(
        db,
        "ALTER TABLE courses ADD COLUMN first_offered_at TEXT",
        # unit_id is the unit at the start; people move between start and completion
        "ALTER TABLE course_progress ADD COLUMN completed_unit_id INTEGER REFERENCES units (id)",
        # a course that expires counts from its renewal; completed_at stays the first completion
        "ALTER TABLE course_progress ADD COLUMN renewed_at TEXT",
        # who failed what how often: a manager asks for it over everybody
        "CREATE INDEX attempts_failed ON attempts (person_id, quiz_id) WHERE passed = 0",
        # a mark of the sign-in, so that a page can tell its own answers from another device's
        "ALTER TABLE answer_log ADD COLUMN device TEXT NOT NULL DEFAULT ''",
    )
