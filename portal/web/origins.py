"""Which names the portal answers to, and which pages may talk to it.

A foreign page must neither reach the portal under a name of its own (DNS rebinding) nor open a
WebSocket with the visitor's cookies. Both are decided by comparing text; no name is looked up.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import Scope

from portal.settings import Settings
from portal.web.scopes import header

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Origins:
    """``base`` is the one public origin (or empty), ``names`` the host names answered to."""

    base: str
    names: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> Origins:
        """As ``settings`` say."""
        named = urlsplit(settings.base_url).hostname
        names = {name.lower().rstrip(".") for name in settings.allowed_hosts}
        return cls(settings.base_url, _LOOPBACK | names | ({named} if named else set()))

    def answers_to(self, scope: Scope) -> bool:
        """Whether the ``Host`` header names this portal.

        Without a ``base_url`` any IP address will do: an attacker's name cannot be one.
        """
        name = _name(header(scope, b"host"))
        return name in self.names or (not self.base and _is_address(name))

    def admits(self, scope: Scope) -> bool:
        """Whether the ``Origin`` header is exactly that of a page of this portal."""
        origin = header(scope, b"origin").lower()
        return bool(origin) and origin in {self.base, own_origin(scope)}


def own_origin(scope: Scope) -> str:
    """The origin of the address this request was sent to, as a browser writes it."""
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], str(scope["scheme"]))
    host = header(scope, b"host").lower()
    return f"{scheme}://{host.removesuffix(':' + _DEFAULT_PORTS[scheme])}"


def _name(host: str) -> str:
    """The name in a ``Host`` header, without port and brackets; nothing when it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises when it is not a number
    except ValueError:
        return ""
    if parts.netloc != host or "@" in host:
        return ""
    return (parts.hostname or "").rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
