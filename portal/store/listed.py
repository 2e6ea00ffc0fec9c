"""Many ids in one statement, as named parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST = 1000  # ids in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535


def listed(ids: Sequence[int], name: str = "id") -> tuple[str, dict[str, int]]:
    """``(:id0, :id1)`` and its parameters. The text depends on the number of ids alone.

    ``name`` tells two lists in one statement apart.
    """
    names = [f"{name}{n}" for n in range(len(ids))]
    marks = ", ".join(f":{one}" for one in names)
    return f"({marks})", dict(zip(names, ids, strict=True))


def chunks(ids: Sequence[int], size: int = MOST) -> Iterator[Sequence[int]]:
    """``ids`` in pieces that fit one statement."""
    for at in range(0, len(ids), size):
        yield ids[at : at + size]
