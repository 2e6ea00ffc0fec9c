"""The seal of an inspection pack: a digest over its rows that anybody can compute again.

The digest is SHA-256 (FIPS 180-4) over UTF-8 lines, each the JSON array of a row's cells as text,
without spaces, ended by a line feed; the first line is that of the headings. A cell that was
changed, a row that was added, left out or moved gives another digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256


def digest(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Sixty-four hexadecimal digits."""
    made = sha256()
    for row in (headings, *rows):
        line = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))
        made.update(f"{line}\n".encode())
    return made.hexdigest()
