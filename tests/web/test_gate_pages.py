"""Open pages through the gate: every message is looked at again."""

from __future__ import annotations

import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from portal.actions import accounts, people
from portal.web.open_pages import MOST_PER_SIGN_IN
from tests.web.site import COOKIE, Page, SentAway, Site, form_of


@pytest.fixture(scope="module")
def amy(site: Site) -> int:
    return site.add_person("amy")[0]


@pytest.fixture(scope="module")
def bob(site: Site) -> int:
    return site.add_person("bob")[0]


def refused(site: Site, **options: object) -> int:
    with pytest.raises(InvalidStatus) as caught:
        site.open(**options)  # type: ignore[arg-type]
    response = caught.value.response
    assert "content-security-policy" in response.headers
    return response.status_code


def test_without_a_cookie_the_handshake_is_refused(site: Site) -> None:
    assert refused(site) == 401


def test_a_cookie_that_is_no_longer_good_leads_to_sign_in(site: Site) -> None:
    with site.open({COOKIE: "x" * 43}) as page:
        assert page.address_sent_to(5) == "/account/login"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://127.0.0.1",
        "http://localhost:1",
        "http://127.0.0.1.evil.example",
        "https://{host}",
        "http://{host}.evil.example",
        "http://{host}@evil.example",
    ],
)
def test_foreign_origins_are_refused_with_a_good_cookie(
    site: Site, amy: int, origin: str | None
) -> None:
    given = origin.format(host=f"127.0.0.1:{site.port}") if origin else origin
    assert refused(site, cookies=site.cookies("amy"), origin=given) == 403


def test_a_page_is_its_persons(site: Site, amy: int) -> None:
    with site.open(site.cookies("amy")) as page:
        assert page.rerun("/x?id=7").texts[:2] == ["person=amy", "roles=staff"]
        assert page.shows("query=7")


def test_a_forged_user_header_changes_nothing(site: Site, amy: int, bob: int) -> None:
    for name in ("X-Portal-User", "x-portal-user", "X-PORTAL-USER"):
        with site.open(site.cookies("amy"), headers={name: str(bob)}) as page:
            assert page.rerun().shows("person=amy")


def test_the_own_session_is_resumed_and_somebody_elses_is_not(
    site: Site, amy: int, bob: int
) -> None:
    cookies = site.cookies("amy")
    with site.open(cookies) as page:
        page.rerun()
    with site.open(cookies, session_id=page.session_id) as again:
        assert again.rerun().shows("runs=2"), "or else the next lines prove nothing"
    for headers in ({}, {"X-Portal-User": str(amy)}):
        # open, and closed: Streamlit keeps both
        with site.open(cookies, session_id=page.session_id) as mine:
            mine.rerun()
            foreign = site.open(site.cookies("bob"), session_id=page.session_id, headers=headers)
            with foreign:
                foreign.rerun()
                assert foreign.session_id != page.session_id
                assert foreign.texts[:4] == [
                    "person=bob",
                    "roles=staff",
                    "secret=secret of bob",
                    "runs=1",
                ]
        with site.open(site.cookies("bob"), session_id=page.session_id) as foreign:
            assert foreign.rerun().shows("secret=secret of bob")


@pytest.mark.parametrize("click", ["", "again", "in part"])
def test_signing_out_elsewhere_ends_the_page_at_the_next_message(
    site: Site, amy: int, click: str
) -> None:
    cookies = site.cookies("amy")
    with site.open(cookies) as page:
        page.rerun("/record?x=1")
        accounts.sign_out(site.portal, cookies[COOKIE])
        with pytest.raises(SentAway) as sent:
            page.rerun("/record?x=1", click=click)
        assert sent.value.address == "/account/login?next=%2Frecord%3Fx%3D1"
        page.wait_closed()


def test_disabling_ends_the_page(site: Site) -> None:
    person_id, _ = site.add_person("gp1")
    with site.open(site.cookies("gp1")) as page:
        page.rerun()
        people.disable(site.portal, site.administrator(), person_id)
        with pytest.raises(SentAway):
            page.rerun()


def test_a_changed_role_loads_the_page_anew_with_the_new_role(site: Site) -> None:
    person_id, _ = site.add_person("gp2")
    cookies = site.cookies("gp2")
    for change, roles in (
        (people.grant_role, "roles=staff,trainer"),
        (people.revoke_role, "roles=staff"),
    ):
        with site.open(cookies) as page:
            page.rerun("/content?id=1")
            change(site.portal, site.administrator(), person_id, "trainer")
            with pytest.raises(SentAway) as sent:
                page.rerun("/content?id=1", click="in part")
            assert sent.value.address == "/content?id=1"
        with site.open(cookies) as page:
            assert page.rerun().shows(roles)


def test_a_password_given_by_somebody_else_must_be_changed_first(site: Site) -> None:
    _, initial = site.add_person("gp3", changed=False)
    with site.open({COOKIE: site.session("gp3", initial)}) as page:
        assert page.address_sent_to(0.5) == "/account/password"


def test_a_page_at_which_nobody_clicks_is_closed_too(site: Site, amy: int) -> None:
    cookies = site.cookies("amy")
    with site.open(cookies) as page:
        page.rerun("/x")
        accounts.sign_out(site.portal, cookies[COOKIE])
        assert page.address_sent_to(5) == "/account/login?next=%2Fx"


def test_signing_out_in_one_tab_closes_the_others_at_once(site: Site, amy: int) -> None:
    cookies = site.cookies("amy")
    with site.open(cookies) as page, site.open(cookies) as other, site.client(cookies) as client:
        page.rerun()
        other.rerun()
        form = form_of(client.get("/account/logout"))
        assert client.post("/account/logout", data=form).status_code == 303
        for open_page in (page, other):
            assert open_page.address_sent_to(0.3) == "/account/login"


def test_a_clock_on_the_page_does_not_keep_the_sign_in_alive(site: Site, amy: int) -> None:
    cookies = site.cookies("amy")
    long_ago = "2000-01-01T00:00:00.000Z"
    with site.portal.db.write(bump=False) as c:
        c.run("DELETE FROM sessions WHERE person_id = :id", id=amy)
    cookies = site.cookies("amy")
    nearly_idle = (site.portal.now().timestamp() - 3600) * 1000
    with site.open(cookies) as page:
        page.rerun()
        time.sleep(0.2)
        old = _set_seen(site, amy, nearly_idle)
        page.rerun(by_clock=True)
        time.sleep(0.5)
        assert _seen(site, amy) == old > long_ago
        page.rerun()
        time.sleep(0.5)
        assert _seen(site, amy) > old


def _set_seen(site: Site, person_id: int, at_ms: float) -> str:
    from datetime import UTC, datetime

    from portal.core.times import iso

    moment = iso(datetime.fromtimestamp(at_ms / 1000, UTC))
    with site.portal.db.write(bump=False) as c:
        c.run("UPDATE sessions SET seen_at = :at WHERE person_id = :id", at=moment, id=person_id)
    return moment


def _seen(site: Site, person_id: int) -> str:
    with site.portal.db.read() as c:
        return str(c.value("SELECT seen_at FROM sessions WHERE person_id = :id", id=person_id))


def test_a_browser_cannot_clear_what_belongs_to_all(site: Site, amy: int) -> None:
    with site.open(site.cookies("amy")) as page:
        page.rerun()
        before = [text for text in page.texts if text.startswith("kept=")]
        clear = BackMsg()
        clear.clear_cache = True
        page.send(clear)
        assert before and before[0] in page.rerun().texts


def test_what_is_no_message_ends_the_page(site: Site, amy: int) -> None:
    for nonsense in (b"\xff\xff\xff\xff", "text"):
        with site.open(site.cookies("amy")) as page:
            page.rerun()
            page.socket.send(nonsense)
            page.wait_closed()


def test_one_sign_in_cannot_hold_any_number_of_pages(site: Site, bob: int) -> None:
    cookies = site.cookies("bob")
    pages: list[Page] = []
    try:
        pages = [site.open(cookies) for _ in range(MOST_PER_SIGN_IN)]
        assert refused(site, cookies=cookies) == 429
        pages.pop().__exit__()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                pages.append(site.open(cookies))
                break
            except InvalidStatus:
                time.sleep(0.05)
        assert len(pages) == MOST_PER_SIGN_IN
    finally:
        for page in pages:
            page.__exit__()


def test_other_web_sockets_do_not_exist(site: Site, amy: int) -> None:
    from websockets.sync.client import connect

    cookies = site.cookies("amy")
    for path in ("/", "/_stcore/other", "/_stcore/stream/", "/x/_stcore/stream"):
        with pytest.raises(InvalidStatus) as caught:
            connect(
                f"ws://127.0.0.1:{site.port}{path}",
                origin=site.url,  # type: ignore[arg-type]
                additional_headers={"Cookie": f"{COOKIE}={cookies[COOKIE]}"},
                legacy=True,
            )
        assert caught.value.response.status_code == 404


def test_a_failing_page_says_so_and_nothing_of_the_reason(site: Site, amy: int) -> None:
    with site.open(site.cookies("amy")) as page:
        page.rerun()
        texts = page.rerun(click="fail").texts
        assert any("已保存的内容都在" in text for text in texts)
        assert not any("for the log alone" in text or "Traceback" in text for text in texts)
        assert page.rerun().shows("person=amy")


class TestUploads:
    """A file goes to the uploader's own page or nowhere."""

    def put(self, site: Site, login: str, session_id: str) -> int:
        with site.client(site.cookies(login)) as client:
            client.get("/_stcore/health")
            token = client.cookies["_streamlit_xsrf"]
            answer = client.put(
                f"/_stcore/upload_file/{session_id}/f1",
                files={"file": ("a.txt", b"words")},
                headers={"X-Xsrftoken": token},
            )
            return answer.status_code

    def test_own(self, site: Site, amy: int) -> None:
        with site.open(site.cookies("amy")) as page:
            page.rerun()
            assert self.put(site, "amy", page.session_id) == 204

    def test_somebody_elses_and_nobodys(self, site: Site, amy: int, bob: int) -> None:
        with site.open(site.cookies("amy")) as page:
            page.rerun()
            assert self.put(site, "bob", page.session_id) == 403
            assert self.put(site, "bob", "not-a-session") == 403
