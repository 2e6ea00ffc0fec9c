"""Units that merge, people with several posts, the audit log as a chain."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.core.audit_chain import GENESIS, Entry, seal
from portal.store.migrations.statements import append_only, migrations, run


@migrations()
def m0004_organisation(db: SqliteUtils) -> None:
    """Successors of merged units, one main posting a person, sealed audit entries."""
    run(
        db,
        # the unit into which a closed one was merged
        "ALTER TABLE units ADD COLUMN successor_id INTEGER REFERENCES units (id)",
        # where somebody belongs and is counted; other postings beside it are part-time
        "ALTER TABLE postings ADD COLUMN main INTEGER NOT NULL DEFAULT 1 CHECK (main IN (0, 1))",
        # several posts were always begun together: the first of them is the main one
        """
        UPDATE postings
        SET main = 0
        WHERE EXISTS (
            SELECT 1
            FROM postings AS earlier
            WHERE earlier.person_id = postings.person_id
            AND earlier.began_at = postings.began_at
            AND COALESCE(earlier.ended_at, '') = COALESCE(postings.ended_at, '')
            AND earlier.id < postings.id
        )
        """,
        """
        CREATE UNIQUE INDEX postings_main ON postings (person_id)
        WHERE main = 1 AND ended_at IS NULL
        """,
        # few hold several posts: whether somebody does must not cost a look at the whole table
        """
        CREATE INDEX postings_beside ON postings (person_id)
        WHERE main = 0 AND ended_at IS NULL
        """,
        "DROP TRIGGER audit_no_update",
        "DROP TRIGGER audit_no_delete",
        "ALTER TABLE audit ADD COLUMN seal TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX audit_by ON audit (actor_id, at)",
        "CREATE INDEX audit_action ON audit (action, at)",
        "CREATE INDEX audit_target ON audit (target, at)",
    )
    _seal_all(db)
    run(db, *append_only("audit"))


def _seal_all(db: SqliteUtils) -> None:
    columns = "id, at, actor_id, action, target, detail, address"
    rows = db.execute(f"SELECT {columns} FROM audit ORDER BY id").fetchall()  # noqa: S608
    last = GENESIS
    for row in rows:
        last = seal(last, Entry(*row))
        db.execute("UPDATE audit SET seal = ? WHERE id = ?", (last, row[0]))
