"""How the pages look and sound: no sideways scrolling, both languages whole, axe finds nothing."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.site import Site, settled
from tests.web.app_pages import pages_of_the_app

STAFF = (
    "/",
    "/learn",
    "/course?c=first-response",
    "/module?m=first-response/recognise",
    "/module?m=first-response/recognise&s=头五分钟的顺序",
    "/quiz?q=first-response/basics",
    "/quiz?q=first-response/exam",
    "/record",
    "/capability",
    "/capability-how",
    "/account",
    "/practice",
    "/notebook",
    "/placement",
    "/badges",
    "/statute?law=突发事件应对法&article=78",
)
WRITING = (
    ("trainer", "/workspace"),
    ("trainer", "/workspace?c=first-response"),
    ("trainer", "/workspace?f=courses/first-response/01-recognise.md"),
)
PAGES = [("lin", path) for path in STAFF]
PAGES += [("lin", "/drills"), ("lin", "/drill?d=first-response/drill-gas-night")]
PAGES += [
    ("boss_a", "/overview"),
    ("boss_a", "/capability-map"),
    ("boss_a", "/units"),
    ("boss_a", "/staff"),
    ("boss_a", "/results"),
    ("boss_a", "/unit_drills"),
    ("boss_a", "/assignments"),
    ("boss_a", "/assignments?v=new"),
    ("trainer", "/drill_map"),
    ("trainer", "/content"),
    ("trainer", "/items"),
    ("trainer", "/question_reports"),
    ("trainer", "/exchange"),
    ("trainer", "/laws"),
    *WRITING,
    ("admin", "/people"),
    ("admin", "/organisation"),
    ("admin", "/roster"),
    ("admin", "/capability-questions"),
    ("auditor", "/audit"),
]
# (rule, part of the markup) that is Streamlit's own and cannot be reached from here
STREAMLITS_OWN = (
    ("aria-allowed-role", "stToolbar"),
    ("region", "stToolbar"),
    ("aria-prohibited-attr", 'data-testid="stMermaidChart" aria-busy="true"'),  # while it draws
)


# looked at once more, in English and light: of each kind of page one
SAMPLE = ("/", "/quiz?q=first-response/basics", "/capability", "/overview", "/items", "/people")


def test_every_page_is_looked_at() -> None:
    looked_at = {path.lstrip("/").partition("?")[0] or "home" for _, path in PAGES}
    missing = [name for name in pages_of_the_app() if name not in looked_at]
    assert not missing, f"add to PAGES, each with somebody who sees it: {missing}"


def open_in(visit: Visit, login: str, path: str, **how: object) -> Page:
    page = visit(login, path, **how)
    page.wait_for_timeout(300)
    return page


@pytest.mark.parametrize(("locale", "dark"), [("zh-CN", True), ("en-GB", False)])
def test_axe_finds_no_violation_of_ours(visit: Visit, site: Site, locale: str, dark: bool) -> None:
    found: list[str] = []
    pages = PAGES if dark else [one for one in PAGES if one[1] in SAMPLE]
    for login in dict.fromkeys(login for login, _ in pages):
        page = open_in(visit, login, "/", locale=locale, dark=dark)
        for path in [path for who, path in pages if who == login]:
            page.goto(f"{site.url}{path}")
            settled(page)
            page.wait_for_timeout(300)
            for violation in Axe().run(page).response["violations"]:
                for node in violation["nodes"]:
                    if not is_streamlits_own(violation["id"], node["html"]):
                        found.append(f"{path}: {violation['id']}: {node['html'][:160]}")
    assert not found, "\n".join(found)


def is_streamlits_own(rule: str, html: str) -> bool:
    return any(rule == known and part in html for known, part in STREAMLITS_OWN)


def use_language(page: Page, site: Site, locale: str) -> None:
    """Choose the language of the account, as a person would."""
    page.goto(f"{site.url}/account")
    settled(page)
    name = "English" if locale.startswith("en") else "中文"
    page.get_by_text(name, exact=True).click()
    page.wait_for_timeout(800)


@pytest.mark.parametrize("width", [360])
def test_nothing_scrolls_sideways_on_a_phone(visit: Visit, site: Site, width: int) -> None:
    wide: list[str] = []
    for login in dict.fromkeys(login for login, _ in PAGES):
        page = open_in(visit, login, "/")
        page.set_viewport_size({"width": width, "height": 800})
        for path in [path for who, path in PAGES if who == login]:
            page.goto(f"{site.url}{path}")
            settled(page)
            page.wait_for_timeout(300)
            over = page.evaluate(
                "() => { const m = document.querySelector('[data-testid=stMain]');"
                " return m.scrollWidth - m.clientWidth; }"
            )
            if over > 0:
                wide.append(f"{path}: {over} px")
    assert not wide


def test_the_english_interface_has_no_chinese_words(visit: Visit, site: Site) -> None:
    han = re.compile("[\u4e00-\u9fff]+")
    left: list[str] = []
    page = open_in(visit, "lin", "/")
    use_language(page, site, "en-GB")
    for path in STAFF:
        page.goto(f"{site.url}{path}")
        settled(page)
        page.wait_for_timeout(300)
        text = page.locator("[data-testid=stApp]").inner_text()
        # people's names, and statutes as the law names them
        text = re.sub("《[^》]*》(第[零〇一二两三四五六七八九十百千0-9、至款项条之]+)*", "", text)
        text = text.replace("测试A1", "").replace("中文", "")
        left += [f"{path}: {words}" for words in han.findall(text)]
    assert not left, left[:20]


def test_every_thing_to_press_is_large_enough_for_a_finger(visit: Visit, site: Site) -> None:
    small: list[str] = []
    page = open_in(visit, "lin", "/")
    for path in STAFF:
        page.goto(f"{site.url}{path}")
        settled(page)
        for selector in ("[data-testid=stButton] button", "[data-testid=stRadioOption]"):
            for box in page.locator(f"[data-testid=stMain] {selector}").all():
                size = box.bounding_box()
                if size and size["height"] < 43.5:
                    small.append(f"{path}: {selector} {size['height']}")
    assert not small
