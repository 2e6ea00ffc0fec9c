"""The interface keeps to the words of the glossary, and to clean punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.web.text import messages

GLOSSARY = Path(__file__).parents[2] / "portal" / "docs" / "glossary.md"
HAN = "\u4e00-\u9fff"
LETTERS = ("letter.",)  # greet formally
TYPED = ("audit.head", "audit.kept_form")  # tell what to type, with its colon


def forbidden() -> list[str]:
    """What the glossary's last column rules out."""
    rows = [
        line.split("|")[1:-1] for line in GLOSSARY.read_text("utf-8").splitlines() if "|" in line
    ]
    words = [re.split("[、；,;]", row[3]) for row in rows[2:]]
    return [word.strip() for group in words for word in group if word.strip()]


def said(locale: str) -> Iterator[tuple[str, str]]:
    """Every message with a digit for what is filled in."""
    for key, words in messages(locale).items():
        yield key, re.sub(r"\{\w+\}", "0", words)


def test_the_glossary_names_its_words_once_and_rules_some_out() -> None:
    terms = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    chinese = [zh for zh, _ in terms]
    assert len(terms) > 40
    assert len(set(chinese)) == len(chinese)
    assert len(forbidden()) > 10


@pytest.mark.parametrize("word", forbidden())
def test_no_message_uses_a_word_that_the_glossary_rules_out(word: str) -> None:
    han = bool(re.search(f"[{HAN}]", word))
    pattern = re.escape(word) if han else rf"\b{re.escape(word)}s?\b"
    found = [
        key
        for key, words in said("zh" if han else "en")
        if re.search(pattern, words, re.IGNORECASE) and not key.startswith(LETTERS)
    ]
    assert not found, f"{word}: see portal/docs/glossary.md"


def test_chinese_is_set_with_chinese_punctuation() -> None:
    half = re.compile(
        f"[{HAN}”）][,;:!?]|[,;:!?][{HAN}“（]|[{HAN}]\\.(?:$|[{HAN}])|[{HAN}]\\(|\\)[{HAN}]"
    )
    found = {key: words for key, words in said("zh") if half.search(words) and key not in TYPED}
    assert not found


def test_english_has_straight_spacing() -> None:
    found = {
        key: words
        for key, words in said("en")
        if re.search(r"[^ \n]  +(?!\n)[^ \n]| [,;!?]|\.\.\.", words)
        or "，" in words
        or "。" in words
    }
    assert not found
