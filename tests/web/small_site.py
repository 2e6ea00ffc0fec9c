"""A portal with one small page, in a process of its own: ``python -m tests.web.small_site``.

Everything but the page is what ``python -m portal serve`` runs. Settings come from ``PORTAL_*``.
The addresses of all routes are left in ``routes.json`` in the data folder.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from portal import asgi
from portal import settings as portal_settings
from portal.commands import serve
from portal.web import open_pages

SCRIPT = Path(__file__).with_name("small_page.py")
open_pages.WATCH_S = 1.5


@cache
def _application() -> ASGIApp:
    settings = portal_settings.with_secret(portal_settings.load())
    pages = open_pages.OpenPages()
    inner = asgi.streamlit_app(settings, pages, SCRIPT)
    routes = [getattr(route, "path", "") for route in inner._build_starlette_app().routes]
    (settings.data_dir / "routes.json").write_text(json.dumps(routes))
    return asgi.guarded(inner, settings, pages)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    await _application()(scope, receive, send)


if __name__ == "__main__":
    sys.exit(serve.serve(portal_settings.load(), "tests.web.small_site:app"))
