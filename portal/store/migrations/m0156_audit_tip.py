"""The newest entry of the audit log, kept beside it, so that a cut end shows."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0156_audit_tip(db: SqliteUtils) -> None:
    """One row; numbers of entries are given out from it and never twice."""
    run(
        db,
        """
        CREATE TABLE audit_tip (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            entry_id INTEGER NOT NULL,
            seal TEXT NOT NULL
        ) STRICT
        """,
        """
        INSERT INTO audit_tip (id, entry_id, seal)
        SELECT 1, a.id, a.seal FROM audit AS a ORDER BY a.id DESC LIMIT 1
        """,
        """
        CREATE TRIGGER audit_tip_follows AFTER INSERT ON audit
        BEGIN
            INSERT INTO audit_tip (id, entry_id, seal) VALUES (1, NEW.id, NEW.seal)
            ON CONFLICT (id) DO UPDATE SET entry_id = NEW.id, seal = NEW.seal
            WHERE NEW.id > audit_tip.entry_id;
        END
        """,
        """
        CREATE TRIGGER audit_tip_no_delete BEFORE DELETE ON audit_tip
        BEGIN
            SELECT RAISE(ABORT, 'audit_tip is kept');
        END
        """,
        """
        CREATE TRIGGER audit_tip_grows BEFORE UPDATE ON audit_tip
        WHEN NEW.entry_id <= OLD.entry_id
        BEGIN
            SELECT RAISE(ABORT, 'audit_tip only grows');
        END
        """,
    )
