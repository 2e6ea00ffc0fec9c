"""The application that uvicorn serves: the gate, the account's pages, Streamlit; and its life.

From the outside in: headers on every response → who is behind a trusted proxy → the portal's own
names → bounded bodies → the gate → the portal's index.html → Streamlit with the account's routes.
They stand around ``st.App`` rather than in its ``middleware=``, so that Starlette's own error
responses pass through them too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from portal import settings as portal_settings
from portal.actions.starting import open_portal
from portal.content.watch import Watcher
from portal.settings import Settings
from portal.web import options, running, script_error
from portal.web.accounts.routes import routes
from portal.web.front import BodyLimit, Hosts
from portal.web.gate import Gate
from portal.web.headers import Headers
from portal.web.index import Index
from portal.web.open_pages import OpenPages
from portal.web.refusal import answer
from portal.web.rounds import rounds
from portal.web.warm_up import warm_up

SCRIPT = Path(__file__).with_name("app.py")
_Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """What ``uvicorn portal.asgi:app`` serves; settings are read when it starts."""
    await _application()(scope, receive, send)


@cache
def _application() -> ASGIApp:
    return create(portal_settings.with_secret(portal_settings.load()))


def create(settings: Settings, script: Path = SCRIPT) -> ASGIApp:
    """The whole application for ``settings``, which must hold a secret."""
    pages = OpenPages()
    return guarded(streamlit_app(settings, pages, script), settings, pages)


def streamlit_app(settings: Settings, pages: OpenPages, script: Path = SCRIPT) -> st.App:
    """Streamlit with the account's routes, unguarded."""
    options.apply(settings)
    return st.App(
        script,
        lifespan=_life(settings, pages),
        routes=routes(settings),
        on_script_error=script_error.show,
        exception_handlers={HTTPException: _http_error, Exception: _failed},
    )


def guarded(inner: ASGIApp, settings: Settings, pages: OpenPages) -> ASGIApp:
    """``inner`` behind everything that stands before it."""
    gate = Gate(Index(inner), settings, pages)
    front = Hosts(BodyLimit(gate, settings), settings)
    proxies = list(settings.trusted_proxies)
    # uvicorn types ASGI more narrowly than Starlette does; it is the same protocol
    proxied = cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, front), trusted_hosts=proxies))
    return Headers(proxied, secure=settings.tls)


def _life(settings: Settings, pages: OpenPages) -> _Lifespan:
    @asynccontextmanager
    async def life(_: Any) -> AsyncIterator[None]:
        portal = await asyncio.to_thread(open_portal, settings)
        running.start(portal)
        watcher = Watcher(portal.library, interval_s=1.0)
        watcher.start()
        await warm_up()
        tasks = [asyncio.create_task(work) for work in (pages.watch(), *rounds(portal))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.to_thread(watcher.stop)
            running.start(None)
            portal.db.close()

    return life


async def _http_error(request: Request, error: HTTPException) -> Response:
    """A page for people; Streamlit's own parts keep the line of text that its scripts expect."""
    reasons = {404: "no_page", 405: "no_page", 413: "too_large"}
    response = answer(request.scope, error.status_code, reasons.get(error.status_code, "failed"))
    if request.url.path.startswith("/_stcore/"):
        response = Response(error.detail, error.status_code, media_type="text/plain")
    response.headers.update(error.headers or {})
    return response


async def _failed(request: Request, error: Exception) -> Response:
    """What went wrong is for the log alone."""
    return answer(request.scope, 500, "failed")
