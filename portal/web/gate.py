"""The gate: nobody reaches anything but sign-in without being signed in, at every single request.

Pure ASGI, around Streamlit. HTTP requests and WebSocket handshakes are decided by path, cookie
and origin; every message on a WebSocket is decided again, since a page lives for hours, widget
callbacks run before the script, and a fragment does not run the script at all. Whoever is found
is handed on as ``X-Portal-User``, to which Streamlit binds its sessions: a session id of somebody
else is worth nothing.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.core.people import Person
from portal.settings import Settings
from portal.web import cookies, identity, uploads
from portal.web.accounts.onward import with_next
from portal.web.open_pages import OpenPages
from portal.web.origins import Origins, own_origin
from portal.web.page_socket import PageSocket
from portal.web.refusal import refuse
from portal.web.scopes import cookies as cookies_of
from portal.web.scopes import wanted, with_headers
from portal.web.zones import PASSWORD, SIGN_IN, STREAM, UPLOADS, Zone, zone

_USER = b"x-portal-user"
_READING = ("GET", "HEAD")


class Gate:
    """``pages`` are the pages open in this process."""

    def __init__(self, app: ASGIApp, settings: Settings, pages: OpenPages) -> None:
        self._app = app
        self._origins = Origins.of(settings)
        self._cookie = cookies.session_name(settings.tls)
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = with_headers({**scope, "portal.open_pages": self._pages}, _USER)
        kind = zone(scope["path"])
        if kind is Zone.OPEN:
            await self._app(scope, receive, send)
            return
        if kind is Zone.CLOSED:
            await refuse(scope, receive, send, 404, "no_page")
            return
        person = identity.person_by(self._token(scope))
        if person is None:
            await _send_to_sign_in(scope, receive, send, kind)
            return
        scope["portal.person"] = person
        if person.must_change and scope["path"] != PASSWORD:
            await _send_to_password(scope, receive, send, kind)
        elif scope["path"].startswith(UPLOADS) and not uploads.may(scope["path"], str(person.id)):
            await refuse(scope, receive, send, 403, "not_yours")
        else:
            await self._app(_as(scope, person), receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != STREAM:
            await refuse(scope, receive, send, 404, "no_page")
            return
        if not self._origins.admits(scope):  # before anything is looked up
            await refuse(scope, receive, send, 403, "foreign_page")
            return
        token = self._token(scope)
        if not token:
            await refuse(scope, receive, send, 401, "not_signed_in")
            return
        if self._pages.is_full(token):
            await refuse(scope, receive, send, 429, "too_many_pages")
            return
        socket = PageSocket(scope, receive, send)
        person = identity.person_by(token)
        if person is None:
            await socket.turn_away(SIGN_IN)
        elif person.must_change:
            await socket.turn_away(PASSWORD)
        else:
            # Streamlit looks up any origin whose host is not that of the request
            origin = (b"origin", own_origin(scope).encode("latin-1"))
            inner = with_headers(_as(scope, person), b"origin", origin)
            await socket.run(self._app, inner, token, person, self._pages)

    def _token(self, scope: Scope) -> str:
        return cookies_of(scope).get(self._cookie, "")


def _as(scope: Scope, person: Person) -> Scope:
    """``scope`` with the header that Streamlit is told to trust; a client's own is dropped."""
    return with_headers(scope, _USER, (_USER, str(person.id).encode()))


async def _send_to_sign_in(scope: Scope, receive: Receive, send: Send, kind: Zone) -> None:
    """People are shown the way and come back to where they wanted to go; programs are refused."""
    if kind is Zone.FILE or scope["method"] not in _READING:
        await refuse(scope, receive, send, 401, "not_signed_in")
        return
    await RedirectResponse(with_next(SIGN_IN, _quoted(scope)), 303)(scope, receive, send)


async def _send_to_password(scope: Scope, receive: Receive, send: Send, kind: Zone) -> None:
    if kind is Zone.FILE or scope["method"] not in _READING:
        await refuse(scope, receive, send, 403, "must_change")
        return
    await RedirectResponse(with_next(PASSWORD, _quoted(scope)), 303)(scope, receive, send)


def _quoted(scope: Scope) -> str:
    """Path and query as the browser sent them, whatever characters the decoded path holds."""
    path, _, query = wanted(scope).partition("?")
    return quote(path) + (f"?{query}" if query else "")
