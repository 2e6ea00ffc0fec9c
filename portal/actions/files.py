"""A file that somebody takes away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """``name`` with its ending, in the reader's language; ``content`` is the whole file."""

    name: str
    media_type: str
    content: bytes
