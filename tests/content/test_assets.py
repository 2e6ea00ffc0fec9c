"""Only harmless files of the course itself leave the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content.assets import ENDINGS, MAX_BYTES, find_asset
from portal.content.library import Library
from portal.content.svg import is_harmless_svg
from tests import outside
from tests.content.small import make, put

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
HEADS = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff\xe0",
    ".jpeg": b"\xff\xd8\xff\xe1",
    ".gif": b"GIF89a",
    ".webp": b"RIFF\0\0\0\0WEBPVP8 ",
    ".svg": SVG.format("<rect width='3' height='3'/>").encode(),
    ".mp4": b"\0\0\0\x18ftypmp42",
    ".webm": b"\x1a\x45\xdf\xa3",
    ".mp3": b"ID3\x04",
    ".pdf": b"%PDF-1.7",
}
PNG = HEADS[".png"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_allowed_types(tmp_path: Path, ending: str) -> None:
    root = make(tmp_path)
    put(root, f"courses/one/assets/图 1{ending}", HEADS[ending])
    put(root, f"courses/one/assets/fake{ending}", b"<html><script>alert(1)</script>")
    found = Library(root).asset("one", f"assets/图 1{ending}")
    assert found is not None and found.read_bytes() == HEADS[ending]
    assert find_asset(root, "one", f"assets/fake{ending}") is None


@pytest.mark.parametrize(
    "path",
    [
        "course.md",
        "assets/page.html",
        "assets/data.csv",
        "assets",
        "",
        "assets/none.png",
        "../two/assets/a.png",
        "assets/../../two/assets/a.png",
        "assets/..%2fa.png",
        "/etc/passwd",
        "assets//a.png",
        "assets/.hidden.png",
        "assets/a.png\0.svg",
        "assets\\a.png",
        "C:/a.png",
        "assets/" + "a" * 3000 + ".png",
        "assets/a.png/",
        "./assets/a.png",
    ],
)
def test_everything_else_is_refused(tmp_path: Path, path: str) -> None:
    root = make(tmp_path)
    for name in ("one", "two"):
        put(root, f"courses/{name}/assets/a.png", PNG)
    put(root, "courses/one/assets/page.html", b"<html>")
    put(root, "courses/one/assets/.hidden.png", PNG)
    assert find_asset(root, "one", "assets/a.png") is not None
    assert find_asset(root, "one", path) is None


@pytest.mark.parametrize(
    "course", ["", ".", "..", "one/..", "one/assets", "none", "one\0", "%6fne"]
)
def test_the_course_is_one_step(tmp_path: Path, course: str) -> None:
    root = make(tmp_path)
    put(root, "courses/a.png", PNG)
    put(root, "courses/one/assets/a.png", PNG)
    assert find_asset(root, course, "a.png") is None
    assert find_asset(root, course, "assets/a.png") is None


def test_links_are_followed_only_inside_the_course(tmp_path: Path) -> None:
    root = make(tmp_path / "root")
    put(root, "courses/one/assets/a.png", PNG)
    put(root, "courses/two/assets/b.png", PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    assets = root / "courses/one/assets"
    (assets / "inside.png").symlink_to(assets / "a.png")
    (assets / "outside.png").symlink_to(tmp_path / "secret.png")
    (assets / "other.png").symlink_to(root / "courses/two/assets/b.png")
    (assets / "loop.png").symlink_to(assets / "loop.png")
    (root / "courses/three").symlink_to(tmp_path)
    assert find_asset(root, "one", "assets/inside.png") == (assets / "a.png").resolve()
    for name in ("outside", "other", "loop"):
        assert find_asset(root, "one", f"assets/{name}.png") is None
    assert find_asset(root, "three", "secret.png") is None


def test_too_large(tmp_path: Path) -> None:
    root = make(tmp_path)
    file = root / "courses/one/big.mp4"
    with file.open("wb") as stream:
        stream.write(HEADS[".mp4"])
        stream.truncate(MAX_BYTES + 1)
    assert find_asset(root, "one", "big.mp4") is None


HARMLESS = [
    "<path d='M0 0L9 9' fill='#fff'/>",
    "<defs><linearGradient id='g'><stop offset='1'/></linearGradient></defs><rect fill='url(#g)'/>",
    "<use href='#a'/><style>.a{fill:red}</style><title>图</title>",
    "<metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>",
    "<g xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' inkscape:label='层 1'/>",
]
HARMFUL = [
    "<script>alert(1)</script>",
    "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
    "<rect onload='alert(1)'/>",
    "<rect ONCLICK='alert(1)'/>",
    "<a href='javascript:alert(1)'><text>x</text></a>",
    "<use href='https://example.org/a.svg#x'/>",
    "<use xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='other.svg#x'/>",
    "<image href='data:image/svg+xml;base64,AAAA'/>",
    "<animate attributeName='href' to='javascript:alert(1)'/>",
    "<set attributeName='onmouseover' to='alert(1)'/>",
    "<style>@import 'https://example.org/a.css';</style>",
    "<style>rect{fill:url(https://example.org/a)}</style>",
    "<style>rect{fill:u\\72l(https://example.org/a)}</style>",
    "<rect style='fill:url( \"https://example.org\" )'/>",
    "<rect filter='url(other.svg#x)'/>",
    "<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
    "<iframe src='https://example.org'/>",
    "<handler xmlns='http://www.w3.org/2001/xml-events'/>",
    "<g>" * 500 + "</g>" * 500,
]


@pytest.mark.parametrize("inside", HARMLESS)
def test_harmless_svg(inside: str) -> None:
    assert is_harmless_svg(SVG.format(inside).encode())


@pytest.mark.parametrize("inside", HARMFUL)
def test_harmful_svg(inside: str) -> None:
    assert not is_harmless_svg(SVG.format(inside).encode())


@pytest.mark.parametrize(
    "whole",
    [
        b"",
        b"<svg/>",
        b"<html/>",
        SVG.format("")[:-3].encode(),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;").encode(),
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("&a;").encode(),
        b'<?xml-stylesheet href="https://example.org/a.css"?>' + SVG.format("").encode(),
        SVG.format("<rect/>").encode("utf-16"),
    ],
)
def test_svg_documents(whole: bytes) -> None:
    bare = SVG.format("<rect/>").encode()
    public = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">' + bare
    assert is_harmless_svg(public), "what drawing programs write"
    assert whole.startswith(b"\xff\xfe") or not is_harmless_svg(whole)


def test_collected_attacks_by_svg() -> None:
    files = list(outside.hostile("svg").glob("*.svg"))
    assert files
    for file in files:
        assert not is_harmless_svg(file.read_bytes()), file.name


def test_collected_traversals(tmp_path: Path) -> None:
    files = list(outside.hostile("traversal").glob("*.txt"))
    assert files
    root = make(tmp_path)
    for file in files:
        for line in file.read_text("utf-8", "replace").splitlines()[:3000]:
            assert find_asset(root, "one", line) is None
            assert find_asset(root, line, "a.png") is None
