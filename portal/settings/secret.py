"""The key that signs what browsers carry: made once, readable by the portal alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_NAME = "secret"
_BYTES = 48


def kept(folder: Path) -> str:
    """The key that ``folder`` holds, or nothing."""
    try:
        return (folder / _NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def make(folder: Path) -> str:
    """Make the key in ``folder`` (mode 600) unless it is there; return it. Raises OSError.

    Several processes may start at once: they link a finished draft, so the first one's key
    counts and nobody reads half of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{_NAME}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_urlsafe(_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(draft, folder / _NAME)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return kept(folder)
