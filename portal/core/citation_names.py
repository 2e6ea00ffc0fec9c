"""Around the name of a statute: where it ends, where its articles start, which version is meant."""

from __future__ import annotations

from portal.core.citation_scan import read_references, skip_spaces
from portal.core.numerals import read_number
from portal.core.statutes import Statute, StatuteRegistry

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
_LONGEST_NAME = 120  # characters, brackets included
_LONGEST_ASIDE = 30  # characters in brackets between a name and its article
_LONGEST_SENTENCE = 300  # characters looked at on each side of a name
_LONGEST_FILLER = 10  # other characters there: 《民法典》物权编第二百七十八条
_FILLER_STOPS = frozenset("《》〈〉（）()[]【】。；;，,、：:！？!?“”‘’\"'第§和与及或\ufffc")


def closing_bracket(text: str, opening: int) -> int:
    """Where the 》 of the 《 at ``opening`` stands; -1 when it is missing in this sentence."""
    end = opening + _LONGEST_NAME
    depth, position = 0, opening
    closing = text.find("》", opening, end)
    while closing >= 0:
        depth += text.count("《", position, closing) - 1
        if depth == 0:
            return closing
        position = closing + 1
        closing = text.find("》", position, end)
    return -1


def to_articles(text: str, position: int) -> tuple[str, int]:
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


def bare_name(text: str, end: int, registry: StatuteRegistry) -> str:
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


def version_meant(
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


# Private functions


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
