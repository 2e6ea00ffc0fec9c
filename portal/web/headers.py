"""Headers on every response, whoever made it: the outermost layer of the application.

It stands around Starlette's own error handling, so that a 500 carries them as well, and around
the gate, so that a refusal does. An exception that nobody turned into a response becomes one here
(without its text: that goes to the log alone).
"""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.policies import POLICY
from portal.web.refusal import refuse

_log = logging.getLogger(__name__)

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_UNLESS_SET = (
    (b"content-security-policy", POLICY.encode()),
    (b"cache-control", b"no-store"),
)
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_STARTS = ("http.response.start", "websocket.http.response.start")


class Headers:
    """``secure``: browsers come over HTTPS, so cookies are ``Secure`` and HSTS is sent."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._always = (*_ALWAYS, _HSTS) if secure else _ALWAYS
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] in _STARTS:
                started = True
                message = {**message, "headers": self._complete(message.get("headers", ()))}
            elif message["type"] == "websocket.accept":
                started = True
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            _log.exception("%s %r failed", scope.get("method", "WebSocket"), scope["path"])
            if not started:
                await refuse(scope, receive, send_with_headers, 500, "failed")

    def _complete(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        ours = {name for name, _ in self._always}
        kept = [
            (name, self._cookie(value) if name.lower() == b"set-cookie" else value)
            for name, value in given
            if name.lower() not in ours | {b"server"}
            and not name.lower().startswith(b"access-control-")  # nobody else's page may read us
        ]
        present = {name.lower() for name, _ in kept}
        return [
            *kept,
            *self._always,
            *((name, value) for name, value in _UNLESS_SET if name not in present),
        ]

    def _cookie(self, value: bytes) -> bytes:
        """Streamlit knows nothing of a proxy's TLS: its cookies become ``Secure`` here."""
        return value + b"; Secure" if self._secure and b"; secure" not in value.lower() else value
