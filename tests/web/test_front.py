"""What stands before the gate: whose word about an address is believed."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from portal import asgi
from portal.settings import Settings
from portal.web.open_pages import OpenPages

FORGED = {"X-Forwarded-For": "198.51.100.5", "X-Forwarded-Proto": "https"}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"{scope['client'][0]} {scope['scheme']}")(scope, receive, send)


def seen(client: str, headers: dict[str, str], trusted: tuple[str, ...]) -> str:
    app = asgi.guarded(echo, Settings(secret="s" * 32, trusted_proxies=trusted), OpenPages())

    async def ask() -> str:
        transport = httpx2.ASGITransport(app, client=(client, 40000))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            return (await browser.get("/_stcore/health", headers=headers)).text

    return asyncio.run(ask())


def test_a_trusted_proxy_is_believed() -> None:
    assert seen("10.0.0.2", FORGED, ("10.0.0.0/24",)) == "198.51.100.5 https"


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",), ("10.0.1.0/24",)])
def test_nobody_else_is(trusted: tuple[str, ...]) -> None:
    assert seen("10.0.0.2", FORGED, trusted) == "10.0.0.2 http"


def test_what_the_browser_made_up_before_the_proxy_added_is_not_believed() -> None:
    chain = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
    assert seen("10.0.0.2", chain, ("10.0.0.2",)) == "203.0.113.9 http"
