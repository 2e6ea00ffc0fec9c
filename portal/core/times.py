"""UTC instants as sortable text: ``2026-11-22T06:03:07.250Z``."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(moment: datetime) -> str:
    """``moment`` (aware) in UTC with milliseconds and ``Z``. Raises ValueError when naive."""
    if moment.tzinfo is None:
        raise ValueError(f"an aware datetime is expected, got {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """The aware UTC datetime that ``iso`` wrote. Raises ValueError on anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"an instant with a time zone is expected, got {text!r}")
    return moment.astimezone(UTC)
