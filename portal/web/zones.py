"""What a path is, as far as the gate is concerned. Decided by the path alone, unknown is closed."""

from __future__ import annotations

from enum import Enum

PASSWORD = "/account/password"  # noqa: S105 (a path)
SIGN_IN = "/account/login"
SIGN_OUT = "/account/logout"
STREAM = "/_stcore/stream"
HEALTH = "/_stcore/health"
UPLOADS = "/_stcore/upload_file/"
STATIC = "/account/static/"

_OPEN = frozenset(
    {
        SIGN_IN,
        SIGN_OUT,
        "/account/setup",
        "/account/badges/issuer.json",  # for whoever verifies a badge
        "/account/badges/keys.json",
        "/account/oidc",
        "/account/oidc/callback",
        "/account/language",
        "/favicon.ico",
        HEALTH,
    }
)
_VERIFY = "/verify"  # certificates, for anybody
_BADGE_KEYS = "/account/badges/keys/"
_FILES = (
    *("/static/", "/media/", "/component/", "/content/", "/draft-files", UPLOADS),
    "/_stcore/bidi-components/",
)
_SERVICES = frozenset({"/_stcore/host-config", STREAM})
# Streamlit's routes that nobody needs here: its own sign-in, which would go round this one, the
# agent's, which answers even when it is off, and figures about the server
_CLOSED = (
    "/_stcore",
    "/auth",
    "/oauth2callback",
    "/app",
    "/manifest.json",
    "/favicon.png",
    "/static",
    "/media",
)


class Zone(Enum):
    """How the gate treats a path."""

    OPEN = "open"  # for everybody: sign-in, its assets, health
    ACCOUNT = "account"  # the portal's own routes, after sign-in: the account, downloads
    FILE = "file"  # after sign-in; refused by a status, not by a way to the sign-in page
    PAGE = "page"  # after sign-in; the portal's index.html
    CLOSED = "closed"  # for nobody


def zone(path: str) -> Zone:
    """The zone of ``path``, as the server decoded it."""
    if path in _OPEN or path == _VERIFY or path.startswith((STATIC, _BADGE_KEYS, f"{_VERIFY}/")):
        return Zone.OPEN
    if path in _SERVICES or path.startswith(_FILES):
        return Zone.FILE
    if path.startswith(("/account/", "/download/")):
        return Zone.ACCOUNT
    if "/_stcore/" in path or any(
        path == closed or path.startswith(f"{closed}/") for closed in _CLOSED
    ):
        return Zone.CLOSED
    return Zone.PAGE
