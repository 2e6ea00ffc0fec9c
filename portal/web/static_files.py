"""The portal's own styles, scripts and icons: open to everybody, kept long by browsers.

Addresses carry a hash of the content, so a new version is fetched at once.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from portal.web.zones import STATIC

FOLDER = Path(__file__).with_name("static")
_A_YEAR = "public, max-age=31536000, immutable"
_A_LITTLE = "public, max-age=300"


def url(name: str) -> str:
    """The address of the file ``name``; it changes when the file does."""
    file = FOLDER / name
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return f"{STATIC}{name}?v={_digest(file, stamp)}"


@cache
def _digest(file: Path, stamp: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if stamp else "0"


class StaticFolder(StaticFiles):
    """Serves ``FOLDER`` with ``Cache-Control``."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = _A_YEAR if versioned else _A_LITTLE
        return response
