"""Answer parts that are typed: short text, numeric, gaps in the stem, and essays."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.blocks import Block
from portal.core.capabilities import Bilingual
from portal.core.containers import Row
from portal.core.findings import Findings
from portal.core.labels import Labelled
from portal.core.questions import Cloze, Criterion, Essay, Gap, Numeric, Short

GAP_MARK = "\ufffc"
_OPEN = "(（"
_CLOSE = ")）"


@dataclass(frozen=True, slots=True)
class FoundGap:
    """A gap as written, ``[[…]]``, with its 1-based line."""

    raw: str
    line: int


def read_answer(part: Labelled, asked: str | None, findings: Findings) -> Short | Numeric | None:
    """The answer of a ``答案`` quote: a number with its unit where it reads as one, else text."""
    if not part.text:
        findings.add(part.line, "Q017")
        return None
    if asked != "short":
        found = _numeric(part.text)
        if found is not None:
            if found.low > found.high:
                findings.add(part.line, "Q018", answer=part.text)
                return None
            return found
        if asked == "numeric" or _meant_as_number(part.text):
            findings.add(part.line, "Q018", answer=part.text)
            return None
    variants = split_variants(part.text.replace("\n", " "))
    if not variants:
        findings.add(part.line, "Q017")
        return None
    return Short(variants)


def split_variants(text: str) -> tuple[str, ...]:
    """``调委会 ｜ 人民调解委员会`` as its variants, each once."""
    words = (word.strip() for word in text.replace("\\|", "|").replace("｜", "|").split("|"))
    return tuple(dict.fromkeys(word for word in words if word))


def find_gaps(blocks: Sequence[Block], findings: Findings) -> list[FoundGap]:
    """The gaps of a stem in reading order; code is left alone."""
    found = []
    for block in blocks:
        line = block.line
        for token in block.tokens:
            if token.map:
                line = token.map[0] + 1
            if token.type == "inline" and "[[" in token.content:
                found += _gaps(token.content, line, findings)
    return found


def read_cloze(gaps: Sequence[FoundGap], stem: str, findings: Findings) -> tuple[Cloze, str] | None:
    """The gaps and the stem with a marker in each one's place."""
    stem = stem.replace(GAP_MARK, "")
    done, rest = "", stem
    read = []
    for gap in gaps:
        body = _gap(gap, findings)
        if body is None:
            return None
        read.append(body)
        raw = gap.raw if gap.raw in rest else gap.raw.replace("|", "\\|")
        before, _, rest = rest.partition(raw)
        done += before + GAP_MARK
    return Cloze(tuple(read)), done + rest


def read_rubric(part: Labelled, findings: Findings) -> Essay | None:
    """The point/criterion table of a ``评分标准`` quote."""
    criteria = []
    for row in part.rows:
        if row.head:
            continue
        criterion = _criterion(row)
        if criterion is None:
            findings.add(row.line, "Q022")
            return None
        criteria.append(criterion)
    if not criteria:
        findings.add(part.line, "Q022")
        return None
    return Essay(tuple(criteria))


# Private functions


def _numeric(text: str) -> Numeric | None:
    """``30 ± 0.5 日`` or ``[28, 31] 日``; None when the text is something else."""
    folded = unicodedata.normalize("NFKC", text).strip()
    for sign in ("+/-", "+-"):
        folded = folded.replace(sign, "±")
    if folded.startswith("["):
        inside, bracket, unit = folded[1:].partition("]")
        low, comma, high = inside.replace("、", ",").replace("~", ",").partition(",")
        low_number, high_number = _decimal(low), _decimal(high)
        if not bracket or not comma or low_number is None or high_number is None:
            return None
        return Numeric(low_number, high_number, Bilingual(unit.strip()))
    number, rest = _leading_number(folded)
    if number is None:
        return None
    spread: float | None = 0.0
    if rest.startswith("±"):
        spread, rest = _leading_number(rest[1:].strip())
    if spread is None or not _is_unit(rest):
        return None
    return Numeric(number - spread, number + spread, Bilingual(rest))


def _meant_as_number(text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text).strip()
    return "±" in folded or (folded.startswith("[") and "," in folded)


def _leading_number(text: str) -> tuple[float | None, str]:
    rest = text.lstrip("+-−.,0123456789")
    return _decimal(text[: len(text) - len(rest)]), rest.strip()


def _decimal(text: str) -> float | None:
    """A plain decimal number; commas only between groups of three digits."""
    digits = text.strip().replace("−", "-")
    sign = -1.0 if digits.startswith("-") else 1.0
    whole, point, decimals = digits.lstrip("+-").partition(".")
    groups = whole.split(",")
    if len(groups) > 1 and not all(len(group) == 3 for group in groups[1:]):
        return None
    number = "".join(groups)
    if not number.isdigit() or (point and not decimals.isdigit()) or len(number) > 15:
        return None
    return sign * float(f"{number}.{decimals or '0'}")


def _is_unit(text: str) -> bool:
    return len(text) <= 16 and not any(char.isdigit() or char in "|,，。；;" for char in text)


def _gaps(content: str, line: int, findings: Findings) -> list[FoundGap]:
    found: list[FoundGap] = []
    at = 0
    while at < len(content):
        if content[at] == "`":
            at = _after_code(content, at)
        elif content[at] == "\\":
            at += 2
        elif content.startswith("[[", at):
            end = content.find("]]", at + 2)
            number = line + content.count("\n", 0, at)
            if end < 0:
                findings.add(number, "Q021")
                return found
            found.append(FoundGap(content[at : end + 2], number))
            at = end + 2
        else:
            at += 1
    return found


def _after_code(content: str, at: int) -> int:
    """Where the code span opened at ``at`` ends; just after its marks when it never closes."""
    run = len(content) - at - len(content[at:].lstrip("`"))
    end = content.find("`" * run, at + run)
    return at + run if end < 0 else end + run


def _gap(gap: FoundGap, findings: Findings) -> Gap | None:
    inside = gap.raw[2:-2].strip()
    choices = [choice.strip() for choice in inside.split("/")]
    marked = [_in_brackets(choice) for choice in choices]
    if len(choices) > 1 and any(marked):
        texts = tuple(
            choice[1:-1].strip() if mark else choice
            for choice, mark in zip(choices, marked, strict=True)
        )
        if sum(marked) != 1 or not all(texts):
            findings.add(gap.line, "Q020", gap=gap.raw)
            return None
        right = marked.index(True)
        return Gap((texts[right],), tuple(map(Bilingual, texts)), right)
    accepted = split_variants(inside)
    if not accepted:
        findings.add(gap.line, "Q020", gap=gap.raw)
        return None
    if len(choices) > 1 and all(len(choice) > 2 for choice in choices) and "|" not in inside:
        findings.add(gap.line, "Q035", gap=gap.raw)
    return Gap(accepted)


def _in_brackets(text: str) -> bool:
    return len(text) > 2 and text[0] in _OPEN and text[-1] in _CLOSE


def _criterion(row: Row) -> Criterion | None:
    if len(row.cells) < 2:
        return None
    points = unicodedata.normalize("NFKC", row.cells[0]).strip()
    for ending in ("分", "points", "point"):
        points = points.removesuffix(ending).strip()
    number = _decimal(points)
    text = row.cells[1].strip()
    if number is None or number <= 0 or not text:
        return None
    return Criterion(number, Bilingual(text))
