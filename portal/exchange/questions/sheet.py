"""Reads the question sheets that trainers keep in Excel or WPS: a row a question.

Columns by heading, in any order: 题型, 题干, 选项A … 选项J (or A … J, or one column 选项 with
all of them), 答案, 解析, 难度, 依据, 分值, 标签, 提示. Only 题干 and 答案 are needed; what else a
heading may be called is ``sheet_words.HEADINGS``. Answers are taken as people write them: ``B``,
``AB``, ``A,B``, ``A、B``, ``√``, ``对``, ``正确``, the words of the option itself, or several short
answers parted by ``;`` or ``|``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.core.answer_text import GAP_MARK
from portal.core.capabilities import Bilingual
from portal.core.citations import parse_chip
from portal.core.questions import Body, Citation, Cloze, Ordering, Question
from portal.exchange.questions import making, text
from portal.exchange.questions.as_markdown import checked
from portal.exchange.questions.making import Answer
from portal.exchange.questions.report import MAX_QUESTIONS, Imported, Lost, Note, Notes, refused
from portal.exchange.questions.sheet_words import (
    HEADINGS,
    LETTERS,
    LEVELS,
    kind_of,
    letters_of,
    options_of,
    truth_of,
    variants_of,
)
from portal.exchange.tables import Row, TableProblem, find_columns, read_table


def read(data: bytes) -> Imported:
    """Every question of an XLSX or CSV; never raises on what the file holds."""
    table, problems = read_table(data)
    if table is None or problems:
        return Imported((), tuple(_note(problem) for problem in problems))
    header, *rows = table.rows
    places = _places(header)
    if "stem" not in places or "answer" not in places:
        return refused("no_columns")
    if len(rows) > MAX_QUESTIONS:
        return refused("many_questions", most=str(MAX_QUESTIONS))
    notes = Notes()
    questions: list[Question] = []
    for row in rows:
        cells = {name: row.cell(at) for name, at in places.items()}
        notes.at(row.number, cells["stem"])
        try:
            kept = checked(_question(cells, notes), notes)
            questions += [kept] if kept else []
        except Lost as lost:
            notes.lost(lost.code, **lost.args_by_name)
    return Imported(tuple(questions), tuple(notes.found))


# Private functions


def _note(problem: TableProblem) -> Note:
    args = {name: str(value) for name, value in problem.args.items()}
    return Note(problem.row or 0, "", f"@{problem.key}", args, lost=True)


def _places(header: Row) -> dict[str, int]:
    names: dict[str, Sequence[str]] = dict(HEADINGS)
    for letter in LETTERS:
        lower = letter.lower()
        names[f"option{letter}"] = (f"选项{letter}", letter, f"选项{lower}", f"option{letter}")
    return find_columns(header, names)


def _question(cells: Mapping[str, str], notes: Notes) -> Question:
    stem, answer = cells["stem"].strip(), cells["answer"].strip()
    if not stem:
        raise Lost("no_stem")
    options = _options(cells)
    given = cells.get("kind", "")
    kind = kind_of(given)
    if given.strip() and kind is None:
        raise Lost("unknown_kind", kind=given[:40])
    kind = None if kind == "choice" else kind
    body, stem_text = _body(kind, stem, options, answer, cells, notes)
    made = making.question(
        cells.get("title", "").strip(),
        stem_text,
        body,
        points=_points(cells.get("points", ""), notes),
        level=_level(cells.get("level", ""), notes),
        explanation=text.plain(cells.get("explanation", "")),
        hint=text.plain(cells.get("hint", "")),
        tags=variants_of(cells.get("tag", "")),
    )
    return replace(made, laws=(*made.laws, *_laws(cells.get("law", ""), notes)))


def _options(cells: Mapping[str, str]) -> list[str]:
    """The options in order, up to the last that is filled."""
    apart = [cells.get(f"option{letter}", "").strip() for letter in LETTERS]
    while apart and not apart[-1]:
        apart.pop()
    return apart or options_of(cells.get("options", ""))


def _body(
    kind: str | None,
    stem: str,
    options: list[str],
    answer: str,
    cells: Mapping[str, str],
    notes: Notes,
) -> tuple[Body, str]:
    plain = text.plain(stem)
    if not answer and kind != "essay":
        raise Lost("no_key")
    says_truth = truth_of(answer) is not None
    words = all(truth_of(option) is not None for option in options)
    if kind == "truefalse" or (kind in (None, "single") and words and says_truth):
        return _true_false(options, answer), plain
    if kind in ("single", "multiple") or (kind is None and options):
        return _choice(kind, options, answer, notes), plain
    if kind == "ordering":
        return _ordering(options, answer), plain
    if kind == "essay":
        points = _points(cells.get("points", ""), notes)
        rubric = [(points, text.one_line(answer))] if answer else []
        return making.essay(points, rubric, notes), plain
    if kind == "cloze":
        return _cloze(stem, answer)
    return _typed(kind, answer), plain


def _true_false(options: list[str], answer: str) -> Body:
    truth = truth_of(answer)
    if truth is None:
        chosen = letters_of(answer)
        word = options[chosen[0]] if len(chosen) == 1 and chosen[0] < len(options) else ""
        truth = truth_of(word)
    if truth is None:
        raise Lost("answer_unclear", answer=answer[:30])
    return making.true_false(truth)


def _choice(kind: str | None, options: list[str], answer: str, notes: Notes) -> Body:
    chosen = letters_of(answer)
    if not chosen:  # the words of the option, or of several
        wanted = {_folded(word) for word in [answer, *variants_of(answer)]}
        chosen = [at for at, words in enumerate(options) if _folded(words) in wanted]
    if not chosen or max(chosen) >= len(options) or not all(options[at] for at in chosen):
        raise Lost("answer_unclear", answer=answer[:30])
    if kind == "single" and len(chosen) > 1:
        raise Lost("several_keys_single", answer=answer[:30])
    answers = [
        Answer(text.one_line(words), 1.0 if at in chosen else 0.0)
        for at, words in enumerate(options)
        if words
    ]
    multiple = kind == "multiple" or len(chosen) > 1
    share = 1.0 / len(chosen)
    if multiple:
        answers = [Answer(a.words, share if a.fraction else -share) for a in answers]
    return making.choice(answers, multiple=multiple, notes=notes)


def _ordering(options: list[str], answer: str) -> Body:
    """The options as lettered, the answer the letters in the right order."""
    order = letters_of(answer)
    if sorted(order) != list(range(len(options))) or len(options) < 2:
        raise Lost("answer_unclear", answer=answer[:30])
    return Ordering(tuple(Bilingual(text.one_line(options[at])) for at in order))


def _cloze(stem: str, answer: str) -> tuple[Body, str]:
    """Blanks in the stem, answers parted by ``;`` in their order; without blanks a short answer."""
    blanks = _blanks(stem)
    words = [part.strip() for part in answer.replace("；", ";").replace("\n", ";").split(";")]
    words = [word for word in words if word]
    if not blanks or len(blanks) != len(words):
        if len(words) <= 1 or not blanks:
            return making.short(variants_of(answer)), text.plain(stem)
        raise Lost("blanks", blanks=str(len(blanks)), answers=str(len(words)))
    pieces, at = [], 0
    for start, end in blanks:
        pieces.append(stem[at:start])
        at = end
    pieces.append(stem[at:])
    gaps = tuple(making.gap(variants_of(word)) for word in words)
    return Cloze(gaps), text.plain(GAP_MARK.join(pieces))


def _blanks(stem: str) -> list[tuple[int, int]]:
    """Runs of underscores, and brackets with nothing inside, as [start, end)."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(stem):
        end = at
        if stem[at] in "_＿":
            while end < len(stem) and stem[end] in "_＿":
                end += 1
            if end - at >= 2:
                found.append((at, end))
        elif stem[at] in "（(":
            inside = at + 1
            while inside < len(stem) and stem[inside] in " \u3000_＿":
                inside += 1
            if inside < len(stem) and stem[inside] in "）)":
                end = inside + 1
                found.append((at, end))
        at = max(end, at + 1)
    return found


def _typed(kind: str | None, answer: str) -> Body:
    number = unicodedata.normalize("NFKC", answer).strip()
    bare = number.rstrip("".join(ch for ch in number if not (ch.isascii() and ch in "0123456789.")))
    unit = number[len(bare) :].strip()
    if kind == "numeric" or (kind is None and bare and len(unit) <= 4):
        try:
            value = float(bare)
        except ValueError:
            if kind == "numeric":
                raise Lost("bad_number") from None
        else:
            return making.numeric(value, value, unit)
    return making.short(variants_of(answer))


def _points(cell: str, notes: Notes) -> float:
    given = unicodedata.normalize("NFKC", cell).strip().removesuffix("分").strip()
    if not given:
        return 1.0
    try:
        points = float(given)
    except ValueError:
        points = 0.0
    if not 0 < points <= 100:
        notes.add("points_ignored", cell=cell[:20])
        return 1.0
    return points


def _level(cell: str, notes: Notes) -> int:
    given = _folded(cell)
    if not given:
        return 3
    if given in LEVELS:
        return LEVELS[given]
    notes.add("level_ignored", cell=cell[:20])
    return 3


def _laws(cell: str, notes: Notes) -> tuple[Citation, ...]:
    """Citations as our chips read them; others are noted, since a chip must name an article."""
    found = []
    for part in cell.replace("；", ";").replace("\n", ";").split(";"):
        if not part.strip():
            continue
        law = parse_chip(part.strip().replace("《", "").replace("》", ""))
        if law is None:
            notes.add("law_ignored", cell=part.strip()[:40])
        else:
            found.append(law)
    return tuple(found)


def _folded(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).casefold().split())
