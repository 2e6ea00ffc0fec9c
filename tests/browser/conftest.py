"""One portal a file of tests, one Chromium; a test that breaks things makes a portal of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import town
from tests.browser.site import LAPTOP, PHONE, ROOT, Site, chromium, sign_in

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")  # what one file's people have done is nothing to another's
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal over the project's own courses."""
    data = tmp_path_factory.mktemp("data")
    ids = town.build(data, ROOT)
    running = Site(data, ids=ids)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """``visit("lin", "/learn", size=PHONE, locale="zh-CN", dark=False)`` gives a signed-in page."""
    opened: list[BrowserContext] = []

    def open_page(
        login: str,
        path: str = "/",
        *,
        phone: bool = True,
        locale: str = "zh-CN",
        dark: bool = False,
        at: Site | None = None,
    ) -> Page:
        speak(at or site, login, "en" if locale.startswith("en") else "zh")
        context = browser.new_context(
            viewport=PHONE if phone else LAPTOP,
            locale=locale,
            color_scheme="dark" if dark else "light",
        )
        opened.append(context)
        page = context.new_page()
        sign_in(page, at or site, login, path)
        return page

    yield open_page
    for context in opened:
        context.close()


def speak(site: Site, login: str, locale: str) -> None:
    """Let the account read in ``locale``, whatever an earlier test has left."""
    with sqlite3.connect(site.data / "portal.db", timeout=10) as raw:
        raw.execute("UPDATE people SET locale = ? WHERE login = ?", (locale, login))
    raw.close()


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A portal of one's own: to kill, or to break its content."""
    data = tmp_path / "data"
    data.mkdir()
    running = Site(data, ids=town.build(data, ROOT))
    running.start()
    yield running
    running.stop()
