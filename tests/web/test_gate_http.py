"""HTTP through the gate: nothing without a sign-in but the sign-in itself."""

from __future__ import annotations

import http.client
import json
import re

import pytest

from tests.web.site import PASSWORD, Site, form_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OPEN = {
    "/account/login",
    "/account/logout",
    "/account/setup",
    "/account/static",
    "/account/badges/issuer.json",
    "/account/badges/keys.json",
    "/favicon.ico",
    "/verify",
    "/verify/x",  # of verification: nothing but the form and half a name
    "/_stcore/health",
}
# what a route pattern does not show: pages, variants, and what must never be there
FURTHER = (
    "/",
    "/overview",
    "/index.html",
    "/module?id=first-response/01",
    "/_stcore/health/",
    "/page/_stcore/health",
    "/_stcore/script-health-check",
    "/_stcore/metrics/",
    "/_stcore/agent",
    "/_stcore/agent/mcp/",
    "/page/_stcore/agent/interact",
    "/static/js/index.js",
    "/account/",
    "/account/password/",
    "/account/oidc",
    "/app/static/x",
    "//evil.example/",
    "/.git/config",
    "/manifest.json",
)


def paths(site: Site) -> list[str]:
    patterns = json.loads((site.data / "routes.json").read_text())
    assert "/_stcore/stream" in patterns, "Streamlit's routes have to be among them"
    filled = {re.sub(r"\{[^}]+\}", "x", pattern) or "/" for pattern in patterns}
    return sorted(filled - OPEN) + list(FURTHER)


def test_without_a_cookie_every_route_refuses(site: Site) -> None:
    with site.client() as client:
        for path in paths(site):
            for method in METHODS:
                answer = client.request(method, path)
                shown = f"{method} {path}: {answer.status_code}"
                if answer.status_code == 303:
                    assert answer.headers["location"].startswith("/account/login"), shown
                else:
                    assert answer.status_code in (400, 401, 404, 405), shown
                assert "<div id=" not in answer.text, shown


def test_whoever_verifies_a_badge_needs_no_account_and_learns_no_secret(site: Site) -> None:
    with site.client() as client:
        assert client.get("/account/badges/issuer.json").json()["type"] == ["Profile"]
        for key in client.get("/account/badges/keys.json").json()["keys"]:
            assert "d" not in key
        assert client.get("/account/badges/keys/nobody").status_code == 404
        assert client.get("/account/badges/anything").status_code == 303


def test_a_forged_cookie_or_header_is_no_sign_in(site: Site) -> None:
    for cookies in ({"portal_session": "x" * 43}, {"portal_session": "x" * 5000}):
        with site.client(cookies) as client:
            answer = client.get("/", headers={"X-Portal-User": "1"})
            assert answer.status_code == 303
            assert client.get("/_stcore/host-config").status_code == 401


def test_health_and_sign_in_are_open_and_say_nothing_else(site: Site) -> None:
    with site.client() as client:
        assert client.get("/_stcore/health").text == "ok"
        assert client.get("/account/login").status_code == 200
        assert client.get("/account/static/accounts.css").status_code == 200
        assert client.get("/favicon.ico").headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    "path",
    [
        "/account/static/../headers.py",
        "/account/static/%2e%2e/headers.py",
        "/account/static/..%2fheaders.py",
        "/account/static//etc/passwd",
        "/account/static/../../_stcore/metrics",
        "/static/../_stcore/metrics",
        "/account/login/../../_stcore/metrics",
        "/_stcore/health/../metrics",
        "/_stcore/health%2f..%2fmetrics",
    ],
)
def test_dots_in_a_path_open_nothing(site: Site, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", path)  # sent as it is: httpx would tidy it up
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in (303, 400, 401, 404), answer.status
    assert b"policies" not in body and b"# EOF" not in body


def test_the_way_back_survives_the_sign_in(site: Site) -> None:
    with site.client() as client:
        answer = client.get("/module?id=first-response/01&at=%E9%A2%84%E8%AD%A6")
        assert answer.headers["location"] == (
            "/account/login?next=%2Fmodule%3Fid%3Dfirst-response%2F01%26at%3D"
            "%25E9%25A2%2584%25E8%25AD%25A6"
        )


def test_after_sign_in_pages_are_served_and_closed_routes_stay_closed(site: Site) -> None:
    site.add_person("gh1")
    with site.client(site.cookies("gh1")) as client:
        for path in ("/", "/overview", "/course?id=x", "/index.html"):
            assert '<div id="root">' in client.get(path).text, path
        for path in (
            "/_stcore/metrics",
            "/_stcore/agent/interact",
            "/_stcore/agent/openapi.json",
            "/page/_stcore/agent/mcp",
            "/_stcore/script-health-check",
            "/auth/login",
            "/auth/logout",
            "/oauth2callback",
            "/app/static/x",
        ):
            for method in METHODS:
                assert client.request(method, path).status_code == 404, f"{method} {path}"


def test_sign_out_and_disabling_hold_at_the_next_request(site: Site) -> None:
    from portal.actions import accounts, people

    person_id, _ = site.add_person("gh2")
    cookies = site.cookies("gh2")
    with site.client(cookies) as client:
        assert client.get("/").status_code == 200
        accounts.sign_out(site.portal, cookies["portal_session"])
        assert client.get("/").status_code == 303
    with site.client(site.cookies("gh2")) as client:
        assert client.get("/").status_code == 200
        people.disable(site.portal, site.administrator(), person_id)
        assert client.get("/").status_code == 303


def test_an_initial_password_leads_to_its_change_and_nowhere_else(site: Site) -> None:
    _, initial = site.add_person("gh3", changed=False)
    with site.client({"portal_session": site.session("gh3", initial)}) as client:
        answer = client.get("/quiz?id=1")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/account/password?next=%2Fquiz%3Fid%3D1"
        assert client.get("/_stcore/host-config").status_code == 403
        assert client.get("/content/x/y.png").status_code == 403
        form = form_of(client.get("/account/password?next=/quiz%3Fid%3D1"))
        answer = client.post(
            "/account/password",
            data={**form, "current": initial, "new": PASSWORD, "again": PASSWORD},
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/quiz?id=1")
        assert client.get("/quiz?id=1").status_code == 200


def test_other_host_names_are_not_answered(site: Site) -> None:
    with site.client() as client:
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "a b", ""):
            answer = client.get("/account/login", headers={"Host": host})
            assert answer.status_code == 400, host
        for host in (f"localhost:{site.port}", "192.0.2.7", "[::1]:8501"):
            assert client.get("/account/login", headers={"Host": host}).status_code == 200, host


def test_bodies_are_bounded_announced_or_not(site: Site) -> None:
    with site.client() as client:
        large = b"x" * (65 * 1024)
        assert client.post("/account/login", content=large).status_code == 413
        pieces = (large[at : at + 4096] for at in range(0, len(large), 4096))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert client.post("/account/login", content=pieces, headers=kind).status_code == 413
    site.add_person("gh4")
    with site.client(site.cookies("gh4")) as client:
        large = b"x" * (22 * 1024 * 1024)
        assert client.put("/_stcore/upload_file/x/y", content=large).status_code == 413


def test_refusals_speak_the_visitors_language(site: Site) -> None:
    with site.client() as client:
        for language, word in (("zh-CN,zh;q=0.9", "请先登录"), ("en-GB", "Please sign in")):
            answer = client.get("/media/x", headers={"Accept-Language": language})
            assert (answer.status_code, word in answer.text) == (401, True)
            page = client.get(
                "/media/x", headers={"Accept-Language": language, "Accept": "text/html"}
            )
            assert "<h1>" in page.text and word in page.text
