"""Headers on every response, whoever made it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.headers import Headers
from tests.web.site import Site

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
DIRECTIVES = (
    "default-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
PATHS = (
    "/",
    "/course?id=x",
    "/course/",
    "/nothing/at/all",
    "/account/login",
    "/account/login?lang=en",
    "/account/logout",
    "/account/password",
    "/account/setup",
    "/account/nothing",
    "/account/static/accounts.css",
    "/account/static/nothing.css",
    "/favicon.ico",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/stream",
    "/_stcore/bidi-components/x",
    "/static/js/nothing.js",
    "/media/nothing",
    "/component/x/y",
    "/content/x/y.png",
    "//x",
    "/..%2f..%2fetc",
)


@pytest.mark.parametrize("signed_in", [False, True])
def test_on_every_response(site: Site, signed_in: bool) -> None:
    if signed_in:
        site.add_person("hd1")
    statuses = set()
    with site.client(site.cookies("hd1") if signed_in else None) as client:
        for path in PATHS:
            for method in ("GET", "HEAD", "POST", "OPTIONS"):
                answer = client.request(method, path)
                statuses.add(answer.status_code)
                check(answer, f"{method} {path} {answer.status_code}")
    assert statuses >= ({200, 303, 401, 404} if not signed_in else {200, 404, 405, 403})


def check(answer: httpx2.Response, shown: str) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers.get_list(name) == [value], f"{shown}: {name}"
    policies = answer.headers.get_list("content-security-policy")
    assert len(policies) == 1, shown
    for directive in DIRECTIVES:
        assert directive in policies[0].split("; "), f"{shown}: {directive}"
    assert "unsafe-eval" not in policies[0] and "http" not in policies[0], shown
    scripts = [part for part in policies[0].split("; ") if part.startswith("script-src")]
    assert scripts in ([], ["script-src 'self'"]), shown
    assert "server" not in answer.headers, shown
    assert not [name for name in answer.headers if name.startswith("access-control-")], shown
    kept = answer.headers["cache-control"]
    assert "public" not in kept or "/static/" in shown or "/favicon.ico" in shown, shown
    assert "no-store" in kept or "no-cache" in kept or "public" in kept, shown


def test_pages_and_figures_are_not_kept_by_browsers(site: Site) -> None:
    site.add_person("hd2")
    with site.client(site.cookies("hd2")) as client:
        for path in ("/", "/account/password", "/_stcore/nothing", "/media/x"):
            assert client.get(path).headers["cache-control"] == "no-store", path


def asked(app: ASGIApp, path: str = "/", secure: bool = False) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(Headers(app, secure=secure), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(ask())


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("secret words")


def broken_route() -> ASGIApp:
    def fail(request: Request) -> Response:
        raise RuntimeError("secret words")

    return Starlette(routes=[Route("/", fail)])


@pytest.mark.parametrize("make", [lambda: broken, broken_route])
def test_on_errors_too_and_without_the_reason(make: Callable[[], ASGIApp]) -> None:
    answer = asked(make())
    assert answer.status_code == 500
    check(answer, "500")
    assert "secret words" not in answer.text and "Traceback" not in answer.text


def test_over_tls_cookies_are_secure_and_hsts_is_sent() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = PlainTextResponse("", headers={"Access-Control-Allow-Origin": "*"})
        response.set_cookie("theirs", "1")
        response.set_cookie("ours", "1", secure=True)
        await response(scope, receive, send)

    answer = asked(app, secure=True)
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.lower().count("secure") for cookie in cookies] == [1, 1]
    assert "access-control-allow-origin" not in answer.headers
    plain = asked(app)
    assert "strict-transport-security" not in plain.headers
    assert "secure" not in plain.headers.get_list("set-cookie")[0].lower()
