"""What the parsers themselves are, as a hash: a change of their code makes cached parses stale."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import portal.core


def _hash_of_parsers() -> str:
    digest = sha256()
    here = Path(__file__).parent
    core = Path(portal.core.__file__).parent
    for file in sorted([*core.glob("*.py"), here / "parsing.py"]):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


PARSERS = _hash_of_parsers()
