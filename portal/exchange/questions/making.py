"""Questions made from the pieces that foreign formats hold, with the checks they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.capabilities import Bilingual
from portal.core.questions import (
    Body,
    Choice,
    ChoiceKind,
    Criterion,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Question,
    Short,
)
from portal.exchange.questions import chip_tags, text
from portal.exchange.questions.report import MAX_OPTIONS, Lost, Notes

LONGEST_TITLE = 40
TRUE, FALSE = "正确", "错误"
_HEADINGS = (Bilingual("左"), Bilingual("右"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a foreign question: Markdown, its share of the marks (1 is all), feedback."""

    words: str
    fraction: float
    feedback: str = ""


def question(
    title: str,
    stem: str,
    body: Body,
    *,
    points: float = 1.0,
    level: int = 3,
    explanation: str = "",
    hint: str = "",
    tags: Sequence[str] = (),
) -> Question:
    """A question without id. ``title`` is plain text; the rest is Markdown.

    Without a title the beginning of the stem serves; without a stem the title does.
    """
    if not stem.strip() and not title.strip():
        raise Lost("no_stem")
    shown = " ".join(title.split()) or _beginning(stem)
    heading = text.one_line(shown)
    if isinstance(body, Essay):
        points = sum(row.points for row in body.rubric)
    if not 0 < points <= 100:
        raise Lost("bad_points", points=f"{points:g}")
    made = Question(
        id="",
        title=Bilingual(heading),
        stem=Bilingual(stem or heading),
        body=body,
        points=points,
        level=level,
        explanation=Bilingual(explanation) if explanation else None,
        hint=Bilingual(hint) if hint else None,
    )
    return chip_tags.read(made, tags)


def choice(
    answers: Sequence[Answer], *, multiple: bool, fixed: bool = False, notes: Notes
) -> Choice:
    """A choice; shares between nothing and all of a single choice, and uneven shares of a
    multiple one, are not carried: our marks follow from what is right."""
    if len(answers) > MAX_OPTIONS:
        raise Lost("many_options", most=str(MAX_OPTIONS))
    if len(answers) < 2:
        raise Lost("few_options")
    best = max(answer.fraction for answer in answers)
    if best <= 0:
        raise Lost("no_key")
    right = [answer.fraction > 0 if multiple else answer.fraction == best for answer in answers]
    if not multiple and sum(right) > 1:
        multiple = True
        notes.add("several_keys")
    if not multiple and any(0 < answer.fraction < best for answer in answers):
        notes.add("partial_marks")
    shares = {round(a.fraction, 3) for a, is_right in zip(answers, right, strict=True) if is_right}
    wrong = [a.fraction for a, is_right in zip(answers, right, strict=True) if not is_right]
    if multiple and (len(shares) > 1 or any(one > -min(shares) + 0.01 for one in wrong)):
        notes.add("partial_marks")
    options = tuple(
        Option(Bilingual(a.words), is_right, Bilingual(a.feedback) if a.feedback else None)
        for a, is_right in zip(answers, right, strict=True)
    )
    if not all(option.text.zh.strip() for option in options):
        raise Lost("empty_option")
    return Choice("multiple" if multiple else _single_kind(options), options, fixed)


def true_false(right: bool, if_true: str = "", if_false: str = "") -> Choice:
    """正确 / 错误, with feedback on choosing either."""
    options = (
        Option(Bilingual(TRUE), right, Bilingual(if_true) if if_true else None),
        Option(Bilingual(FALSE), not right, Bilingual(if_false) if if_false else None),
    )
    return Choice("truefalse", options)


def short(accepted: Sequence[str]) -> Short:
    """Short text from plain variants. A bar or a line break would split one in two."""
    kept = tuple(dict.fromkeys(" ".join(text.tidy(word).split()) for word in accepted))
    kept = tuple(word for word in kept if word)
    if not kept:
        raise Lost("no_key")
    if any(char in word for word in kept for char in "|｜"):
        raise Lost("bar_in_answer")
    return Short(kept)


def numeric(low: float, high: float, unit: str = "") -> Numeric:
    """A number; an unlikely large one has no place in our files."""
    if not (abs(low) < 1e15 and abs(high) < 1e15 and low <= high):
        raise Lost("bad_number")
    words = Bilingual(" ".join(text.tidy(unit).split()))
    return Numeric(round(low, 10), round(high, 10), words)  # 64 - 0.1 is 63.900000000000006


def matching(pairs: Sequence[tuple[str, str]], spare: Sequence[str] = ()) -> Matching:
    """Pairs of Markdown cells; ``spare`` right cells are distractors."""
    cells = [(_cell(left), _cell(right)) for left, right in pairs]
    rights = tuple(dict.fromkeys([*(right for _, right in cells), *map(_cell, spare)]))
    if len(cells) < 2 or len(rights) > MAX_OPTIONS:
        raise Lost("few_pairs")
    if len({left for left, _ in cells}) < len(cells) or not all(map(all, cells)):
        raise Lost("bad_pairs")
    return Matching(
        tuple(Bilingual(left) for left, _ in cells),
        tuple(map(Bilingual, rights)),
        tuple(rights.index(right) for _, right in cells),
        _HEADINGS,
    )


def gap(accepted: Sequence[str], choices: Sequence[str] = (), right: int = -1) -> Gap:
    """A gap of a cloze from plain words; what our brackets give a meaning to cannot be inside."""
    words = [" ".join(text.tidy(word).split()) for word in (choices or accepted)]
    if not words or not all(words):
        raise Lost("no_key")
    barred = "[]`\\" + ("/|｜()（）" if choices else "|｜")
    if any(char in word for word in words for char in barred):
        raise Lost("gap_marks")
    if choices:
        if not 0 <= right < len(words) or len(set(words)) < 2:
            raise Lost("no_key")
        return Gap((words[right],), tuple(map(Bilingual, words)), right)
    if len(words) == 1 and "/" in words[0] and any(c in words[0] for c in "()（）"):
        raise Lost("gap_marks")
    return Gap(tuple(dict.fromkeys(words)))


def has_headings(body: Matching) -> bool:
    """Whether the author named the columns; imported pairs have names that say nothing."""
    return any(cell.zh and cell not in _HEADINGS for cell in body.headers)


def essay(points: float, rubric: Sequence[tuple[float, str]], notes: Notes) -> Essay:
    """An essay with its rubric; without one a single criterion is written, and noted."""
    rows = [Criterion(worth, Bilingual(_cell(words))) for worth, words in rubric if words.strip()]
    if not rows:
        notes.add("rubric_made")
        rows = [Criterion(points if points > 0 else 1.0, Bilingual("按答案要点酌情给分"))]
    return Essay(tuple(rows))


# Private functions


def _single_kind(options: Sequence[Option]) -> ChoiceKind:
    words = {option.text.zh.strip().casefold() for option in options}
    truths = ({TRUE, FALSE}, {"对", "错"}, {"true", "false"}, {"是", "否"}, {"√", "×"})
    return "truefalse" if words in truths else "single"


def _beginning(stem: str) -> str:
    words = " ".join(text.to_plain(stem).replace(text.GAP, "＿").split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1] + "…"


def _cell(words: str) -> str:
    """One line, as a table's cell holds it: a bar in it carries no backslash."""
    line = " ".join(words.replace("\\\n", " ").split())
    out, at = [], 0
    while at < len(line):
        pair = line[at : at + 2] if line[at] == "\\" else line[at]
        out.append("|" if pair == "\\|" else pair)
        at += len(pair)
    return "".join(out)
