"""Facts about this database that belong to no table: a key and a text."""

from __future__ import annotations

from portal.store.database import Connection


def find(c: Connection, key: str) -> str | None:
    """The text stored under ``key``."""
    found = c.value("SELECT value FROM settings WHERE key = :key", key=key)
    return None if found is None else str(found)


def store(c: Connection, key: str, value: str) -> None:
    """Keep ``value`` under ``key`` in place of what was there."""
    c.run(
        """
        INSERT INTO settings (key, value)
        VALUES (:key, :value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """,
        key=key,
        value=value,
    )


def remove(c: Connection, key: str) -> None:
    """Forget what is stored under ``key``."""
    c.run("DELETE FROM settings WHERE key = :key", key=key)
