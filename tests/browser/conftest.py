"""One portal a file of tests, one Chromium, pages that stay signed in from one test to the next."""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import town
from tests.browser.site import LAPTOP, PHONE, ROOT, Site, chromium, sign_in

Visit = Callable[..., Page]
Settle = Callable[[Path], dict[str, int]]

# what takes longest begins first, so that nobody waits for it at the end
LONGEST = ("test_look", "test_learning", "test_tabletop", "test_drills", "test_workspace")
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(n) if (n := item.path.stem) in LONGEST else 9)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def settle(tmp_path_factory: pytest.TempPathFactory) -> Settle:
    """``settle(data)`` gives an empty folder the town, made over the project's own courses.

    It is made once for all who test at the same time, and copied: to read every course and to
    hash every password takes longer than most tests. Nobody in it has learned anything yet, so
    other courses may be served with it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base  # of all xdist's workers
    made, ids = shared / "town", shared / "town.json"

    def copy(data: Path) -> dict[str, int]:
        with (shared / "town.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ids.exists():
                made.mkdir()
                ids.write_text(json.dumps(town.build(made, ROOT)), "utf-8")
        shutil.copytree(made, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*-shm"))
        return dict(json.loads(ids.read_text("utf-8")))

    return copy


@pytest.fixture(scope="module")  # what one file's people have done is nothing to another's
def site(tmp_path_factory: pytest.TempPathFactory, settle: Settle) -> Iterator[Site]:
    """The portal over the project's own courses."""
    data = tmp_path_factory.mktemp("data")
    running = Site(data, ids=settle(data))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def left_open(browser: Browser) -> Iterator[dict[tuple[object, ...], list[Page]]]:
    """Pages that a test has done with, by who is signed in on what: the next test goes on there."""
    pages: dict[tuple[object, ...], list[Page]] = {}
    yield pages
    for context in browser.contexts:
        context.close()


@pytest.fixture
def visit(
    browser: Browser,
    left_open: dict[tuple[object, ...], list[Page]],
    request: pytest.FixtureRequest,
) -> Iterator[Visit]:
    """``visit("lin", "/learn", phone=True, locale="zh-CN", dark=False)`` gives a signed-in page.

    ``anew`` gives a browser that nobody has signed in on; ``at`` is another portal than the file's.
    """
    opened: list[tuple[tuple[object, ...], Page]] = []

    def open_page(
        login: str,
        path: str = "/",
        *,
        phone: bool = True,
        locale: str = "zh-CN",
        dark: bool = False,
        anew: bool = False,
        at: Site | None = None,
    ) -> Page:
        where: Site = at or request.getfixturevalue("site")
        speak(where, login, "en" if locale.startswith("en") else "zh")
        size = PHONE if phone else LAPTOP
        key = (where.url, login, phone, locale, dark)
        free = [] if anew else left_open.get(key, [])
        if free:
            page = free.pop()
            page.set_viewport_size(size)
        else:
            scheme = "dark" if dark else "light"
            page = browser.new_context(viewport=size, locale=locale, color_scheme=scheme).new_page()
        opened.append((key, page))
        sign_in(page, where, login, path)
        return page

    yield open_page
    for key, page in opened:
        if not page.is_closed():
            page.goto("about:blank")
            left_open.setdefault(key, []).append(page)


def speak(site: Site, login: str, locale: str) -> None:
    """Let the account read in ``locale``, whatever an earlier test has left."""
    with sqlite3.connect(site.data / "portal.db", timeout=10) as raw:
        raw.execute("UPDATE people SET locale = ? WHERE login = ?", (locale, login))
    raw.close()
