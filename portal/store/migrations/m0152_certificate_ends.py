"""An index that leads to the certificates that run out next, or ran out last."""

from __future__ import annotations

from sqlite_utils import Database as SqliteUtils

from portal.store.migrations.statements import migrations, run


@migrations()
def m0152_certificate_ends(db: SqliteUtils) -> None:
    """Lists by state are read a page at a time from a million certificates."""
    run(db, "CREATE INDEX certificates_ends ON certificates (valid_until, id)")
