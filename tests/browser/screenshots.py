"""``make screenshots``: the pictures of the documentation, taken from the demonstration county."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from portal import settings as portal_settings
from portal.commands import demo
from tests.browser.site import LAPTOP, PHONE, ROOT, Site, chromium, settled, sign_in

TARGET = ROOT / "portal" / "docs" / "screenshots"
# name, login, path, viewport, dark, locale, what to scroll down to
PICTURES = (
    ("home-phone", "grid", "/", PHONE, False, "zh-CN"),
    (
        "module-phone",
        "grid",
        "/module?m=first-response/recognise&s=先护住自己",
        PHONE,
        False,
        "zh-CN",
    ),
    ("quiz-phone", "grid", "/quiz?q=first-response/basics", PHONE, True, "zh-CN"),
    ("overview-laptop", "county", "/overview", LAPTOP, False, "zh-CN"),
    ("content-laptop", "trainer", "/content", LAPTOP, False, "zh-CN"),
)


def main() -> None:
    """Make a county of 400 in a temporary folder, serve it, photograph it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        given = {"data_dir": str(data), "content_dir": str(ROOT)}
        demo.make(portal_settings.load(overrides=given), data / "portal.db", staff=400, seed=7)
        site = Site(data)
        site.start()
        try:
            with chromium() as browser:
                for picture in PICTURES:
                    _take(browser, site, *picture)
        finally:
            site.stop()


def _take(
    browser: Browser,
    site: Site,
    name: str,
    login: str,
    path: str,
    size: dict[str, int],
    dark: bool,
    locale: str,
) -> None:
    context = browser.new_context(
        viewport=size, locale=locale, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    sign_in(page, site, login, path)
    start = page.get_by_role("button", name=re.compile("开始作答|再做一次"))
    if start.count():
        start.click()
        page.wait_for_timeout(1_500)
    settled(page)
    page.wait_for_timeout(2_000)
    page.screenshot(path=TARGET / f"{name}.png")
    context.close()
    print(f"{name}.png")


if __name__ == "__main__":
    main()
