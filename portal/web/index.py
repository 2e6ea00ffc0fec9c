"""The portal's own index.html in place of Streamlit's.

It loads the same scripts and style sheet, read from the installed Streamlit, and brings what
Streamlit's lacks: the reader's language, a title, the portal's styles, words while it starts, and
(for Chinese) a script that translates Streamlit's own English words. It has no inline script, so
that the content security policy needs no exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import streamlit
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web import language, static_files
from portal.web.text import translate
from portal.web.zones import Zone, zone

_READING = ("GET", "HEAD")
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["static"] = static_files.url


class Index:
    """Answers every page's address; the rest is Streamlit's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        assets = read_assets(Path(streamlit.__file__).with_name("static") / "index.html")
        self._pages = {locale: _render(assets, locale) for locale in language.HTML_LANG}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _READING and _is_page(scope["path"]):
            html = self._pages[language.of(scope)]
            await HTMLResponse(html)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@dataclass(slots=True)
class Assets:
    """Addresses that Streamlit's index.html loads, in its order."""

    scripts: list[str] = field(default_factory=list)
    preloads: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)


def read_assets(index: Path) -> Assets:
    """What ``index`` loads. Raises RuntimeError when it is not as this portal expects."""
    reader = _Reader()
    reader.feed(index.read_text(encoding="utf-8"))
    found = reader.assets
    if len(found.scripts) != 1 or not found.styles:
        raise RuntimeError(f"{index}: one module script and a style sheet expected, got {found}")
    return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.assets = Assets()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = (given.get("src") or given.get("href") or "").removeprefix(".")
        if tag == "script" and given.get("type") == "module":
            self.assets.scripts.append(address)
        elif tag == "link" and given.get("rel") == "modulepreload":
            self.assets.preloads.append(address)
        elif tag == "link" and given.get("rel") == "stylesheet":
            self.assets.styles.append(address)


def _is_page(path: str) -> bool:
    return zone(path) is Zone.PAGE and (path == "/" or not path.endswith("/"))


def _render(assets: Assets, locale: str) -> str:
    return _templates.get_template("index.html").render(
        assets=assets,
        locale=locale,
        lang=language.HTML_LANG[locale],
        title=translate(locale, "app.name"),
        starting=translate(locale, "index.starting"),
        noscript=translate(locale, "index.noscript"),
    )
