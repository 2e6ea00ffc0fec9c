"""``GET /download/<name>?…``: files made for one person at this moment, never kept by a browser.

To offer another file, write a function ``make(portal, person, query) -> File`` and add a row to
``portal/web/download_files.py``. The gate has already found out who asks (``portal.person``), or
has shown the way to sign in; the function asks for the permission in an action, notes the deed
``exported`` in the audit log, and raises ``Refused`` (or ``NotAllowed``) when it will not. It runs
in a thread. On a page, a link is enough: ``downloads.link("units", t("…"), u="3")``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from urllib.parse import quote, urlencode

import streamlit as st
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from portal.actions.errors import NotAllowed, Refused
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.web import language, running
from portal.web.accounts.pages import page
from portal.web.policies import FILE_POLICY
from portal.web.refusal import answer
from portal.web.scopes import header
from portal.web.text import translate

Make = Callable[[Portal, Person, Mapping[str, str]], File]

PATH = "/download/"
_AT_ONCE = 2  # files made at the same time: answers come first
_LONGEST_QUERY = 2_000


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(_AT_ONCE)


async def download(request: Request) -> Response:
    """The file, or a page that says why there is none: 400, 403, 404 as the gate answers them."""
    from portal.web.download_files import FILES

    make = FILES.get(request.path_params["name"])
    if make is None or request.method != "GET":
        return answer(request.scope, 404, "no_file")
    if len(request.url.query) > _LONGEST_QUERY:
        return answer(request.scope, 400, "bad_query")
    person: Person = request.scope["portal.person"]
    query = dict(request.query_params)
    try:
        file = await to_thread.run_sync(make, running.portal(), person, query, limiter=_limiter())
    except NotAllowed:
        return answer(request.scope, 403, "not_allowed")
    except Refused as refused:
        return _refused(request.scope, refused)
    return Response(file.content, media_type=file.media_type, headers=file_headers(file.name))


def file_headers(name: str) -> dict[str, str]:
    """Headers of a file to be saved as ``name``, which may be Chinese (RFC 6266, RFC 5987)."""
    clean = re.sub(r'[\x00-\x1f\x7f"\\/:*?<>|]', "_", name).strip(". ") or "file"
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", clean).strip("_.") or "file"
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''"
        + quote(clean, safe=""),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


def url(name: str, **query: str) -> str:
    """The address of the file ``name``; ``query`` without empty values."""
    given = {key: value for key, value in query.items() if value}
    return PATH + quote(name, safe="") + (f"?{urlencode(given)}" if given else "")


def link(name: str, label: str, **query: str) -> None:
    """A button on a page that takes the file ``name``."""
    st.link_button(label, url(name, **query), width="content")


# Private functions


def _refused(scope: Scope, refused: Refused) -> Response:
    words = translate(language.of(scope), refused.key, **refused.args_by_name)
    if "text/html" in header(scope, b"accept"):
        return page(scope, "refused.html", 400, words=words)
    return PlainTextResponse(words, status_code=400)
