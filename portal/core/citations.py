"""Citations of statutes in text: found, resolved, checked.

A citation is a statute's name and article numbers, written as people write them. The scanner
works on the text of Markdown tokens, never on raw Markdown, so that code is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.citation_names import bare_name, closing_bracket, to_articles, version_meant
from portal.core.citation_scan import Place, Reference, read_references, skip_spaces
from portal.core.numerals import chinese_numeral
from portal.core.problems import Problem
from portal.core.questions import Citation
from portal.core.statutes import Statute, StatuteRegistry, plain_name

# "the same law": the one named last
_SAME = tuple(
    who + what
    for who in ("同", "该", "本")
    for what in ("法典", "法", "条例", "办法", "规定", "决定", "解释")
)


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """Characters ``start`` to ``end`` of a text name places in a statute.

    ``name`` is as written, without brackets; ``law`` the registered short title, or the name when
    ``statute`` is None because nobody registered it ("" for a 同法 that no law was named before).
    ``citations`` has one entry a place: none where the statute is named alone, several for a
    range. ``historic`` means that the text itself says the law is no longer in force.
    """

    start: int
    end: int
    name: str
    law: str
    statute: Statute | None
    citations: tuple[Citation, ...] = ()
    backwards: bool = False
    historic: bool = False

    @property
    def article(self) -> str:
        """The first article, "" where the statute is named alone."""
        return self.citations[0].article if self.citations else ""


def find_citations(text: str, registry: StatuteRegistry, named: str = "") -> list[FoundCitation]:
    """Citations in ``text`` from left to right, without overlaps.

    ``named`` is the law that the text before this one named last: what 同法 then means.
    """
    if not any(sign in text for sign in "第《§"):
        return []
    found: list[FoundCitation] = []
    position = 0
    while position < len(text):
        new: list[FoundCitation] = []
        character = text[position]
        if character == "《":
            new = _named(text, position, registry)
        elif character in "第§":
            new = _unbracketed(text, position, registry, named)
        if not new:
            position += 1
            continue
        found += new
        position = new[-1].end
        named = new[-1].law or named
    return found


def parse_chip(text: str) -> Citation | None:
    """The article that a chip names: ``依据:人民调解法§33``, ``law:人民调解法§33(2)``.

    The key may be left out. The law is as written there; None when the text is no such chip.
    """
    key, colon, value = text.strip().replace("：", ":", 1).partition(":")
    if not colon:
        value = key
    elif key.strip().lower() not in ("依据", "law"):
        return None
    for position, character in enumerate(value):
        if character not in "§第":
            continue
        references = read_references(value, position)
        name = plain_name(value[:position])
        whole = references and skip_spaces(value, references[-1].end) == len(value)
        if name and whole and len(references) == 1 and len(references[0].places) == 1:
            return _citation(name, references[0].places[0])
        return None
    return None


def check_citation(
    citation: Citation, registry: StatuteRegistry, path: str, line: int
) -> list[Problem]:
    """What is wrong with one article that a chip cites."""
    versions = registry.versions(citation.law)
    statute = versions[0] if versions else None
    law = statute.short if statute else citation.law
    return check_found(FoundCitation(0, 0, citation.law, law, statute, (citation,)), path, line)


def check_found(found: FoundCitation, path: str, line: int) -> list[Problem]:
    """What is wrong with a citation in a text: unknown, not in force, no such article."""
    statute = found.statute
    if statute is None:
        code = "L001" if found.law else "L007"
        return [Problem(path, line, code, {"law": found.name})] if found.citations else []
    if not statute.in_force and not found.historic:
        arguments = {"law": statute.short, **_successor(statute)}
        return [Problem(path, line, "L002" if found.citations else "L006", arguments)]
    if found.backwards:
        ends = {"first": found.citations[0].article, "last": found.citations[-1].article}
        return [Problem(path, line, "L005", {"law": statute.short, **_labels(ends)})]
    missing = dict.fromkeys(
        citation.article
        for citation in found.citations
        if not statute.has_article(citation.article)
    )
    return [_missing(statute, article, path, line) for article in list(missing)[:1]]


def article_label(article: str, locale: str) -> str:
    """``"291-2"`` as people say it: 第二百九十一条之二, Article 291-2."""
    if locale == "en":
        return f"Article {article}"
    number, _, inserted = article.partition("-")
    label = f"第{chinese_numeral(int(number))}条" if number.isdecimal() else f"第{number}条"
    return label + (f"之{chinese_numeral(int(inserted))}" if inserted.isdecimal() else "")


# Private functions


def _named(text: str, opening: int, registry: StatuteRegistry) -> list[FoundCitation]:
    """The statute in 《》 at ``opening`` with the articles after it; nothing for other books."""
    closing = closing_bracket(text, opening)
    if closing < 0:
        return []
    name = text[opening + 1 : closing]
    aside, position = to_articles(text, closing + 1)
    references = read_references(text, position) if position >= 0 else []
    statute, historic = version_meant(text, opening, closing, aside, registry.versions(name))
    law = statute.short if statute else plain_name(name)
    if references:
        return list(_cited(references, opening, name, law, statute, historic))
    if statute is None:
        return []
    return [FoundCitation(opening, closing + 1, name, law, statute, historic=historic)]


def _unbracketed(
    text: str, position: int, registry: StatuteRegistry, named: str
) -> list[FoundCitation]:
    """Articles at ``position`` after a statute's bare name, or after 同法; else nothing."""
    end = position
    while end > 0 and text[end - 1] in " \u3000":
        end -= 1
    name = bare_name(text, end, registry)
    same = next((words for words in _SAME if text.endswith(words, 0, end)), "")
    if not name and not (same and (named or same.startswith("同"))):
        return []
    references = read_references(text, position)
    start = end - len(name or same)
    versions = registry.versions(name or named)
    statute, historic = version_meant(text, start, end, "", versions)
    law = statute.short if statute else named
    return list(_cited(references, start, name or same, law, statute, historic))


def _cited(
    references: list[Reference],
    start: int,
    name: str,
    law: str,
    statute: Statute | None,
    historic: bool,
) -> Iterator[FoundCitation]:
    """One found citation a reference; the first one reaches back to the name at ``start``."""
    for reference in references:
        citations = tuple(_citation(law, place) for place in reference.places)
        begin = start if reference is references[0] else reference.start
        yield FoundCitation(
            begin, reference.end, name, law, statute, citations, reference.backwards, historic
        )


def _citation(law: str, place: Place) -> Citation:
    return Citation(law, place.article, place.paragraph, place.item)


def _successor(statute: Statute) -> dict[str, str]:
    name = statute.replaced_by
    if not name:
        return {"now_zh": "没有登记取代它的法规", "now_en": "no successor is registered"}
    if name == statute.short:
        return {"now_zh": f"现行的《{name}》", "now_en": f"the current 《{name}》"}
    return {"now_zh": f"《{name}》", "now_en": f"《{name}》"}


def _missing(statute: Statute, article: str, path: str, line: int) -> Problem:
    last = str(statute.articles)
    code = "L004" if article in statute.deleted else "L003"
    arguments = {"law": statute.short, **_labels({"article": article, "last": last})}
    return Problem(path, line, code, arguments)


def _labels(articles: dict[str, str]) -> dict[str, str]:
    """``article`` → ``article_zh`` and ``article_en``, for messages in both languages."""
    return {
        f"{key}_{locale}": article_label(article, locale)
        for key, article in articles.items()
        for locale in ("zh", "en")
    }
