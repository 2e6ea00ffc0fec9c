"""Citations of statutes in text: found, resolved, checked.

A citation is a statute's name and article numbers, written as people write them. The scanner
works on the text of Markdown tokens, never on raw Markdown, so that code is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.citation_scan import Place, Reference, read_references, skip_spaces
from portal.core.numerals import chinese_numeral, read_number
from portal.core.problems import Problem
from portal.core.questions import Citation
from portal.core.statutes import Statute, StatuteRegistry, plain_name

# "the same law": the one named last
_SAME = tuple(
    who + what
    for who in ("同", "该", "本")
    for what in ("法典", "法", "条例", "办法", "规定", "决定", "解释")
)
# Words before a name, or in its sentence, by which the text itself says that the law is history.
_OLD_BEFORE = (
    "原",
    "旧",
    "老",
    "旧版",
    "原来的",
    "修订前的",
    "修改前的",
    "废止的",
    "former ",
    "old ",
)
_OLD_IN_SENTENCE = (
    *("废止", "失效", "取代", "不再适用", "不再施行", "修订前", "修改前", "修正前", "旧法", "旧版"),
    *("repealed", "superseded", "replaced by", "no longer in force", "abolished"),
)
_SENTENCE_ENDS = "。；！？\n"
_LONGEST_ASIDE = 30  # characters in brackets between a name and its article
_LONGEST_SENTENCE = 300  # characters looked at on each side of a name
_LONGEST_FILLER = 10  # other characters there: 《民法典》物权编第二百七十八条
_FILLER_STOPS = frozenset("《》〈〉（）()[]【】。；;，,、：:！？!?“”‘’\"'第§和与及或\ufffc")


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
    closing = _closing(text, opening)
    if closing < 0:
        return []
    name = text[opening + 1 : closing]
    aside, position = _to_articles(text, closing + 1)
    references = read_references(text, position) if position >= 0 else []
    statute, historic = _version(text, opening, closing, aside, registry.versions(name))
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
    name = _bare_name(text, end, registry)
    same = next((words for words in _SAME if text.endswith(words, 0, end)), "")
    if not name and not (same and (named or same.startswith("同"))):
        return []
    references = read_references(text, position)
    start = end - len(name or same)
    versions = registry.versions(name or named)
    statute, historic = _version(text, start, end, "", versions)
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


def _closing(text: str, opening: int) -> int:
    """Where the 》 of the 《 at ``opening`` stands; -1 when it is missing in this sentence."""
    depth = 0
    for position in range(opening, min(len(text), opening + 120)):
        depth += {"《": 1, "》": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return -1


def _to_articles(text: str, position: int) -> tuple[str, int]:
    """``(words in brackets, where the articles start)`` after a name; -1 when none follow."""
    position = skip_spaces(text, position)
    aside = ""
    if position < len(text) and text[position] in "（(":
        inside = skip_spaces(text, position + 1)
        if text.startswith(("第", "§"), inside) and read_references(text, inside):
            return "", inside
        closing = _first(text, "）)", position, position + _LONGEST_ASIDE)
        if closing < 0:
            return "", -1
        aside, position = text[position + 1 : closing], skip_spaces(text, closing + 1)
    return aside, _skip_filler(text, position)


def _skip_filler(text: str, position: int) -> int:
    """Over 物权编, 第三章, 的 and the like, up to an article; -1 when none is near."""
    budget = _LONGEST_FILLER
    while position < len(text) and budget > 0:
        if text[position] in "第§":
            if read_references(text, position):
                return position
            division = _division(text, position)
            if division < 0:
                return -1
            position = skip_spaces(text, division)
            continue
        if text[position] in _FILLER_STOPS:
            return -1
        position += 1
        budget -= 1
    return position if text.startswith(("第", "§"), position) else -1


def _division(text: str, position: int) -> int:
    """Where 第三编, 第二分编, 第一章 or 第二节 at ``position`` ends; -1 for anything else."""
    number = read_number(text, position + 1)
    if number is None:
        return -1
    for unit in ("分编", "编", "章", "节"):
        if text.startswith(unit, number[1]):
            return number[1] + len(unit)
    return -1


def _bare_name(text: str, end: int, registry: StatuteRegistry) -> str:
    """The longest registered name that ends at ``end``; "" when none does."""
    longest = min(end, registry.longest_name)
    return next(
        (
            text[end - length : end]
            for length in range(longest, 1, -1)
            if text[end - length : end] in registry.by_name
        ),
        "",
    )


def _version(
    text: str, start: int, end: int, aside: str, versions: tuple[Statute, ...]
) -> tuple[Statute | None, bool]:
    """The version that is meant, and whether the text says that it is history."""
    if not versions:
        return None, False
    before = text[max(0, start - 8) : start]
    old = before.lower().endswith(_OLD_BEFORE) or any(word in aside for word in _OLD_BEFORE[:3])
    dated = next(
        (
            version
            for version in versions
            if (version.version and version.version in aside)
            or (version.effective and version.effective[:4] in aside)
        ),
        None,
    )
    history = old or _says_history(text, start, end)
    if dated is not None:
        return dated, history
    replaced = next((version for version in versions if not version.in_force), None)
    return (replaced if old and replaced else versions[0]), history


def _says_history(text: str, start: int, end: int) -> bool:
    """Whether the sentence around ``start`` … ``end`` says that a law is no longer in force."""
    lowest = max(0, start - _LONGEST_SENTENCE)
    first = max(text.rfind(mark, lowest, start) for mark in _SENTENCE_ENDS)
    last = _first(text, _SENTENCE_ENDS, end, end + _LONGEST_SENTENCE)
    sentence = text[max(lowest, first + 1) : last if last >= 0 else end + _LONGEST_SENTENCE].lower()
    return any(word in sentence for word in _OLD_IN_SENTENCE)


def _first(text: str, marks: str, start: int, end: int) -> int:
    """Where the first of ``marks`` stands between ``start`` and ``end``; -1 when none does."""
    return min(
        (at for at in (text.find(mark, start, end) for mark in marks) if at >= 0), default=-1
    )


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
