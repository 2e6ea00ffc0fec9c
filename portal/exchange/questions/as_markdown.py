"""A question written as our Markdown, and proof that it reads back as itself.

``write`` composes; ``checked`` parses what was written and compares. Whatever a foreign text holds,
a question that does not come back exactly as it is is written once more as plain text, and if that
fails too, it is not carried: nothing foreign can turn into a chip, a heading or another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from portal.core.answer_text import GAP_MARK
from portal.core.blocks import plain_text
from portal.core.capabilities import Bilingual
from portal.core.question_parser import Place
from portal.core.questions import (
    Body,
    Choice,
    Cloze,
    Criterion,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Short,
)
from portal.core.quiz_parser import parse_quiz
from portal.exchange.questions import text
from portal.exchange.questions.chip_tags import law_chip, number
from portal.exchange.questions.report import Notes

_HEAD = "---\nkind: pool\ntitle: x\n---\n\n"


def write(question: Question) -> str:
    """The question's Chinese text as a trainer would write it, ending in a line break."""
    body = question.body
    stem = question.stem.zh
    if isinstance(body, Cloze):
        stem = _with_gaps(stem, body)
    parts = [f"### {question.title.zh}", _chips(question), stem, _answer(body)]
    if question.hint:
        parts.append(_labelled("提示", question.hint.zh))
    if question.explanation:
        parts.append(_labelled("解析", question.explanation.zh))
    return "\n\n".join(part for part in parts if part) + "\n"


def write_file(questions: Sequence[Question], kind: str, title: str) -> str:
    """A whole file of questions; ``title`` is plain text."""
    quoted = title.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    head = f'---\nkind: {kind}\ntitle: "{quoted}"\n---\n'
    return "\n".join([head, *map(write, questions)])


def checked(question: Question, notes: Notes) -> Question | None:
    """The question, changed to plain text where its Markdown would say something else; None where
    it cannot be carried, which is noted."""
    if reads_back(question):
        return question
    flat = _flattened(question)
    if reads_back(flat):
        notes.add("formatting")
        return flat
    notes.lost("not_writable")
    return None


def reads_back(question: Question) -> bool:
    """Whether what ``write`` writes is parsed as exactly this one question."""
    question = question if question.id else replace(question, id="new")
    found, problems = parse_quiz(_HEAD + write(question), None, Place("q.md"), "x/q")
    del problems  # warnings about style; a fault shows in what was found
    if len(found.questions) != 1:
        return False
    read = found.questions[0]
    same = replace(
        question,
        title=Bilingual(plain_text(question.title.zh)),
        capability=question.capability or read.capability,
        course=read.course,
        has_english=read.has_english,
    )
    return read == same


# Private functions


def _chips(question: Question) -> str:
    chips = [f"#{question.id}"] if question.id else []
    rubric = question.body.rubric if isinstance(question.body, Essay) else ()
    total = sum(row.points for row in rubric) if rubric else 1.0
    if abs(question.points - total) > 1e-9:
        chips.append(f"{number(question.points)}分")
    if question.level != 3:
        chips.append(f"难度:{question.level}")
    if question.capability:
        chips.append(f"能力:{question.capability}")
    chips += [law_chip(law) for law in question.laws]
    chips += [f"标签:{tag}" for tag in question.tags]
    body = question.body
    if isinstance(body, Choice):
        if body.kind == "multiple" and sum(option.correct for option in body.options) == 1:
            chips.append("多选")
        if body.fixed:
            chips.append("固定顺序")
    if isinstance(body, Short):
        chips.append("简答")
    if question.retired:
        chips.append("停用")
    return " ".join(f"`{chip}`" for chip in chips)


def _answer(body: Body) -> str:
    match body:
        case Choice():
            return "\n".join(map(_option, body.options))
        case Short():
            return f"> **答案** {' ｜ '.join(body.accepted)}"
        case Numeric():
            unit = f" {body.unit.zh}" if body.unit.zh else ""
            low, high = number(body.low), number(body.high)
            return f"> **答案** {low}{unit}" if low == high else f"> **答案** [{low}, {high}]{unit}"
        case Ordering():
            return "\n".join(_item(f"{n}. ", item.zh) for n, item in enumerate(body.items, 1))
        case Matching():
            return _pairs(body)
        case Essay():
            rows = [f"> | {number(row.points)} | {_cell(row.text.zh)} |" for row in body.rubric]
            return "\n".join(["> **评分标准**", ">", "> | 分 | 要点 |", "> | --- | --- |", *rows])
        case Cloze():
            return ""
    assert_never(body)


def _option(option: Option) -> str:
    lines = [_item("- ", f"[{'x' if option.correct else ' '}] {option.text.zh}")]
    if option.feedback:
        lines += [f"  > {line}".rstrip() for line in option.feedback.zh.split("\n")]
    return "\n".join(lines)


def _item(bullet: str, words: str) -> str:
    lines = words.split("\n")
    return "\n".join(
        [bullet + lines[0], *(f"{' ' * len(bullet)}{line}".rstrip() for line in lines[1:])]
    )


def _pairs(body: Matching) -> str:
    left, right = body.headers
    rows = [f"| {_cell(left.zh)} | {_cell(right.zh)} |", "| --- | --- |"]
    rows += [
        f"| {_cell(cell.zh)} | {_cell(body.rights[key].zh)} |"
        for cell, key in zip(body.lefts, body.key, strict=True)
    ]
    spare = [cell for at, cell in enumerate(body.rights) if at not in body.key]
    return "\n".join([*rows, *(f"|  | {_cell(cell.zh)} |" for cell in spare)])


def _cell(words: str) -> str:
    """A cell's source: a table takes the backslash before a bar away, so it is written anew."""
    return words.replace("|", "\\|")


def _with_gaps(stem: str, body: Cloze) -> str:
    pieces = stem.split(GAP_MARK)
    return "".join(a + b for a, b in zip(pieces, [*map(_gap, body.gaps), ""], strict=False))


def _gap(gap: Gap) -> str:
    if gap.choices:
        words = [
            f"({choice.zh})" if at == gap.right else choice.zh
            for at, choice in enumerate(gap.choices)
        ]
        return f"[[{'/'.join(words)}]]"
    return f"[[{'|'.join(gap.accepted)}]]"


def _labelled(label: str, words: str) -> str:
    first, *rest = words.split("\n")
    if first[:1] in "-+>#|`1234567890\\*&" or first.startswith("    "):
        lines = [f"> **{label}**", ">", *(f"> {line}".rstrip() for line in (first, *rest))]
    else:
        lines = [f"> **{label}** {first}", *(f"> {line}".rstrip() for line in rest)]
    return "\n".join(lines)


def _flattened(question: Question) -> Question:
    """The same question with every text as plain words."""

    def flat(words: Bilingual) -> Bilingual:
        return Bilingual(text.plain(text.to_plain(words.zh)))

    def line(words: Bilingual) -> Bilingual:
        return Bilingual(text.one_line(text.to_plain(words.zh)))

    body = question.body
    match body:
        case Choice():
            body = replace(
                body,
                options=tuple(
                    Option(
                        line(option.text),
                        option.correct,
                        flat(option.feedback) if option.feedback else None,
                    )
                    for option in body.options
                ),
            )
        case Ordering():
            body = Ordering(tuple(map(line, body.items)))
        case Matching():
            lefts, rights = tuple(map(line, body.lefts)), tuple(map(line, body.rights))
            body = replace(body, lefts=lefts, rights=rights)
        case Essay():
            body = Essay(tuple(Criterion(row.points, line(row.text)) for row in body.rubric))
        case Short() | Numeric() | Cloze():
            pass
        case _:
            assert_never(body)
    stem = question.stem if isinstance(body, Cloze) else flat(question.stem)
    return replace(
        question,
        title=line(question.title),
        stem=stem,
        body=body,
        explanation=flat(question.explanation) if question.explanation else None,
        hint=flat(question.hint) if question.hint else None,
    )
