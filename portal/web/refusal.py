"""How a request is turned away: a page for a person, a line of text for a program."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from portal.web import language
from portal.web.accounts.pages import message_page
from portal.web.scopes import header
from portal.web.text import translate


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    """Answer with ``status`` and the message ``refusal.<reason>`` in the visitor's language.

    Works for a WebSocket too: its handshake is answered like any request.
    """
    await answer(scope, status, reason)(scope, receive, send)


def answer(scope: Scope, status: int, reason: str) -> Response:
    """The same as a response."""
    locale = language.of(scope)
    if scope["type"] == "http" and "text/html" in header(scope, b"accept"):
        return message_page(scope, reason, status)
    words = translate(locale, f"refusal.{reason}.text")
    return PlainTextResponse(words, status_code=status)
