"""The list that migrations are added to, and what they are written with."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils
from sqlite_utils.migrations import Migrations

migrations = Migrations("portal")


def append_only(table: str) -> tuple[str, str]:
    """Triggers that refuse to change or remove a row of ``table``."""
    return tuple(  # type: ignore[return-value]
        f"""
        CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN
            SELECT RAISE(ABORT, '{table} is append-only');
        END
        """
        for verb in ("UPDATE", "DELETE")
    )


def run(db: SqliteUtils, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
