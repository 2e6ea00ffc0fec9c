"""A marked question in words: what was chosen, what is right, why, and which law says so.

Everything is composed as Markdown and shown by the one renderer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.core.questions import (
    Choice,
    Citation,
    Cloze,
    Essay,
    Matching,
    Numeric,
    Ordering,
    Question,
    Short,
)
from portal.web import session
from portal.web.inputs import gap_mark
from portal.web.session import t

GAP = "\ufffc"


def stem(question: Question) -> str:
    """The stem as Markdown, gaps shown as ``＿①＿``."""
    text = question.stem.in_(session.locale())
    if not isinstance(question.body, Cloze):
        return text
    parts = text.split(GAP)
    marks = [f"＿{gap_mark(n)}＿" for n in range(len(parts) - 1)]
    return "".join(a + b for a, b in zip(parts, [*marks, ""], strict=True))


def answers(question: Question, order: Sequence[int], response: Any) -> str:
    """The person's answer beside the right one, with the feedback on each option, as Markdown."""
    match question.body:
        case Choice():
            return _options(question.body, order, response)
        case Short():
            return _given_and_right(response or "", _variant(question.body.accepted))
        case Numeric():
            return _given_and_right(response or "", _range(question.body))
        case Ordering():
            return _ordering(question.body, response)
        case Matching():
            return _matching(question.body, response)
        case Cloze():
            return _cloze(question.body, response)
        case Essay():
            return _rubric(question.body, response)


def key(question: Question) -> str:
    """What is right, as Markdown, for who has to do with the question and not with an answer."""
    options = question.body.options if isinstance(question.body, Choice) else ()
    return answers(question, tuple(range(len(options))), None)


def reasons(question: Question) -> str:
    """Explanation and law as Markdown; empty when the author gave neither."""
    parts = []
    if question.explanation:
        text = question.explanation.in_(session.locale())
        parts.append(f"**{t('question.explanation')}** {text}")
    if question.laws:
        laws = t("common.list_separator").join(_law(law) for law in question.laws)
        parts.append(f"**{t('question.law')}** {laws}")
    return "\n\n".join(parts)


def _law(law: Citation) -> str:
    number = law.article.replace("-", "条之", 1) if "-" in law.article else f"{law.article}条"
    return f"《{law.law}》第{number}"


def _options(body: Choice, order: Sequence[int], response: Any) -> str:
    chosen = set(response or ())
    lines: list[str] = []
    for position in order:
        option = body.options[position]
        sign = "✓ " if option.correct else "✗ " if position in chosen else ""
        notes = [t("question.yours")] if position in chosen else []
        if option.correct:
            notes.append(t("question.right_one"))
        note = t("question.note", words=t("common.list_separator").join(notes)) if notes else ""
        text = _one_line(option.text.in_(session.locale()))
        lines.append(f"- {sign}{f'**{text}**' if position in chosen else text}{note}")
        if option.feedback and (position in chosen or option.correct):
            lines += ["", _indented(option.feedback.in_(session.locale())), ""]
    return "\n".join(lines)


def _given_and_right(given: str, right: str) -> str:
    lines = (
        (t("question.yours"), _escaped(given) or t("question.nothing")),
        (t("question.right_one"), _escaped(right)),
    )
    return "\n".join(f"- {label}{t('common.colon')}{words}" for label, words in lines)


def _variant(accepted: Sequence[str]) -> str:
    """The first accepted answer in the reader's language, else the first."""
    english = session.locale() == "en"
    return next((one for one in accepted if one.isascii() == english), accepted[0])


def _range(body: Numeric) -> str:
    unit = body.unit.in_(session.locale())
    if body.low == body.high:
        return f"{body.low:g} {unit}".strip()
    return f"{body.low:g} – {body.high:g} {unit}".strip()


def _ordering(body: Ordering, response: Any) -> str:
    locale = session.locale()
    rows = [f"| | {t('question.right_one')} | {t('question.yours')} |", "| --- | --- | --- |"]
    given = list(response or [])
    for rank, item in enumerate(body.items):
        mine = cell(body.items[given[rank]].in_(locale)) if rank < len(given) else "—"
        rows.append(f"| {rank + 1} | {cell(item.in_(locale))} | {mine} |")
    return "\n".join(rows)


def _matching(body: Matching, response: Any) -> str:
    locale = session.locale()
    given = list(response or [None] * len(body.lefts))
    rows = [f"| | {t('question.right_one')} | {t('question.yours')} |", "| --- | --- | --- |"]
    for left, text in enumerate(body.lefts):
        mine = body.rights[given[left]].in_(locale) if given[left] is not None else "—"
        sign = "✓" if given[left] == body.key[left] else "✗"
        right = body.rights[body.key[left]].in_(locale)
        rows.append(f"| {cell(text.in_(locale))} | {cell(right)} | {sign} {cell(mine)} |")
    return "\n".join(rows)


def _cloze(body: Cloze, response: Any) -> str:
    locale = session.locale()
    given = list(response or [""] * len(body.gaps))
    rows = [f"| | {t('question.right_one')} | {t('question.yours')} |", "| --- | --- | --- |"]
    for n, gap in enumerate(body.gaps):
        right = gap.choices[gap.right].in_(locale) if gap.choices else _variant(gap.accepted)
        shown = {choice.zh: choice.in_(locale) for choice in gap.choices}
        mine = shown.get(given[n]) or _escaped(given[n]) or "—"
        rows.append(f"| {gap_mark(n)} | {cell(right)} | {cell(mine)} |")
    return "\n".join(rows)


def _rubric(body: Essay, response: Any) -> str:
    rows = [f"| {t('question.criterion')} | {t('question.points')} |", "| --- | --- |"]
    rows += [f"| {cell(c.text.in_(session.locale()))} | {c.points:g} |" for c in body.rubric]
    return f"{written(response)}\n\n**{t('question.rubric')}**\n\n" + "\n".join(rows)


def written(response: Any) -> str:
    """What a person wrote, under its heading."""
    return f"**{t('question.yours')}**\n\n{quoted(response or t('question.nothing'))}"


def cell(text: str) -> str:
    """Markdown for a cell of a table."""
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """What a person typed, shown as typed: no character of it is markup."""
    return "".join("\\" + ch if ch in "\\`*_{}[]()<>#+-.!|~$&=^:" else ch for ch in _one_line(text))


def quoted(text: str) -> str:
    """What a person typed as a quotation, line by line; none of it is markup."""
    return "\n".join(f"> {_escaped(line)}" if line.strip() else ">" for line in text.splitlines())


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
