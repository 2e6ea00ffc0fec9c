"""An official text of a statute, read from Markdown with front matter.

Lines are read, nothing is rendered: a heading (``#``) opens a part, chapter or section; a paragraph
that begins with ``第…条`` (bold or not) and a space opens an article; other paragraphs belong to
the article that is open. What stands before the first article, or after a heading and before the
next article, belongs to none: it is counted and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.core.findings import Findings
from portal.core.front_fields import Key, iso_date, read_fields, text
from portal.core.front_matter import Front, read_front
from portal.core.numerals import read_number
from portal.core.problems import Problem
from portal.core.statutes import Statute

MAX_BYTES = 2 * 1024 * 1024
MAX_ARTICLES = 3000
MAX_ARTICLE_CHARS = 20_000
_MAX_LEVELS = 4
_LONGEST_HEADING = 100
_ITEM = re.compile(r"(?:[（(][一二三四五六七八九十百零〇\d]{1,5}[）)]|\d{1,3}[.．、])")
_SPACES = " \u3000\t"


@dataclass(frozen=True, slots=True)
class Article:
    """``number`` as in citations ("33", "291-2"); ``headings`` from part to section; ``body``
    paragraphs joined by line breaks."""

    number: str
    headings: tuple[str, ...]
    body: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class StatuteText:
    """``effective`` is an ISO date; ``outside`` counts the characters that belong to no article."""

    title: str
    effective: str
    source: str
    articles: tuple[Article, ...]
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of an article. ``number`` of the 款 (1…) where one begins, 0 for its 项 and tails."""

    number: int
    text: str


def parse_statute_text(source: str, path: str) -> tuple[StatuteText | None, list[Problem]]:
    """The text in ``source``; None when its front matter or numbering is not sound."""
    findings = Findings(path)
    if "\0" in source:
        findings.add(1, "S001")
        return None, findings.problems
    lines = source.lstrip("\ufeff").splitlines()
    front = read_front(lines, findings)
    if front is None:
        return None, findings.problems
    fields = read_fields(_known(front), _SPEC, findings)
    if findings.problems:
        return None, findings.problems
    articles, outside = _articles(lines, front.body_at, findings)
    _check_numbers(articles, findings)
    if findings.problems:
        return None, findings.problems
    found = StatuteText(
        fields["title"], fields["effective"], fields["source"][:500], tuple(articles), outside
    )
    return found, []


def differences(found: StatuteText, statute: Statute) -> list[tuple[str, str, str]]:
    """What the text and the register say differently: (what, in the text, in the register).

    ``what``: ``effective``, ``articles`` (the last number), ``inserted``, or ``missing`` (numbers
    that are left out and not registered as deleted).
    """
    numbers = [one.number for one in found.articles]
    last = max((int(number.partition("-")[0]) for number in numbers), default=0)
    inserted = {number for number in numbers if "-" in number}
    plain = {number for number in numbers if "-" not in number}
    missing = {str(n) for n in range(1, last + 1)} - plain
    pairs: list[tuple[str, str, str]] = []
    if found.effective != statute.effective:
        pairs.append(("effective", found.effective, statute.effective or "?"))
    if statute.articles and last != statute.articles:
        pairs.append(("articles", str(last), str(statute.articles)))
    if inserted != set(statute.inserted):
        ours, theirs = _only(inserted, statute.inserted), _only(statute.inserted, inserted)
        pairs.append(("inserted", ours or "–", theirs or "–"))
    if missing - statute.deleted:
        pairs.append(("missing", _only(missing, statute.deleted), "–"))
    return pairs


def paragraphs(body: str) -> list[Paragraph]:
    """The lines of an article: 款 numbered from 1, 项 (（一）…) without a number of their own."""
    found: list[Paragraph] = []
    number = 0
    for line in body.split("\n"):
        if _ITEM.match(line):
            found.append(Paragraph(0, line))
        else:
            number += 1
            found.append(Paragraph(number, line))
    return found


# Private functions

_SPEC = {
    "title": Key(text),
    "effective": Key(iso_date),
    "source": Key(text, ""),
}


def _known(front: Front) -> Front:
    """Only the keys that are read: official collections carry many more."""
    nodes = {key: node for key, node in front.nodes.items() if key in _SPEC}
    return Front(nodes, {key: front.lines[key] for key in nodes}, front.body_at)


def _articles(lines: Sequence[str], begin: int, findings: Findings) -> tuple[list[Article], int]:
    articles: list[Article] = []
    headings: list[tuple[int, str]] = []
    is_open = False
    outside = 0
    for at in range(begin, len(lines)):
        line = lines[at].strip(_SPACES)
        if not line:
            continue
        level = _level(line)
        if level:
            headings = [one for one in headings if one[0] < level]
            if level > 1:  # the first level is the statute's own title
                headings.append((level, " ".join(line[level:].split())[:_LONGEST_HEADING]))
            is_open = False
            continue
        opened = _opened(line)
        if opened is not None:
            shown = tuple(name for _, name in headings[-_MAX_LEVELS:])
            articles.append(Article(opened[0], shown, opened[1], at + 1))
            is_open = True
        elif is_open:
            last = articles[-1]
            articles[-1] = replace(last, body=f"{last.body}\n{line}".lstrip("\n"))
        else:
            outside += len(line)
        if len(articles) > MAX_ARTICLES:
            findings.add(at + 1, "S004", limit=MAX_ARTICLES)
            break
        if articles and len(articles[-1].body) > MAX_ARTICLE_CHARS:
            findings.add(at + 1, "S005", article=articles[-1].number, limit=MAX_ARTICLE_CHARS)
            break
    return articles, outside


def _level(line: str) -> int:
    """Of a heading 1 to 6, else 0."""
    level = len(line) - len(line.lstrip("#"))
    return level if level <= 6 and line[level : level + 1] in (" ", "\u3000") else 0


def _opened(line: str) -> tuple[str, str] | None:
    """``("291-2", rest)`` of a line that opens an article: ``**第二百九十一条之二**　…``."""
    bold = line.startswith("**")
    at = 2 if bold else 0
    if not line.startswith("第", at):
        return None
    number = read_number(line, at + 1)
    if number is None or not line.startswith("条", number[1]):
        return None
    name, end = str(number[0]), number[1] + 1
    if line.startswith("之", end):
        inserted = read_number(line, end + 1)
        if inserted is None:
            return None
        name, end = f"{name}-{inserted[0]}", inserted[1]
    if bold:
        if not line.startswith("**", end):
            return None
        end += 2
    rest = line[end:]
    if rest and rest[0] not in _SPACES:
        return None if not bold else (name, rest)
    return name, rest.strip(_SPACES)


def _check_numbers(articles: Sequence[Article], findings: Findings) -> None:
    """Articles ascend, inserted ones (-1, -2, …) right after their own number."""
    if not articles:
        findings.add(1, "S002")
    number = inserted = 0
    for one in articles:
        plain, _, extra = one.number.partition("-")
        here = int(plain), int(extra or 0)
        fits = here == (number, inserted + 1) if extra else here[0] > number
        if not fits:
            findings.add(one.line, "S003", article=one.number, before=f"{number}")
            return
        number, inserted = here


def _only(these: frozenset[str] | set[str], those: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(these - those)[:10])
