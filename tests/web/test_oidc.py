"""Signing in through a provider: it ends in the same local session, or in a plain refusal."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from portal.actions import accounts, people
from tests.web.provider import CLIENT, CLIENT_SECRET, Provider, other_key, provider
from tests.web.site import COOKIE, Site, free_port, running


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    with provider() as started:
        yield started


@pytest.fixture(scope="module")
def known(issuer: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port = free_port()
    with running(
        tmp_path_factory.mktemp("oidc"),
        PORTAL_PORT=str(port),
        PORTAL_BASE_URL=f"http://127.0.0.1:{port}",
        PORTAL_OIDC_ISSUER=issuer.issuer,
        PORTAL_OIDC_CLIENT_ID=CLIENT,
        PORTAL_OIDC_CLIENT_SECRET=CLIENT_SECRET,
    ) as site:
        site.add_person("zhou")
        yield site


@pytest.fixture(autouse=True)
def honest(issuer: Provider) -> None:
    issuer.claims = {"sub": "emp-7", "preferred_username": "zhou", "name": "周"}
    issuer.changed = {}
    issuer.signs_with = None


def sign_in(client: httpx2.Client, onward: str = "/") -> httpx2.Response:
    """Through the provider and back; the portal's last answer."""
    answer = client.get("/account/oidc", params={"next": onward})
    assert answer.status_code == 302
    back = httpx2.get(answer.headers["location"]).headers["location"]
    return client.get(back)


def test_the_sign_in_page_offers_it(known: Site, site: Site) -> None:
    with known.client() as client:
        assert 'href="/account/oidc?next=/record"' in client.get("/account/login?next=/record").text
    with site.client() as client:
        assert "/account/oidc" not in client.get("/account/login").text
        assert client.get("/account/oidc").status_code == 404


def test_it_ends_in_a_local_session_where_the_person_wanted_to_go(
    known: Site, issuer: Provider
) -> None:
    with known.client() as client:
        answer = sign_in(client, "/module?id=a/b")
        assert (answer.status_code, answer.headers["location"]) == (303, "/module?id=a/b")
        person = accounts.person_of(known.portal, client.cookies[COOKIE])
        assert person is not None and person.login == "zhou"
        assert client.get("/").status_code == 200
        with known.open({COOKIE: client.cookies[COOKIE]}) as page:
            assert page.rerun().shows("person=zhou")
        accounts.sign_out(known.portal, client.cookies[COOKIE])
        assert client.get("/").status_code == 303
    asked = issuer.asked[-1]
    assert asked["code_challenge_method"] == "S256" and asked["nonce"] and asked["state"]
    assert "openid" in asked["scope"].split()


def test_the_subject_decides_once_it_is_linked(known: Site, issuer: Provider) -> None:
    with known.client() as client:
        assert sign_in(client).status_code == 303
    issuer.claims |= {"preferred_username": "chief"}
    with known.client() as client:
        assert sign_in(client).status_code == 303
        person = accounts.person_of(known.portal, client.cookies[COOKIE])
        assert person is not None and person.login == "zhou"
    issuer.claims = {"sub": "somebody else", "preferred_username": "zhou"}
    with known.client() as client:
        assert sign_in(client).status_code == 403 and COOKIE not in client.cookies


def test_without_an_account_or_with_a_disabled_one_nobody_gets_in(
    known: Site, issuer: Provider
) -> None:
    person_id, _ = known.add_person("wu")
    issuer.claims = {"sub": "emp-8", "preferred_username": "wu"}
    with known.client() as client:
        assert sign_in(client).status_code == 303
    people.disable(known.portal, known.administrator(), person_id)
    with known.client() as client:
        assert sign_in(client).status_code == 403 and COOKIE not in client.cookies
    issuer.claims = {"sub": "emp-9", "preferred_username": "unknown"}
    with known.client() as client:
        assert sign_in(client).status_code == 403 and COOKIE not in client.cookies


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": None},
    ],
    ids=str,
)
def test_a_wrong_id_token_is_refused(
    known: Site, issuer: Provider, changed: dict[str, object]
) -> None:
    issuer.changed = changed
    with known.client() as client:
        answer = sign_in(client)
        assert (answer.status_code, COOKIE in client.cookies) == (400, False)
        assert "Traceback" not in answer.text


def test_a_token_signed_by_somebody_else_is_refused(known: Site, issuer: Provider) -> None:
    issuer.signs_with = other_key()
    with known.client() as client:
        assert sign_in(client).status_code == 400 and COOKIE not in client.cookies


def test_an_answer_that_was_not_asked_for_is_refused(known: Site, issuer: Provider) -> None:
    with known.client() as attacker, known.client() as victim:
        start = attacker.get("/account/oidc").headers["location"]
        back = httpx2.get(start).headers["location"]
        assert victim.get(back).status_code == 400, "another browser's state"
        assert COOKIE not in victim.cookies
        state = parse_qs(urlsplit(back).query)["state"][0]
        for query in ("", "?code=x", f"?code=x&state={state}", "?error=access_denied&state=x"):
            assert attacker.get(f"/account/oidc/callback{query}").status_code == 400
        assert COOKIE not in attacker.cookies


def test_where_to_go_afterwards_is_kept_inside(known: Site) -> None:
    with known.client() as client:
        assert sign_in(client, "//evil.example").headers["location"] == "/"


def test_a_provider_that_is_down_is_said(
    known: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port = free_port()
    with (
        running(
            tmp_path_factory.mktemp("down"),
            PORTAL_PORT=str(port),
            PORTAL_BASE_URL=f"http://127.0.0.1:{port}",
            PORTAL_OIDC_ISSUER="http://127.0.0.1:9",
            PORTAL_OIDC_CLIENT_ID=CLIENT,
        ) as site,
        site.client() as client,
    ):
        answer = client.get("/account/oidc")
        assert answer.status_code == 502 and "/account/login" in answer.text
        assert client.get("/", headers={"Host": "192.0.2.7"}).status_code == 400, "base_url is set"
