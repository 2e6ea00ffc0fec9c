"""Signing in and out, passwords, and the first administrator, as a browser does it."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from portal.actions import accounts
from portal.web.accounts.onward import safe_next
from portal.web.text import translate
from tests import outside
from tests.web.site import ADMINISTRATOR, COOKIE, PASSWORD, Site, form_of, running


@pytest.fixture(scope="module")
def eve(site: Site) -> int:
    return site.add_person("eve")[0]


def sign_in(
    client: httpx2.Client, login: str, password: str, onward: str = "/", **headers: str
) -> httpx2.Response:
    form = form_of(client.get("/account/login", params={"next": onward}))
    data = {**form, "username": login, "password": password}
    return client.post("/account/login", data=data, headers=headers)


def test_signing_in_gives_a_guarded_cookie_and_goes_on(site: Site, eve: int) -> None:
    with site.client() as client:
        answer = sign_in(client, "eve", PASSWORD, "/module?id=a/b")
        assert (answer.status_code, answer.headers["location"]) == (303, "/module?id=a/b")
        cookie = next(
            line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)
        )
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
        assert client.get("/").status_code == 200
        assert client.get("/account/login?next=/record").headers["location"] == "/record"


def test_a_new_sign_in_ends_the_old_one_of_the_browser(site: Site, eve: int) -> None:
    with site.client() as client:
        sign_in(client, "eve", PASSWORD)
        old = client.cookies[COOKIE]
        form = form_of(client.get("/account/logout"))  # signed for the browser and its session
        answer = client.post(
            "/account/login",
            data={"csrf": form["csrf"], "username": "eve", "password": PASSWORD},
        )
        assert answer.status_code == 303 and client.cookies[COOKIE] != old
    assert accounts.person_of(site.portal, old) is None


def test_wrong_password_and_unknown_login_read_alike(site: Site, eve: int) -> None:
    pages = []
    for login in ("eve", "nobody-of-this-name"):
        with site.client() as client:
            answer = sign_in(client, login, "not the password", "/record")
            assert answer.status_code == 401
            assert COOKIE not in client.cookies
            form = form_of(answer)
            assert form["next"] == "/record"
            pages.append(answer.text.replace(form["csrf"], "").replace(login, ""))
    assert pages[0] == pages[1]
    assert translate("zh", "error.sign_in") in pages[0]


def test_what_was_typed_is_escaped(site: Site) -> None:
    typed = '"><script>alert(1)</script>'
    with site.client() as client:
        page = sign_in(client, typed, "x").text
    assert "<script" not in page and "&#34;&gt;&lt;script" in page


def test_guessing_is_slowed_down(site: Site) -> None:
    site.add_person("fay")
    with site.client() as client:
        answers = [sign_in(client, "fay", f"guess {n}") for n in range(8)]
        assert [answer.status_code for answer in answers][:5] == [401] * 5
        assert answers[-1].status_code == 429
        assert 'role="alert"' in answers[-1].text
        assert sign_in(client, "fay", PASSWORD).status_code == 429, "nor the right one"


class TestForgedForms:
    """A form that another site makes the browser send changes nothing."""

    def attempt(self, client: httpx2.Client, **changed: str) -> httpx2.Response:
        form = form_of(client.get("/account/login"))
        data = {**form, "username": "eve", "password": PASSWORD, **changed}
        return client.post("/account/login", data=data)

    def test_without_or_with_a_wrong_token(self, site: Site, eve: int) -> None:
        for csrf in ("", "0" * 64, "é"):
            with site.client() as client:
                answer = self.attempt(client, csrf=csrf)
                assert answer.status_code == 403 and COOKIE not in client.cookies

    def test_with_the_token_of_another_browser(self, site: Site, eve: int) -> None:
        with site.client() as attacker, site.client() as victim:
            stolen = form_of(attacker.get("/account/login"))["csrf"]
            assert self.attempt(victim, csrf=stolen).status_code == 403

    def test_without_the_cookie(self, site: Site, eve: int) -> None:
        with site.client() as client:
            form = form_of(client.get("/account/login"))
            client.cookies.clear()
            data = {**form, "username": "eve", "password": PASSWORD}
            assert client.post("/account/login", data=data).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_from_another_origin(self, site: Site, eve: int, headers: dict[str, str]) -> None:
        with site.client() as client:
            assert sign_in(client, "eve", PASSWORD, **headers).status_code == 403
            assert COOKIE not in client.cookies

    def test_from_its_own(self, site: Site, eve: int) -> None:
        with site.client() as client:
            assert sign_in(client, "eve", PASSWORD, Origin=site.url).status_code == 303

    def test_signing_out_and_changing_the_password(self, site: Site, eve: int) -> None:
        cookies = site.cookies("eve")
        with site.client(cookies) as client:
            assert client.get("/account/logout").status_code == 200, "asks"
            assert client.post("/account/logout", data={"csrf": "x"}).status_code == 303
            change = {"current": PASSWORD, "new": "Zhe-9 other words", "again": "Zhe-9 other words"}
            assert client.post("/account/password", data=change).status_code == 403
            assert client.get("/").status_code == 200, "still signed in"
        with site.client() as client:
            assert sign_in(client, "eve", PASSWORD).status_code == 303, "the same password"

    def test_a_token_from_before_the_sign_in_is_not_good_after_it(
        self, site: Site, eve: int
    ) -> None:
        with site.client() as client:
            before = form_of(client.get("/account/login"))["csrf"]
            sign_in(client, "eve", PASSWORD)
            client.post("/account/logout", data={"csrf": before})
            assert client.get("/").status_code == 200


def test_signing_out_ends_the_session_in_the_database(site: Site, eve: int) -> None:
    cookies = site.cookies("eve")
    with site.client(cookies) as client:
        answer = client.post("/account/logout", data=form_of(client.get("/account/logout")))
        assert answer.headers["location"] == "/account/login"
        assert client.get("/").status_code == 303
    with site.client(cookies) as client:
        assert client.get("/").status_code == 303, "the old cookie is worth nothing"
    assert accounts.person_of(site.portal, cookies[COOKIE]) is None


def test_changing_the_password(site: Site) -> None:
    site.add_person("gus")
    other = site.cookies("gus")
    new = "Lake-4 paper umbrella"
    with site.client(site.cookies("gus")) as client:
        page = client.get("/account/password?next=/account")
        shown = translate("zh", "entry.rule_length", minimum=8, maximum=128)
        assert shown in page.text, "the rules are shown"

        def change(**fields: str) -> httpx2.Response:
            return client.post("/account/password", data={**form_of(page), **fields})

        answer = change(current=PASSWORD, new=new, again=new + "x")
        assert answer.status_code == 422
        assert translate("zh", "entry.passwords_differ") in answer.text
        answer = change(current="wrong", new=new, again=new)
        assert answer.status_code == 422
        assert translate("zh", "error.wrong_password") in answer.text
        answer = change(current=PASSWORD, new="gus", again="gus")
        assert answer.status_code == 422
        for reason in ("password_short", "password_classes", "password_has_login"):
            words = translate("zh", f"error.{reason}", minimum=8, classes=3)
            assert words in answer.text, "every rule that is broken"
        assert change(current=PASSWORD, new=new, again=new).headers["location"] == "/account"
        assert client.get("/").status_code == 200, "this browser stays signed in"
    assert accounts.person_of(site.portal, other[COOKIE]) is None, "others do not"


def test_the_language_of_the_account_pages(site: Site) -> None:
    with site.client() as client:
        page = client.get("/account/login", headers={"Accept-Language": "en-GB,en;q=0.9"})
        assert '<html lang="en">' in page.text and "Sign in" in page.text
        page = client.get("/account/login", headers={"Accept-Language": "fr, zh;q=0.5, en;q=0.4"})
        assert '<html lang="zh-CN">' in page.text
        answer = client.get("/account/login?next=/record&lang=en")
        assert answer.headers["location"] == "/account/login?next=%2Frecord"
        page = client.get(answer.headers["location"], headers={"Accept-Language": "zh"})
        assert "Sign in" in page.text and form_of(page)["next"] == "/record"
        assert client.get("/account/login?lang=xx").status_code == 200


def test_the_first_administrator(tmp_path: Path) -> None:
    with running(tmp_path) as site, site.client() as client:
        assert site.setup_token, "the link was printed"
        form = form_of(client.get("/account/setup?token=guessed"))
        given = {"username": "second", "name": "Second", "new": PASSWORD, "again": PASSWORD}
        answer = client.post("/account/setup", data={**form, **given})
        assert (answer.status_code, COOKIE in client.cookies) == (422, False)
        used = form_of(client.get(f"/account/setup?token={site.setup_token}"))
        answer = client.post("/account/setup", data={**used, **given})
        assert (answer.status_code, COOKIE in client.cookies) == (422, False), "works once"
        assert client.get("/account/setup").headers["referrer-policy"] == "same-origin"


def test_the_set_up_page_makes_an_administrator_who_is_signed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "set_up", lambda *_: None)  # running() would use the link up
    with running(tmp_path) as site, site.client() as client:
        monkeypatch.undo()
        form = form_of(client.get(f"/account/setup?token={site.setup_token}"))
        given = {"username": ADMINISTRATOR, "name": "长 Chief", "new": PASSWORD}
        answer = client.post("/account/setup", data={**form, **given, "again": "another"})
        assert answer.status_code == 422 and 'value="长 Chief"' in answer.text
        form = form_of(answer)
        answer = client.post("/account/setup", data={**form, **given, "again": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert client.get("/").status_code == 200
        assert "administrator" in site.administrator().role_names


def test_a_flood_of_sign_ins_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    import anyio

    from portal.web.accounts import slow_work

    monkeypatch.setattr(slow_work, "MOST_WAITING", 3)
    done: list[int] = []
    busy: list[int] = []

    async def one(number: int) -> None:
        try:
            await slow_work.run(lambda: __import__("time").sleep(0.05))
            done.append(number)
        except slow_work.Busy:
            busy.append(number)

    async def flood() -> None:
        async with anyio.create_task_group() as tasks:
            for number in range(10):
                tasks.start_soon(one, number)

    anyio.run(flood)
    assert (len(done), len(busy)) == (3, 7)


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " /record",
    "record",
    "",
    "/" + "x" * 3000,
    "/account/logout",
    "/account/login",
    "/_stcore/metrics",
    "/media/x",
    "/%0d%0aSet-Cookie:x=1\r\n",
    "http://[",
    "//[",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_next_leads_nowhere_else(wanted: str) -> None:
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize(
    "wanted", ["/", "/record", "/module?id=a/b&x=1#part", "/课程?名=预警", "/x?next=https://y/"]
)
def test_next_leads_to_pages(wanted: str) -> None:
    assert safe_next(wanted) == wanted


def test_next_against_collected_attacks(site: Site, eve: int) -> None:
    files = [
        file
        for folder in ("fuzzdb", "traversal", "xss")
        for file in sorted(outside.hostile(folder).glob("*.txt"))
    ]
    assert files
    for file in files:
        for line in file.read_text("utf-8", "replace").splitlines():
            onward = safe_next(line)
            assert onward == "/" or (onward[0] == "/" and onward[1:2] not in ("/", "\\")), line
            assert onward.isprintable() or onward.isascii(), line


def test_the_answer_to_a_hostile_next_is_the_front_page(site: Site, eve: int) -> None:
    for wanted in ELSEWHERE:
        with site.client() as client:
            answer = sign_in(client, "eve", PASSWORD, wanted)
            assert (answer.status_code, answer.headers["location"]) == (303, "/"), wanted
