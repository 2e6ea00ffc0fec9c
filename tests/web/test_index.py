"""The portal's own index.html."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit

from portal.web import static_files
from portal.web.index import Index, read_assets
from portal.web.zones import Zone, zone
from tests.web.site import Site

STREAMLIT = Path(streamlit.__file__).with_name("static")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.inline += data.strip()


def index(site: Site, login: str) -> str:
    with site.client(site.cookies(login)) as client:
        return client.get("/course?id=x").text


def test_it_loads_what_streamlit_loads_and_nothing_inline(site: Site) -> None:
    site.add_person("ix1")
    page = Tags(index(site, "ix1"))
    assert page.inline == ""
    addresses = [a.get("src") or a.get("href") or "" for _, a in page.tags if a]
    theirs = [address for address in addresses if address.startswith("/static/")]
    assert len(theirs) > 10
    assert all((STREAMLIT / address.removeprefix("/")).is_file() for address in theirs)
    assert not [address for address in addresses if "//" in address], "nothing from elsewhere"
    for name in ("portal.css", "starting.css", "icon.svg"):
        assert any(a.startswith(f"/account/static/{name}?v=") for a in addresses), name


def test_it_speaks_the_persons_language(site: Site) -> None:
    from portal.actions import people

    site.add_person("ix2")
    page = index(site, "ix2")
    assert '<html lang="zh-CN">' in page and "interface.js" in page and "<title>治理学堂" in page
    assert "english.css" not in page
    people.choose_locale(site.portal, site.person("ix2"), "en")
    page = index(site, "ix2")
    assert '<html lang="en">' in page and "interface.js" not in page
    assert "english.css" in page, "quotation marks and dots of a Latin font"


def test_the_portals_files_are_open_kept_long_and_renewed_by_content(site: Site) -> None:
    with site.client() as client:
        for file in static_files.FOLDER.iterdir():
            answer = client.get(static_files.url(file.name))
            assert answer.status_code == 200, file.name
            assert "immutable" in answer.headers["cache-control"]
            assert client.get(f"/account/static/{file.name}").headers["cache-control"] == (
                "public, max-age=300"
            )
        again = client.get(
            static_files.url("accounts.css"), headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code in (200, 304)


def test_streamlits_own_routes_are_never_taken_for_pages(site: Site) -> None:
    import json

    for path in json.loads((site.data / "routes.json").read_text()):
        if path not in ("", "/account", "/content", "/download"):  # folders of ours, not files
            assert zone(path) is not Zone.PAGE, path


def test_an_index_that_streamlit_has_changed_is_noticed(tmp_path: Path) -> None:
    changed = tmp_path / "index.html"
    changed.write_text("<html><head></head></html>")
    with pytest.raises(RuntimeError, match="one module script and a style sheet expected"):
        read_assets(changed)
    Index(lambda *_: None)  # type: ignore[arg-type,return-value]  # the installed one is as expected


def test_words_of_the_translating_script_are_streamlits_words() -> None:
    """A word that Streamlit no longer has would be translated in vain: keep the list short."""
    import re

    script = (static_files.FOLDER / "interface.js").read_text(encoding="utf-8")
    table = script[script.index("const WORDS") : script.index("const PATTERNS")]
    words = re.findall(r'^    "([^"]+)":', table, re.MULTILINE)
    code = "".join(
        file.read_text(encoding="utf-8") for file in (STREAMLIT / "static" / "js").glob("*.js")
    )
    assert len(words) > 80
    assert [word for word in words if word not in code] == []
