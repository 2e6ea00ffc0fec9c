"""What a request says about itself, read from its ASGI scope."""

from __future__ import annotations

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str:
    """The first header ``name`` (lower case), or nothing."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


def cookies(scope: Scope) -> dict[str, str]:
    """Cookies by name; the first of a name counts, as it has the most specific path."""
    found: dict[str, str] = {}
    for part in header(scope, b"cookie").split(";"):
        name, separator, value = part.strip().partition("=")
        if separator:
            found.setdefault(name, value)
    return found


def address(scope: Scope) -> str:
    """The network address of the client, after trusted proxies have been taken into account."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def user_agent(scope: Scope) -> str:
    """The browser's name for itself, cut to a length worth keeping."""
    return header(scope, b"user-agent")[:200]


def wanted(scope: Scope) -> str:
    """Path and query, as in the address bar."""
    query = scope.get("query_string", b"").decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")


def with_headers(scope: Scope, without: bytes, *added: tuple[bytes, bytes]) -> Scope:
    """A copy of ``scope`` whose headers lack ``without`` and end in ``added``."""
    kept = [(name, value) for name, value in scope["headers"] if name != without]
    return {**scope, "headers": [*kept, *added]}
