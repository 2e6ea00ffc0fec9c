"""Who may see what: every page, file and route, tried by everybody, against ``matrix.md``."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pypdf
import pytest
from websockets.exceptions import InvalidStatus

from portal.settings import Settings
from portal.web.accounts.routes import routes
from portal.web.download_files import FILES
from portal.web.text import translate
from tests.web import matrix_town as town_of
from tests.web.app_pages import APP, pages_of_the_app
from tests.web.matrix_town import LOOKERS, NAMES, STAFF_NO, Town
from tests.web.site import COOKIE, Site, Visit, running

TABLE = Path(__file__).with_name("matrix.md")
SIGNED_IN = LOOKERS[:9]
REFUSALS = {
    translate("zh", key)
    for key in (
        "error.not_allowed",
        "practice.not_yours",
        "common.not_found",
        "tabletop.take_over_means",  # the same for a room that is not there
    )
}
# a page that refuses consists of these and of nothing that could hold a figure
TOLD_WHEN_REFUSED = {"heading", "alert", "page_link", "button", "markdown"}
# what the words of the last table stand for
WORDS = {
    **{f"name of {who}": (NAMES[who],) for who in ("owner", "colleague", "elsewhere")},
    **{f"number of {who}": (STAFF_NO[who],) for who in ("owner", "colleague", "elsewhere")},
    "score of owner": ("42.9", "43 分"),
    **{f"name of {unit}": (town_of.UNITS[unit][2],) for unit in ("street_a", "street_b")},
    **{f"work of {unit}": (town_of.WORK[unit],) for unit in ("street_a", "street_b")},
    "words of the draft": (town_of.DRAFT_WORDS,),
    "words of the report": (town_of.REPORT_WORDS,),
    "words of the doubt": (town_of.ASKED_WORDS,),
}


@dataclass(frozen=True)
class Row:
    """One line of a table: ``cells`` by who looks."""

    line: int
    first: str
    second: str
    cells: dict[str, str]


def table(heading: str, labels: int = 2) -> list[Row]:
    """The rows below ``## heading``; the first ``labels`` columns say what, the others who."""
    rows: list[Row] = []
    columns: list[str] = []
    inside = False
    for number, text in enumerate(TABLE.read_text("utf-8").splitlines(), 1):
        if text.startswith("## "):
            inside = text == f"## {heading}"
        if not inside or not text.startswith("|"):
            continue
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if not columns:
            columns = cells[labels:]
        elif not cells[0].startswith("---"):
            assert len(cells) == labels + len(columns), f"matrix.md:{number} has a cell too few"
            first, second = cells[0], cells[1] if labels == 2 else ""
            found = dict(zip(columns, cells[labels:], strict=True))
            rows.append(Row(number, first, second, found))
    return rows


PAGE_ROWS, FILE_ROWS, ROUTE_ROWS = table("Pages"), table("Files"), table("Routes")
WORD_ROWS = table("What is told at all", labels=1)


@dataclass
class Walk:
    """What one person met: by table and line of it; and all that was delivered, with its place."""

    met: dict[int, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Walk]]:
    """Everybody tries everything, in a portal of their own."""
    root = tmp_path_factory.mktemp("matrix")
    content = town_of.content(root / "content")
    (root / "data").mkdir()
    with running(root / "data", ("portal", "serve"), PORTAL_CONTENT_DIR=str(content)) as site:
        town = town_of.build(site)
        with ThreadPoolExecutor(4) as pool:
            found = pool.map(lambda who: walk(site, town, who), LOOKERS)
            yield dict(zip(LOOKERS, found, strict=True))


def walk(site: Site, town: Town, who: str) -> Walk:
    met = Walk()
    token = town.tokens.get(who)
    with site.client({COOKIE: token} if token else None) as browser:
        if who in SIGNED_IN:
            assert token is not None
            visit_pages(site, town, token, met)
        else:
            for row in PAGE_ROWS:
                answer = ask(browser, page_address(row, town))
                met.met[row.line] = way(answer) or f"{answer.status_code}"
            met.told["socket"] = socket_answer(site, {COOKIE: token} if token else {})
        for row in FILE_ROWS:
            path = f"/download/{row.first}?{filled(row.second, town)}"
            take_file(browser, row, path, met)
        for row in ROUTE_ROWS:
            method, path = filled(row.second, town).split(" ", 1)
            answer = ask(browser, path, method)
            met.met[row.line] = way(answer) or f"{answer.status_code}"
    return met


def visit_pages(site: Site, town: Town, token: str, met: Walk) -> None:
    with site.open({COOKIE: token}) as page:
        for row in PAGE_ROWS:
            address = page_address(row, town)
            visit = page.visit(address)
            met.met[row.line] = outcome(visit)
            met.told[address] = visit.told


def socket_answer(site: Site, cookies: dict[str, str]) -> str:
    """Where somebody is sent who opens the pages' socket without calling at the door first."""
    try:
        with site.open(cookies) as page:
            return page.address_sent_to(20).partition("?")[0]
    except InvalidStatus as refused:
        return f"{refused.response.status_code}"


def outcome(visit: Visit) -> str:
    if visit.exceptions:
        return f"an error: {visit.exceptions[0]}"
    if visit.missing:
        return "-"
    if REFUSALS & set(visit.alerts):
        more = sorted(visit.kinds - TOLD_WHEN_REFUSED)
        return f"no, but with {more}" if more else "no"
    return "yes"


def take_file(browser: httpx2.Client, row: Row, path: str, met: Walk) -> None:
    answer = ask(browser, path)
    words = {200: "yes", 400: "bad", 403: "no", 404: "-"}
    met.met[row.line] = way(answer) or words.get(answer.status_code, f"{answer.status_code}")
    met.told[path] = text_of(answer)


def ask(browser: httpx2.Client, path: str, method: str = "GET") -> httpx2.Response:
    return browser.request(method, path, headers={"accept": "text/html"})


def way(answer: httpx2.Response) -> str:
    """Where a browser is sent on to, in the words of the table."""
    if answer.status_code != 303:
        return ""
    place = answer.headers["location"].partition("?")[0]
    return {"/account/login": "in", "/account/password": "pw"}.get(place, place)


def text_of(answer: httpx2.Response) -> str:
    """All text in a file: spreadsheets unpacked, PDF read, signed files decoded."""
    body = answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist())
    if body.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if answer.headers.get("content-disposition", "").endswith(".jwt"):
        return str(base64.urlsafe_b64decode(body.split(b".")[1] + b"=="), "utf-8", "ignore")
    return body.decode("utf-8", "ignore")


def page_address(row: Row, town: Town) -> str:
    name = "" if row.first == "home" else row.first
    return f"/{name}?{filled(row.second, town)}".rstrip("?")


def filled(text: str, town: Town) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: town.ids[found[1]], text)


# Everything has a row, and every row has something


def must_agree(kind: str, heading: str, there: Sequence[str], rows: Sequence[Row]) -> None:
    listed = {row.first for row in rows}
    open_cells = " | ".join("?" for _ in SIGNED_IN)
    missing = [
        f"{name}: the {kind} has no row. Write one below '## {heading}' in tests/web/matrix.md, "
        f"| {name} | <what is asked> | {open_cells} | in | pw | in |, with what each column "
        "should meet for ?, and one more for each object an address can name, inside and outside "
        "the reader's reach. matrix_town.py makes the objects."
        for name in dict.fromkeys(there)
        if name not in listed
    ]
    left = [
        f"matrix.md:{row.line}: there is no {kind} {row.first!r}: take the row out."
        for row in rows
        if row.first not in there
    ]
    assert not missing + left, "\n".join(missing + left)


def test_every_page_has_a_row() -> None:
    must_agree("page", "Pages", list(pages_of_the_app()), PAGE_ROWS)


def test_every_file_has_a_row() -> None:
    must_agree("file", "Files", list(FILES), FILE_ROWS)


def test_every_route_has_a_row() -> None:
    there = [str(getattr(route, "path", "")) for route in routes(Settings(secret="s" * 32))]
    streamlits = [row.first for row in ROUTE_ROWS if row.first.startswith("/_stcore/")]
    must_agree("route", "Routes", [*there, *streamlits], ROUTE_ROWS)


def test_every_object_that_an_address_can_name_has_a_row() -> None:
    missing = []
    for name, module in pages_of_the_app().items():
        tried = "&".join(row.second for row in PAGE_ROWS if row.first == name)
        for key in sorted(parameters(module)):
            if not re.search(rf"(^|&){key}=", tried):
                missing.append(
                    f"{name}: the page reads ?{key}= and no row gives it. Write one below "
                    f"'## Pages' in tests/web/matrix.md: | {name} | {key}=… | … |"
                )
    assert not missing, "\n".join(missing)


def parameters(module: str) -> set[str]:
    """Query parameters that the source of a page names."""
    place = APP.parent / "web" / "pages" / module
    files = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    source = "".join(file.read_text("utf-8") for file in files)
    found = set(re.findall(r"""(?:places\.number|query_params\.get)\(\s*"(\w+)\"""", source))
    return found | ({"u", "d"} if "view.asked(" in source else set())


# The tables hold


@pytest.mark.parametrize("who", LOOKERS)
@pytest.mark.parametrize(
    "rows", [PAGE_ROWS, FILE_ROWS, ROUTE_ROWS], ids=["pages", "files", "routes"]
)
def test_who_may_see_what(walks: dict[str, Walk], rows: list[Row], who: str) -> None:
    met = walks[who].met
    wrong = [
        f"matrix.md:{row.line}: {row.first} {row.second}: {who} should meet "
        f"{row.cells[who]!r} and met {met[row.line]!r}"
        for row in rows
        if met[row.line] != row.cells[who]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", WORD_ROWS, ids=[row.first for row in WORD_ROWS])
def test_nobody_is_told_what_is_not_theirs(walks: dict[str, Walk], row: Row) -> None:
    assert set(row.cells) == set(SIGNED_IN)
    wrong = []
    for who, cell in row.cells.items():
        places = [
            place
            for place, told in walks[who].told.items()
            if any(words in told for words in WORDS[row.first])
        ]
        if places and cell == "never":
            wrong.append(f"matrix.md:{row.line}: {who} read the {row.first} on {places}")
        if not places and cell == "told":
            wrong.append(f"matrix.md:{row.line}: {who} read the {row.first} nowhere")
    assert not wrong, "\n".join(wrong)


def test_all_words_that_can_give_away_are_looked_for() -> None:
    assert sorted(row.first for row in WORD_ROWS) == sorted(WORDS)


@pytest.mark.parametrize("who", LOOKERS[9:])
def test_the_socket_of_the_pages_is_shut_to_who_may_not_come_in(
    walks: dict[str, Walk], who: str
) -> None:
    assert walks[who].told["socket"] == {"must change": "/account/password"}.get(
        who, "401" if who == "nobody" else "/account/login"
    )
