"""One open page: its WebSocket, with every message from the browser looked at before Streamlit.

A message is let through while the sign-in is good and the person is what they were when the page
was opened. When the sign-in has ended the browser is sent to the sign-in page; when the person's
roles, unit or name have changed, the page is loaded anew, so that nothing of what it was built
for stays on the screen or in its session.
"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portal.core.people import Person
from portal.web.accounts.onward import safe_next
from portal.web.open_pages import OpenPage, OpenPages

_POLICY_VIOLATION, _PROTOCOL_ERROR = 1008, 1002
# what a page needs; the rest would clear everybody's cache, write files or end the server
_PASSED = frozenset(
    {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
    | {"backend_operation_request"}
)
_OPERATIONS_REFUSED = frozenset({"install_skills", "dismiss_skills_nudge"})


class PageSocket:
    """Stands between the server's ``receive`` and ``send`` and Streamlit's."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._subprotocols = scope.get("subprotocols", [])
        self._receive = receive
        self._send = send
        self._page: OpenPage | None = None
        self._closed = False

    async def turn_away(self, address: str) -> None:
        """Accept the handshake only to tell the browser where to go."""
        await self._receive()
        chosen = "streamlit" if "streamlit" in self._subprotocols else None
        await self._send({"type": "websocket.accept", "subprotocol": chosen})
        await self.leave(address)

    async def run(
        self, app: ASGIApp, scope: Scope, token: str, person: Person, pages: OpenPages
    ) -> None:
        """Serve the page until it is closed or has to leave."""
        self._page = OpenPage(token, person, self.leave)
        pages.add(self._page)
        try:
            await app(scope, self._next_message, self._send_unless_closed)
        finally:
            pages.discard(self._page)

    async def leave(self, address: str) -> None:
        """Show the browser to ``address`` and close; nothing that is sent later gets through."""
        if self._closed:
            return
        self._closed = True
        message = ForwardMsg()
        message.auth_redirect.url = address
        with suppress(OSError):  # the browser may have gone meanwhile
            await self._send({"type": "websocket.send", "bytes": message.SerializeToString()})
            await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    async def _next_message(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive" or self._closed:
                return message if not self._closed else _gone()
            asked = _parsed(message)
            if asked is None:
                self._closed = True
                await self._send({"type": "websocket.close", "code": _PROTOCOL_ERROR})
                return _gone()
            if not _is_passed(asked):
                continue
            if await self._still_good(asked):
                return message
            return _gone()

    async def _still_good(self, asked: BackMsg) -> bool:
        """Whether the sign-in and the person are as they were; if not, the browser is told."""
        page = self._page
        assert page is not None
        by_hand = True
        if asked.WhichOneof("type") == "rerun_script":
            page.where = _path(asked.rerun_script.context_info.url)
            by_hand = not asked.rerun_script.is_auto_rerun  # a clock on the page is not a person
        where = page.elsewhere(active=by_hand)
        if where is None:
            return True
        await self.leave(where)
        return False

    async def _send_unless_closed(self, message: Message) -> None:
        if not self._closed:
            self._closed = message["type"] == "websocket.close"
            await self._send(message)


def _gone() -> Message:
    return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}


def _parsed(message: Message) -> BackMsg | None:
    content = message.get("bytes")
    if content is None:
        return None
    asked = BackMsg()
    try:
        asked.ParseFromString(content)
    except DecodeError:
        return None
    return asked


def _is_passed(asked: BackMsg) -> bool:
    kind = asked.WhichOneof("type")
    if kind == "backend_operation_request":
        operation = asked.backend_operation_request.WhichOneof("payload")
        return operation not in _OPERATIONS_REFUSED
    return kind in _PASSED


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))
