"""Cutting text and queries into the tokens that the search index stores.

A run of Chinese characters becomes overlapping pairs and its last character alone: 人民调解 is
stored as ``人民 民调 调解 解``. A word of two characters is then one token, a longer one a
phrase of consecutive pairs, and a single character the beginning of a token. Everything else is
left to FTS5's own tokenizer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from portal.core.folding import is_han

MAX_TERMS = 12
_PREFIX_FROM = 3  # letters of an English word before it may be a beginning


def normal(text: str) -> str:
    """NFKC and lower case: what is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def spaced(text: str) -> str:
    """``text`` with Chinese runs replaced by their pairs, ready for a word tokenizer."""
    return " ".join(
        " ".join(_pairs(run)) if is_chinese else run for run, is_chinese in _runs(normal(text))
    )


def terms(query: str) -> list[str]:
    """The words of a query, each once: Chinese runs, and runs of other letters and digits."""
    found: dict[str, None] = {}
    for run, is_chinese in _runs(normal(query)):
        for word in [run] if is_chinese else _words(run):
            found.setdefault(word)
    return list(found)[:MAX_TERMS]


def expression(words: list[str]) -> str:
    """An FTS5 expression that asks for all ``words``.

    Words hold letters and digits only and are quoted, so nothing in a query is ever read as
    syntax.
    """
    return " AND ".join(_term(word) for word in words)


def looser(words: list[str]) -> str:
    """An FTS5 expression that asks for any pair or word: for sentences that nobody wrote so."""
    parts: dict[str, None] = {}
    for word in words:
        if is_han(word[0]):
            for pair in _pairs(word)[: -1 if len(word) > 1 else None]:
                parts.setdefault(_term(pair))
        else:
            parts.setdefault(_term(word))
    return " OR ".join(list(parts)[: 4 * MAX_TERMS])


# Private functions


def _term(word: str) -> str:
    if is_han(word[0]):
        if len(word) == 1:
            return f'"{word}" *'
        return '"' + " ".join(_pairs(word)[:-1]) + '"'
    return f'"{word}" *' if len(word) >= _PREFIX_FROM else f'"{word}"'


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def _words(run: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in run).split()


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of Chinese characters (True) and of anything else (False), in order."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or is_han(text[at]) != is_han(text[begin]):
            yield text[begin:at], is_han(text[begin])
            begin = at
