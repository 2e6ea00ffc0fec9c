"""Nothing that an author writes becomes script, whatever it is, and nothing takes long.

Collections of attacks and of Markdown's own test cases lie outside the project (see
``tests/outside.py``); without them a small one of the same kinds is used here alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from portal.core.citation_tokens import check_tokens
from portal.core.markdown import Html, plain, render
from portal.core.markdown_parser import parse
from portal.core.statutes import Statute, StatuteRegistry
from tests import outside

FOLDERS = ("xss", "dompurify", "fuzzdb", "svg", "commonmark", "gfm", "markdown-it", "blns")
ADDRESSES = ("http:", "https:", "mailto:", "/", "#", "data-")
FIRE = Statute("中华人民共和国消防法", "消防法", "Fire Protection Law", (), "2021-04-29", 74, True)
REGISTRY = StatuteRegistry({"消防法": (FIRE,)})
OWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVa\tScRiPt:alert(1))",
    "[a]( javascript:alert(1))",
    "![a](javascript:alert(1))",
    '![a" onerror="alert(1)](x.png)',
    '[a](x "&quot; onclick=&quot;alert(1)")',
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    'https://a.cn/"onmouseover=alert(1)//',
    "```<img src=x onerror=alert(1)>\nx\n```",
    "> [!LAW] <svg onload=alert(1)>",
    "| <b onclick=x> |\n|---|\n| <i style=x> |",
    "# <a id=x onclick=y>",
    "[^<script>]: x\n\n[^<script>]",
    "$<script>alert(1)</script>$",
    "《消防法》第一条<script>alert(1)</script>",
    '《消防法"onclick=x》第一条',
    "a\x00b\u202ec\ufeffd\ud800".encode("utf-8", "replace").decode(),
)


class Watcher(HTMLParser):
    """Collects whatever could run or restyle the page."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "iframe", "object", "embed", "form", "input", "svg", "base"):
            self.wrong.append(tag)
        for name, value in attrs:
            relative = ":" not in (value or "").split("/")[0]
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "target"):
                self.wrong.append(f"{tag} {name}")
            address = (value or "").lower()
            if name in ("href", "src") and not (address.startswith(ADDRESSES) or relative):
                self.wrong.append(f"{tag} {name}={value}")


def texts_of(path: Path) -> Iterator[str]:
    """The file as a whole, and each of its lines, examples or payloads."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    yield raw[:200_000]
    if path.suffix != ".json":
        yield from raw.splitlines()
        return
    for entry in json.loads(raw):
        values = entry.values() if isinstance(entry, dict) else [entry]
        yield from (value for value in values if isinstance(value, str))


def assert_harmless(source: str) -> None:
    watcher = Watcher()
    start = time.process_time()
    for block in render(source, base="/content/c", statutes=REGISTRY, locale="en"):
        if isinstance(block, Html):
            watcher.feed(block.html)
    plain(source)
    check_tokens(parse(source), REGISTRY, "x.md")
    assert not watcher.wrong, (watcher.wrong, source)
    assert time.process_time() - start < 2, source[:200]


@pytest.mark.parametrize("source", OWN)
def test_own_collection_is_harmless(source: str) -> None:
    assert_harmless(source)
    assert_harmless(f"**《标准》**{source} $x$ 后文")


@pytest.mark.parametrize("folder", FOLDERS)
def test_collected_attacks_are_harmless(folder: str) -> None:
    files = sorted(path for path in outside.hostile(folder).rglob("*") if path.is_file())
    assert files
    for path in files:
        for source in texts_of(path):
            assert_harmless(source)
