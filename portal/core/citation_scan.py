"""Reads article numbers the way people write them, from plain text, character by character.

``第三十三条``, ``第1254条``, ``第十二条至第十五条``, ``第十二、十三条``, ``第二十条第二款第三项``,
``第二百九十一条之二``, ``§33(2)``, and chains of these joined by 、 or 和.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from portal.core.numerals import read_number

_DASHES = frozenset("至到—–－-~～")
_JOINS = ("以及", "或者", "、", "，", ",", "和", "及", "与", "或")
_SPACES = " \u3000\t\n"
_LONGEST_RANGE = 60  # places written out one by one; of a longer range the two ends stand for it
_MOST_NUMBERS = 40  # in one group; more is not a citation


class Place(NamedTuple):
    """An article such as "33" or "291-2", with paragraph (款) and item (项) where given."""

    article: str
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One run of text that names one place or a range of places."""

    start: int
    end: int
    places: tuple[Place, ...]
    backwards: bool = False


class _Entry(NamedTuple):
    """One number of a group, and whether a dash stands before it."""

    value: int
    start: int
    end: int
    ranged: bool


class _Group(NamedTuple):
    unit: str  # 条, 款 or 项
    entries: list[_Entry]
    end: int


def read_references(text: str, position: int) -> list[Reference]:
    """The chain of references that starts at ``position``; empty when none does."""
    if text.startswith("§", position):
        return _section_signs(text, position)
    references: list[Reference] = []
    ranged = False
    start = position
    while True:
        group = _read_group(text, position, bare=ranged)
        if group is None or (group.unit != "条" and not references):
            break
        if group.unit == "条":
            new, end = _articles(text, group, start)
        else:
            new, end = _parts(text, group, references[-1].places[-1], start)
        if ranged:
            references[-1:] = [_through(references[-1], new[0]), *new[1:]]
        else:
            references += new
        joined = _read_join(text, end, dash=len(references[-1].places) == 1)
        if joined is None:
            break
        start = position = joined[0]
        ranged = joined[1]
    return references


def skip_spaces(text: str, position: int) -> int:
    """The first position from ``position`` on that is not white space."""
    while position < len(text) and text[position] in _SPACES:
        position += 1
    return position


# Private functions


def _read_group(text: str, position: int, bare: bool = False) -> _Group | None:
    """``第`` + numbers + 条/款/项 at ``position``; with ``bare``, 第 may be left out."""
    at = skip_spaces(text, position)
    if text.startswith("第", at):
        at += 1
    elif not bare:
        return None
    entries: list[_Entry] = []
    ranged = False
    while len(entries) < _MOST_NUMBERS:
        at = skip_spaces(text, at)
        begin = at
        bracket = at < len(text) and text[at] in "（("
        number = read_number(text, at + bracket)
        if number is None:
            return None
        value, at = number
        if bracket:
            if at >= len(text) or text[at] not in "）)":
                return None
            at += 1
        entries.append(_Entry(value, begin, at, ranged))
        at = skip_spaces(text, at)
        if at >= len(text):
            return None
        if text[at] in "条款项":
            return _Group(text[at], entries, at + 1)
        ranged = text[at] in _DASHES
        if not ranged and text[at] != "、":
            return None
        at = skip_spaces(text, at + 1)
        if text.startswith("第", at):
            at += 1
    return None


def _articles(text: str, group: _Group, start: int) -> tuple[list[Reference], int]:
    """References to the articles of ``group``, the last with the 款 and 项 that follow it."""
    end, last = _read_inserted(text, group.end, str(group.entries[-1].value))
    names = [str(entry.value) for entry in group.entries[:-1]] + [last]
    references: list[Reference] = []
    for entry, name in zip(group.entries, names, strict=True):
        begin = start if not references else entry.start
        new = Reference(begin, entry.end, (Place(name),))
        if entry.ranged and len(references[-1].places) == 1:
            references[-1] = _through(references[-1], new)
        else:
            references.append(new)
    final = references[-1]
    references[-1] = Reference(final.start, end, final.places, final.backwards)
    if len(final.places) > 1:
        return references, end
    part = _read_group(text, end)
    if part is None or part.unit == "条":
        return references, end
    deeper, end = _parts(text, part, final.places[0], final.start)
    return [*references[:-1], *deeper], end


def _parts(text: str, group: _Group, place: Place, start: int) -> tuple[list[Reference], int]:
    """References to the 款 or 项 of ``group``, within the article and 款 of ``place``."""
    end = group.end
    article = place.article
    values = _spread(group.entries)
    if group.unit == "项":
        places = [Place(article, place.paragraph, value) for value in values]
    else:
        places = [Place(article, value) for value in values]
        inner = _read_group(text, end)
        if inner is not None and inner.unit == "项":
            places[-1:] = [Place(article, values[-1], item) for item in _spread(inner.entries)]
            end = inner.end
    return [Reference(start, end, tuple(places))], end


def _spread(entries: list[_Entry]) -> list[int]:
    values: list[int] = []
    for entry in entries:
        if entry.ranged:
            values += _steps(values[-1], entry.value)
        values.append(entry.value)
    return values


def _read_inserted(text: str, position: int, article: str) -> tuple[int, str]:
    """``(end, article)`` after an optional 之二: ``291`` becomes ``291-2``."""
    at = skip_spaces(text, position)
    if text.startswith("之", at):
        number = read_number(text, skip_spaces(text, at + 1))
        if number is not None:
            return number[1], f"{article}-{number[0]}"
    return position, article


def _through(first: Reference, last: Reference) -> Reference:
    """One reference from ``first`` to ``last``, with every place between them."""
    a, b = first.places[-1], last.places[0]
    between, backwards = _between(a, b)
    places = (*first.places, *between, *last.places)
    return Reference(first.start, last.end, places, first.backwards or backwards)


def _between(a: Place, b: Place) -> tuple[list[Place], bool]:
    """Places strictly between two, and whether the second comes before the first."""
    if a.article == b.article:
        if a.item and b.item:
            items = _steps(a.item, b.item)
            return [Place(a.article, a.paragraph, item) for item in items], b.item < a.item
        if a.paragraph and b.paragraph:
            paragraphs = _steps(a.paragraph, b.paragraph)
            return [Place(a.article, each) for each in paragraphs], b.paragraph < a.paragraph
        return [], False
    (x, i), (y, j) = _numbers(a.article), _numbers(b.article)
    if x == y:  # 第一百二十条之一至第一百二十条之六
        return [Place(f"{x}-{each}") for each in _steps(i, j)], j < i
    return [Place(str(each)) for each in _steps(x, y)], y < x


def _steps(first: int, last: int) -> range:
    """Numbers strictly between; none when they are too many to write out."""
    return range(first + 1, last) if last - first <= _LONGEST_RANGE else range(0)


def _numbers(article: str) -> tuple[int, int]:
    number, _, inserted = article.partition("-")
    return int(number), int(inserted or 0)


def _read_join(text: str, position: int, dash: bool) -> tuple[int, bool] | None:
    """Where the next reference of the chain starts, and whether a dash (if allowed) leads to it."""
    at = skip_spaces(text, position)
    if dash and at < len(text) and text[at] in _DASHES:
        while at < len(text) and text[at] in _DASHES:
            at += 1
        at = skip_spaces(text, at)
        return (at, True) if _read_group(text, at, bare=True) else None
    join = next((join for join in _JOINS if text.startswith(join, at)), None)
    if join is None:
        return None
    at = skip_spaces(text, at + len(join))
    group = _read_group(text, at)
    # After a comma a sentence may go on with "第一项工作": only an article continues the chain.
    if group is None or (join in "，," and group.unit != "条"):
        return None
    return at, False


def _section_signs(text: str, position: int) -> list[Reference]:
    """``§33``, ``§291-2`` (an inserted article), ``§33(2)``: paragraph and item in brackets."""
    number = read_number(text, skip_spaces(text, position + 1))
    if number is None:
        return []
    value, end = number
    article = str(value)
    if end < len(text) and text[end] in "-之":
        inserted = read_number(text, end + 1)
        if inserted is not None:
            article, end = f"{value}-{inserted[0]}", inserted[1]
    levels: list[int] = []
    while len(levels) < 2 and end < len(text) and text[end] in "（(":
        level = read_number(text, end + 1)
        if level is None or level[1] >= len(text) or text[level[1]] not in "）)":
            break
        levels.append(level[0])
        end = level[1] + 1
    place = Place(article, *levels)
    return [Reference(position, end, (place,))]
