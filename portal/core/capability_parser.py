"""``capabilities.toml``: the capabilities, their levels, and the posts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.capabilities import Bilingual, Capability, CapabilityModel, Post
from portal.core.findings import Findings
from portal.core.problems import Problem

_LEVELS = 5


def parse_capabilities(text: str, path: str) -> tuple[CapabilityModel | None, list[Problem]]:
    """The model in ``text``; None when it is no TOML. Bad entries are left out and noted."""
    findings = Findings(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, detail = _place(str(error))
        findings.add(line, "K001", detail=detail)
        return None, findings.problems
    lines = text.splitlines()
    capabilities = [
        made
        for entry in _entries(data, "capability")
        if (made := _capability(entry, lines, findings)) is not None
    ]
    keys = _each_once(capabilities, "capability", lines, findings)
    posts = [
        post
        for entry in _entries(data, "post")
        if (post := _post(entry, keys, lines, findings)) is not None
    ]
    _each_once(posts, "post", lines, findings)
    return CapabilityModel(tuple(capabilities), tuple(posts)), findings.problems


# Private functions


def _place(message: str) -> tuple[int, str]:
    """Line and words of a TOML error, ``… (at line 3, column 5)``."""
    words, _, place = message.rpartition(" (at ")
    number = place.removeprefix("line ").partition(",")[0]
    return (int(number), words) if number.isdigit() else (1, message)


def _entries(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = data.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _line_of(key: str, header: str, lines: Sequence[str]) -> int:
    """The line of ``key = "…"`` below a ``[[header]]``; 1 when it cannot be found."""
    inside = False
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if bare.startswith("["):
            inside = bare.startswith(f"[[{header}]]")
        elif inside and bare.replace(" ", "").startswith((f'key="{key}"', f"key='{key}'")):
            return number
    return 1


def _text(
    entry: Mapping[str, Any], key: str, name: str, line: int, findings: Findings
) -> str | None:
    value = entry.get(key)
    if isinstance(value, str) and value.strip():
        return value
    findings.add(line, "K002", entry=name, key=key)
    return None


def _names(
    entry: Mapping[str, Any], header: str, lines: Sequence[str], findings: Findings
) -> tuple[str, Bilingual, int] | None:
    key = str(entry.get("key", ""))
    line = _line_of(key, header, lines)
    if _text(entry, "key", header, line, findings) is None:
        return None
    zh = _text(entry, "zh", key, line, findings)
    en = _text(entry, "en", key, line, findings)
    return None if zh is None or en is None else (key, Bilingual(zh, en), line)


def _capability(
    entry: Mapping[str, Any], lines: Sequence[str], findings: Findings
) -> Capability | None:
    names = _names(entry, "capability", lines, findings)
    if names is None:
        return None
    key, name, line = names
    colour = entry.get("colour")
    if not (isinstance(colour, str) and _is_colour(colour)):
        findings.add(line, "K002", entry=key, key="colour")
        return None
    levels = _entries(entry, "level")
    if [level.get("n") for level in levels] != list(range(1, _LEVELS + 1)):
        findings.add(line, "K004", entry=key)
        return None
    words = []
    for level in levels:
        zh = _text(level, "zh", key, line, findings)
        en = _text(level, "en", key, line, findings)
        if zh is None or en is None:
            return None
        words.append(Bilingual(zh, en))
    return Capability(key, name, colour, tuple(words))


def _post(
    entry: Mapping[str, Any], known: frozenset[str], lines: Sequence[str], findings: Findings
) -> Post | None:
    names = _names(entry, "post", lines, findings)
    if names is None:
        return None
    key, name, line = names
    needs = entry.get("needs", {})
    if not isinstance(needs, dict):
        findings.add(line, "K002", entry=key, key="needs")
        return None
    for capability, level in needs.items():
        whole = isinstance(level, int) and not isinstance(level, bool)
        if capability not in known or not whole or not 1 <= level <= _LEVELS:
            findings.add(line, "K005", entry=key, key=capability)
            return None
    return Post(key, name, dict(needs))


def _each_once(
    entries: Sequence[Capability] | Sequence[Post],
    header: str,
    lines: Sequence[str],
    findings: Findings,
) -> frozenset[str]:
    seen: set[str] = set()
    for entry in entries:
        if entry.key in seen:
            findings.add(_line_of(entry.key, header, lines), "K003", key=entry.key)
        seen.add(entry.key)
    return frozenset(seen)


def _is_colour(text: str) -> bool:
    return (
        len(text) == 7
        and text[0] == "#"
        and all(char in "0123456789abcdefABCDEF" for char in text[1:])
    )
