"""The registry of statutes that courses may cite.

It holds facts alone: names, dates, how many articles, what took its place. No sentence of a
statute is kept here.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.core.problems import Problem

_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Statute:
    """One version of one statute. ``articles`` is the number of the last article, 0 if unknown.

    ``inserted`` lists articles added between numbers ("291-1", "291-2"), ``deleted`` numbers that
    stand empty.
    """

    title: str
    short: str
    english: str
    aliases: tuple[str, ...]
    effective: str  # ISO date; "" where unknown (only of repealed statutes)
    articles: int
    in_force: bool
    inserted: frozenset[str] = frozenset()
    replaced_by: str = ""  # short title of the statute that took its place
    source: str = ""
    version: str = ""  # year of adoption or last amendment, as in 《…法》（2012年修正）
    deleted: frozenset[str] = frozenset()

    def has_article(self, article: str) -> bool:
        """Whether ``article`` ("33", "291-2") stands in this version; True where unknown."""
        if article in self.deleted:
            return False
        if "-" in article:
            return article in self.inserted or not self.articles
        return not self.articles or 1 <= int(article) <= self.articles


@dataclass(frozen=True, slots=True)
class StatuteRegistry:
    """``by_name`` maps every title, short title and alias to its versions, in force first."""

    by_name: Mapping[str, tuple[Statute, ...]] = field(default_factory=dict)
    longest_name: int = field(init=False, default=0)  # characters; bounds the look for bare names

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest_name", max(map(len, self.by_name), default=0))

    def versions(self, name: str) -> tuple[Statute, ...]:
        """Versions of the statute that people call ``name``; empty when it is not registered.

        Brackets, spaces and the state's name make no difference.
        """
        found = self.by_name.get(name)
        return found if found is not None else self.by_name.get(plain_name(name), ())


def plain_name(name: str) -> str:
    """``name`` without 《》, spaces and 中华人民共和国."""
    kept = "".join(character for character in name if character not in "《》〈〉<> \u3000\n\t")
    return kept.replace(_STATE, "")


def parse_statutes(text: str, path: str) -> tuple[StatuteRegistry | None, list[Problem]]:
    """The registry that ``statutes.toml`` holds; None when the file can not be read at all.

    A bad entry is left out and reported; the others are served.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Problem(path, _line_in(str(error), text), "L101", {"reason": str(error)})]
    entries = document.get("statute")
    if not isinstance(entries, list) or not entries:
        return None, [Problem(path, 1, "L102", {"key": "[[statute]]", "entry": "–", "value": "–"})]
    problems: list[Problem] = []
    lines = _entry_lines(text, len(entries))
    kept: list[tuple[Statute, int]] = []
    for entry, line in zip(entries, lines, strict=True):
        statute = _statute(entry, path, line, problems)
        if statute is not None:
            kept.append((statute, line))
    registry = _register(kept, path, problems)
    _check_successors(kept, registry, path, problems)
    return registry, problems


# Private functions

_TEXTS = ("title", "short", "english", "source", "replaced_by", "version")
_LISTS = ("aliases", "inserted", "deleted")
_KEYS = frozenset((*_TEXTS, *_LISTS, "effective", "articles", "in_force"))


def _statute(entry: object, path: str, line: int, problems: list[Problem]) -> Statute | None:
    """One entry as a statute; None, with the reasons in ``problems``, when a field is wrong."""
    fields = entry if isinstance(entry, dict) else {}
    name = str(fields.get("short") or fields.get("title") or "?")
    wrong = [key for key in _KEYS if not _fits(key, fields)]
    problems += [
        Problem(
            path, line, "L102", {"key": key, "entry": name, "value": repr(fields.get(key, "–"))}
        )
        for key in sorted(wrong)
    ]
    problems += [
        Problem(path, line, "L103", {"key": str(key), "entry": name})
        for key in fields
        if key not in _KEYS
    ]
    return None if wrong else _build(fields)


def _fits(key: str, fields: Mapping[str, Any]) -> bool:
    """Whether ``fields[key]`` is there where it must be, and of the right shape."""
    value = fields.get(key)
    if key == "in_force":
        return isinstance(value, bool)
    repealed = fields.get("in_force") is False
    if key == "effective":
        return _is_date(value) or (repealed and value is None)
    if key == "articles":
        if value is None:
            return repealed
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if key in _LISTS:
        numbered = key != "aliases"
        return value is None or (
            isinstance(value, list) and all(_is_entry(item, numbered) for item in value)
        )
    if key in ("title", "short", "english"):
        return isinstance(value, str) and bool(value.strip())
    return value is None or isinstance(value, str)


def _is_entry(item: object, numbered: bool) -> bool:
    """A name, or an article such as "199" or "291-1"."""
    if not isinstance(item, str) or not item.strip():
        return False
    return not numbered or all(part.isdecimal() for part in item.split("-"))


def _is_date(value: object) -> bool:
    if isinstance(value, datetime.date):
        return True
    try:
        datetime.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def _build(fields: Mapping[str, Any]) -> Statute:
    effective = fields.get("effective")
    return Statute(
        title=fields["title"],
        short=fields["short"],
        english=fields["english"],
        aliases=tuple(fields.get("aliases", ())),
        effective=str(effective) if effective is not None else "",
        articles=fields.get("articles", 0),
        in_force=fields["in_force"],
        inserted=frozenset(fields.get("inserted", ())),
        replaced_by=fields.get("replaced_by", ""),
        source=fields.get("source", ""),
        version=fields.get("version", ""),
        deleted=frozenset(fields.get("deleted", ())),
    )


def _register(
    kept: list[tuple[Statute, int]], path: str, problems: list[Problem]
) -> StatuteRegistry:
    """Names to versions; the second of two claims on one name in force is a problem."""
    by_name: dict[str, list[Statute]] = {}
    for statute, line in sorted(kept, key=lambda pair: (not pair[0].in_force, pair[1])):
        for name in dict.fromkeys(_names(statute)):
            versions = by_name.setdefault(name, [])
            rival = next((other for other in versions if _clash(statute, other)), None)
            if rival is None:
                versions.append(statute)
            else:
                problems.append(Problem(path, line, "L104", {"name": name, "entry": rival.short}))
    return StatuteRegistry({name: tuple(versions) for name, versions in by_name.items()})


def _names(statute: Statute) -> list[str]:
    names = [statute.title, statute.short, *statute.aliases]
    return [*names, *(plain_name(name) for name in names)]


def _clash(statute: Statute, other: Statute) -> bool:
    """Whether one name can not stand for both: two in force, two statutes, or one version twice."""
    return (
        (statute.in_force and other.in_force)
        or statute.title != other.title
        or (statute.version, statute.effective) == (other.version, other.effective)
    )


def _check_successors(
    kept: list[tuple[Statute, int]], registry: StatuteRegistry, path: str, problems: list[Problem]
) -> None:
    for statute, line in kept:
        successor = statute.replaced_by
        if successor and not any(version.in_force for version in registry.versions(successor)):
            arguments = {"entry": statute.short, "name": successor}
            problems.append(Problem(path, line, "L105", arguments))


def _entry_lines(text: str, count: int) -> list[int]:
    """Line of each ``[[statute]]`` header; 1 where the entries are written another way."""
    lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.replace(" ", "").startswith("[[statute]]")
    ]
    return lines if len(lines) == count else [1] * count


def _line_in(message: str, text: str) -> int:
    """The line that tomllib's message names: "(at line 3, column 1)" or "(at end of document)"."""
    digits = message.partition("line ")[2].partition(",")[0]
    return int(digits) if digits.isdecimal() else max(1, len(text.splitlines()))
