"""Where to go after signing in: a path of this portal, whatever the link said."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from portal.web.zones import Zone, zone

_LONGEST = 2_000


def safe_next(wanted: str) -> str:
    """``wanted`` if it is a page of the portal, else ``/``.

    Browsers read ``//host``, ``/\\host`` and paths with tabs or line breaks in them as other
    addresses: none of these passes.
    """
    if not wanted.startswith("/") or len(wanted) > _LONGEST:
        return "/"
    if "\\" in wanted or any(character <= " " or character == "\x7f" for character in wanted):
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or wanted.startswith("//"):
        return "/"
    return wanted if zone(parts.path) is Zone.PAGE else "/"


def with_next(path: str, wanted: str) -> str:
    """``path`` with ``wanted`` as its ``next``, unless that is the front page anyway."""
    onward = safe_next(wanted)
    return path if onward == "/" else f"{path}?next={quote(onward, safe='')}"
