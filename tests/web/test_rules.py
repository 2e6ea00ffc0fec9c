"""Rules of the web layer that a reviewer would otherwise have to remember."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.web.text import LOCALES, messages, translate

PORTAL = Path(__file__).parents[2] / "portal"
SOURCES = sorted(PORTAL.rglob("*.py"))
TEMPLATES = sorted(PORTAL.rglob("*.html"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in ``path`` with its dotted name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PORTAL)))
def test_no_source_uses_what_is_banned(path: Path) -> None:
    for name, call in calls(path):
        keywords = {keyword.arg for keyword in call.keywords}
        assert "unsafe_allow_html" not in keywords, f"{path}:{call.lineno}"
        assert "unsafe_allow_javascript" not in keywords, f"{path}:{call.lineno}"
        assert name not in {"eval", "exec", "pickle.loads", "pickle.load", "yaml.load"}, (
            f"{path}:{call.lineno}: {name}"
        )
        if name == "st.html":
            assert path.name == "render.py", f"{path}:{call.lineno}: only web/render.py shows HTML"


def test_one_module_keeps_the_state_of_a_page_and_one_the_cache() -> None:
    for path in SOURCES:
        found = names(path)
        if path != PORTAL / "web" / "session.py":
            assert "st.session_state" not in found, path
        assert not found & {"st.cache_data", "st.cache_resource"}, path


def keys_in_code() -> Iterator[tuple[Path, str]]:
    for path in SOURCES:
        for name, call in calls(path):
            if not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            if name in {"t", "session.t", "Refused", "NotAllowed"} and isinstance(
                call.args[0].value, str
            ):
                yield path, call.args[0].value
            if name.endswith("translate") and len(call.args) > 1:
                key = call.args[1]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield path, key.value


def test_every_word_that_code_names_exists() -> None:
    missing = {(p.name, key) for p, key in keys_in_code() if key not in messages("zh")}
    assert not missing


def test_both_languages_are_complete_and_alike() -> None:
    chinese, english = (messages(locale) for locale in LOCALES)
    assert set(chinese) == set(english)
    for key in chinese:
        assert placeholders(chinese[key]) == placeholders(english[key]), key
        assert chinese[key].strip() and english[key].strip(), key


def test_chinese_words_are_chinese_and_english_words_are_not() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    wrong = [key for key, message in messages("en").items() if han.search(message)]
    assert not wrong


def test_an_unknown_key_is_shown_and_does_not_raise() -> None:
    assert translate("zh", "no.such.key") == "no.such.key"


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_no_page_needs_the_internet() -> None:
    allowed = ("http://www.w3.org/", "http://localhost", "http://127.0.0.1")
    for path in [*TEMPLATES, *(PORTAL / "web" / "static").glob("*")]:
        if path.suffix in {".css", ".js", ".html", ".svg"}:
            for url in re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")):
                assert url.startswith(allowed), f"{path}: {url}"
