"""Files beside the courses: for people who are signed in, and only those files."""

from __future__ import annotations

import http.client

import pytest

from tests.web.site import COOKIE, ROOT, Site

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(1000)
PDF = b"%PDF-1.7\n" + b"0" * 100
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>'
SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(scope="module")
def cookies(site: Site) -> dict[str, str]:
    site.add_person("cf1")
    folder = site.data / "content" / "courses" / "gas" / "assets"
    for name, content in {
        "valve.png": PNG,
        "阀门 图.png": PNG,
        "film.mp4": MP4,
        "paper.pdf": PDF,
        "drawing.svg": SVG,
        "scripted.svg": SCRIPTED,
        "page.html": b"<script>alert(1)</script>",
        "picture.png": b"<html>",
    }.items():
        (folder / name).write_bytes(content)
    (folder.parent / "01-valves.md").write_text("# Answers\n")
    (folder / "link.png").symlink_to(site.data / "secret")
    return site.cookies("cf1")


def test_pictures_are_served_as_pictures_to_people_who_are_signed_in(
    site: Site, cookies: dict[str, str]
) -> None:
    with site.client() as client:
        assert client.get("/content/gas/assets/valve.png").status_code == 401
    with site.client(cookies) as client:
        answer = client.get("/content/gas/assets/valve.png")
        assert (answer.status_code, answer.content) == (200, PNG)
        assert answer.headers["content-type"] == "image/png"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "private, no-cache"
        again = client.get(
            "/content/gas/assets/valve.png", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        named = client.get("/content/gas/assets/阀门 图.png")
        assert named.headers["content-disposition"] == (
            "inline; filename*=UTF-8''%E9%98%80%E9%97%A8%20%E5%9B%BE.png"
        )


def test_films_can_be_searched_and_documents_are_downloaded(
    site: Site, cookies: dict[str, str]
) -> None:
    with site.client(cookies) as client:
        part = client.get("/content/gas/assets/film.mp4", headers={"Range": "bytes=4-7"})
        assert (part.status_code, part.content) == (206, b"ftyp")
        assert part.headers["content-type"] == "video/mp4"
        document = client.get("/content/gas/assets/paper.pdf")
        assert document.headers["content-disposition"].startswith("attachment;")


def test_a_drawing_is_served_unless_it_is_a_program(site: Site, cookies: dict[str, str]) -> None:
    with site.client(cookies) as client:
        drawing = client.get("/content/gas/assets/drawing.svg")
        assert drawing.headers["content-type"].startswith("image/svg+xml")
        assert "default-src 'none'" in drawing.headers["content-security-policy"]
        assert client.get("/content/gas/assets/scripted.svg").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "gas/01-valves.md",
        "gas/assets/page.html",
        "gas/assets/picture.png",
        "gas/assets/link.png",
        "gas/assets",
        "gas/",
        "gas/assets/nothing.png",
        "other/assets/valve.png",
        "../gas/assets/valve.png",
    ],
)
def test_nothing_else(site: Site, cookies: dict[str, str], path: str) -> None:
    assert fetched(site, cookies, f"/content/{path}")[0] in (400, 404)


def fetched(site: Site, cookies: dict[str, str], path: str) -> tuple[int, bytes]:
    """Without the tidying that HTTP libraries do."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={cookies[COOKIE]}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_no_way_out_of_the_folder(site: Site, cookies: dict[str, str]) -> None:
    ways = [
        "..%2f..%2f..%2fsecret",
        "%2e%2e/%2e%2e/%2e%2e/secret",
        "....//....//secret",
        "..\\..\\..\\secret",
        "%00.png",
        "assets/valve.png%00.svg",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "assets/../../../../secret",
    ]
    corpora = ROOT / ".." / "shared" / "corpora" / "traversal"
    for file in sorted(corpora.glob("*.txt")) if corpora.is_dir() else ():
        lines = file.read_text("utf-8", "replace").splitlines()
        ways += [line for line in lines if line.isascii() and line.isprintable()][::25]
    secret = (site.data / "secret").read_bytes()
    for way in ways:
        path = "/content/gas/" + way.replace(" ", "%20")
        status, body = fetched(site, cookies, path)
        assert status in (301, 303, 400, 404), f"{path}: {status}"
        assert secret not in body and b"root:" not in body, path
