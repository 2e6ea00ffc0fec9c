"""How the pages look and sound: every page of the portal on a phone, in both languages.

A page is loaded once a language and everything is looked at on that load: waiting for a page costs
more than looking at it.
"""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.site import PHONE, Site, settled
from tests.web.app_pages import pages_of_the_app

PAGES: dict[str, tuple[str, ...]] = {
    "lin": (
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
        "/drills",
        "/drill?d=first-response/drill-gas-night",
        "/tabletop",
    ),
    "boss_a": (
        "/overview",
        "/capability-map",
        "/units",
        "/staff",
        "/results",
        "/unit_drills",
        "/assignments",
        "/assignments?v=new",
        "/certificates",
    ),
    "trainer": (
        "/tabletop_lead",
        "/drill_map",
        "/content",
        "/items",
        "/question_reports",
        "/laws",
        "/marking",
        "/exchange",
        "/workspace",
        "/workspace?c=first-response",
        "/workspace?f=courses/first-response/01-recognise.md",
    ),
    "admin": ("/people", "/organisation", "/roster", "/capability-questions"),
    "auditor": ("/audit",),
}
NARROW = {"width": 360, "height": 800}
# of each kind of page one is heard by axe in English and light as well
SAMPLE = ("/", "/quiz?q=first-response/basics", "/capability", "/overview", "/items", "/people")
# (rule, part of the markup) that is Streamlit's own and cannot be reached from here
STREAMLITS_OWN = (
    ("aria-allowed-role", "stToolbar"),
    ("region", "stToolbar"),
)
FAULTS_ALONE = {"resultTypes": ["violations"]}  # not every place where a rule holds
HAS_DRAWN = """() => !document.querySelector(
    '[data-testid=stSkeleton], [data-testid=stMermaidChart][aria-busy=true]'
) && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
    .every(one => one.querySelector('canvas, svg'))"""
WIDER_THAN_THE_SCREEN = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return main.scrollWidth - main.clientWidth;
}"""
TOO_LOW_FOR_A_FINGER = """() => [...document.querySelector('[data-testid=stMain]')
    .querySelectorAll('[data-testid=stButton] button, [data-testid=stRadioOption]')
].map(one => [one.innerText, one.getBoundingClientRect().height])
    .filter(([_, height]) => height > 0 && height < 43.5)"""


def test_every_page_is_looked_at() -> None:
    paths = [path for paths in PAGES.values() for path in paths]
    looked_at = {path.lstrip("/").partition("?")[0] or "home" for path in paths}
    missing = [name for name in pages_of_the_app() if name not in looked_at]
    assert not missing, f"add to PAGES, each with somebody who sees it: {missing}"


def test_every_page_on_a_dark_phone(visit: Visit, site: Site) -> None:
    """One heading, nothing sideways at 360 px, room for a finger, nothing that axe minds."""
    found: list[str] = []
    for login, paths in PAGES.items():
        page = visit(login, "/account", dark=True)
        for path in paths:
            open_at(page, site, path)
            headings = page.locator("h1").count()
            found += [f"{path}: {headings} h1"] * (headings != 1)
            found += [f"{path}: {low} px high" for low in page.evaluate(TOO_LOW_FOR_A_FINGER)]
            found += [f"{path}: {heard}" for heard in axe_hears(page)]
            page.set_viewport_size(NARROW)
            over = too_wide(page)
            found += [f"{path}: {over} px too wide"] * (over > 0)
            page.set_viewport_size(PHONE)
    assert not found, "\n".join(found)


def test_every_page_in_english(visit: Visit, site: Site) -> None:
    """No Chinese word is left, and axe minds nothing in the light either."""
    found: list[str] = []
    for login, paths in PAGES.items():
        page = visit(login, "/account", locale="en-GB")
        for path in paths:
            open_at(page, site, path)
            if "?f=" not in path:  # the file of a Chinese course
                found += [f"{path}: {words}" for words in chinese_words(page)]
            if path in SAMPLE:
                found += [f"{path}: {heard}" for heard in axe_hears(page)]
    assert not found, "\n".join(found)


# Private functions


def open_at(page: Page, site: Site, path: str) -> None:
    """Go to ``path`` and wait until it has run and its charts and diagrams are drawn."""
    page.goto(f"{site.url}{path}")
    settled(page)
    page.wait_for_function(HAS_DRAWN, polling=50)


def too_wide(page: Page) -> int:
    """How many pixels the page scrolls sideways once its charts have taken the new width."""
    for _ in range(15):
        over = int(page.evaluate(WIDER_THAN_THE_SCREEN))
        if over <= 0:
            return 0
        page.wait_for_timeout(200)
    return over


def axe_hears(page: Page) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in Axe().run(page, options=FAULTS_ALONE).response["violations"]
        for node in violation["nodes"]
        if not is_streamlits_own(violation["id"], node["html"])
    ]


def is_streamlits_own(rule: str, html: str) -> bool:
    return any(rule == known and part in html for known, part in STREAMLITS_OWN)


def chinese_words(page: Page) -> list[str]:
    """What is left without quotations: names of people, units and laws, and what authors wrote."""
    app = page.locator("[data-testid=stApp]")
    text = app.inner_text()
    for quoted in app.locator("code").all_inner_texts():
        text = text.replace(quoted, "")
    text = re.sub("《[^》]*》(第[零〇一二两三四五六七八九十百千0-9、至款项条之…]+)*", "", text)
    text = re.sub('"[^"\n]*"|“[^”]*”|`[^`]*`', "", text)
    text = re.sub("测试[AB]?[0-9长审]|望江街道|槐荫街道|清河县|云岭市|管理员|中文", "", text)
    return re.findall("[\u4e00-\u9fff]+", text)
