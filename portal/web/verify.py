"""``GET /verify/<number>``: anybody finds out whether a certificate holds, and little else.

Open to all, so: what was typed reaches neither SQL nor HTML unless it is a number; a number that
nobody has is answered like one that is none; one address may not ask without end; nothing is
kept by browsers or found by search engines.
"""

from __future__ import annotations

from collections import OrderedDict
from math import ceil
from threading import Lock

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.actions import certificates
from portal.actions.certificates import PUBLIC_PATH, Public
from portal.actions.portal import Portal
from portal.core.certificates import read_number, shown
from portal.core.rate import Bucket, Rate, counted_as, take
from portal.web import cookies, dates, language, running, scopes
from portal.web.accounts.pages import page
from portal.web.text import LOCALES

RATE = Rate(burst=30, per_minute=20)
_MOST_ADDRESSES = 20_000
_READING = ("GET", "HEAD")

# kept in this process: several processes allow as many times as much
_buckets: OrderedDict[str, Bucket] = OrderedDict()
_lock = Lock()


def routes() -> list[BaseRoute]:
    """The form, and a certificate by its number."""
    return [Route(PUBLIC_PATH, _verify), Route(PUBLIC_PATH + "/{number:path}", _verify)]


async def _verify(request: Request) -> Response:
    portal = running.portal()
    chosen = request.query_params.get("lang", "")
    if request.method not in _READING:
        answer: Response = page(request.scope, "message.html", 405, reason="only_reading")
        answer.headers["Allow"] = ", ".join(_READING)
        return answer
    typed = request.path_params.get("number", "") or request.query_params.get("n", "")
    number = read_number(typed)
    if chosen in LOCALES or (number and request.url.path != f"{PUBLIC_PATH}/{number}"):
        onward = RedirectResponse(f"{PUBLIC_PATH}/{number}" if number else PUBLIC_PATH, 303)
        if chosen in LOCALES:
            cookies.set_language(onward, portal.settings, chosen)
        return onward
    if not typed:
        return _page(request, portal, 200)
    wait_s = _wait_s(request, portal)
    if wait_s:
        answer = _page(request, portal, 429, problem="verify.too_often", seconds=wait_s)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    found = await to_thread.run_sync(certificates.verify, portal, typed)
    if found is None:
        return _page(request, portal, 404, problem="verify.unknown")
    return _page(request, portal, 200, found)


# Private functions


def _page(
    request: Request,
    portal: Portal,
    status: int,
    found: Public | None = None,
    problem: str = "",
    seconds: int = 0,
) -> Response:
    locale, tz = language.of(request.scope), portal.settings.tz
    told = found if found is not None and found.state != "altered" else None
    state = "" if found is None else "valid" if found.state == "expiring" else found.state
    answer = page(
        {**request.scope, "query_string": b""},  # what was typed goes into no link
        "verify.html",
        status,
        state=state,
        number=shown(found.number) if found else "",
        title=(told.title_en if locale == "en" and told.title_en else told.title) if told else "",
        name=told.name if told else "",
        day=dates.day(told.earned_at, locale, tz) if told else "",
        until=dates.day(told.valid_until, locale, tz) if told and told.valid_until else "",
        problem=problem,
        seconds=seconds,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _wait_s(request: Request, portal: Portal) -> int:
    key = counted_as(scopes.address(request.scope))
    with _lock:
        bucket, wait_s = take(RATE, _buckets.pop(key, None), portal.now())
        _buckets[key] = bucket
        while len(_buckets) > _MOST_ADDRESSES:
            _buckets.popitem(last=False)
    return ceil(wait_s)
