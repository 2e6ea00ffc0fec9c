"""Reads Aiken: a stem, options ``A.`` or ``A)``, and ``ANSWER: B``. Single choice only."""

from __future__ import annotations

from portal.core.questions import Question
from portal.exchange.questions import making, text
from portal.exchange.questions.as_markdown import checked
from portal.exchange.questions.making import Answer
from portal.exchange.questions.report import MAX_QUESTIONS, Imported, Lost, Notes, refused

_MARKS = ".)．、）"


def read(source: str) -> Imported:
    """Every question of an Aiken file; never raises on what the file holds."""
    notes = Notes()
    questions: list[Question] = []
    stem: list[str] = []
    options: list[tuple[str, str]] = []
    number = 1
    for raw in source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = raw.strip()
        key = _key(line)
        if key is not None and (stem or options):
            notes.at(number, " ".join(stem))
            try:
                kept = checked(_question(stem, options, key, notes), notes)
                questions += [kept] if kept else []
            except Lost as lost:
                notes.lost(lost.code, **lost.args_by_name)
            stem, options, number = [], [], number + 1
        elif _letter(line):
            options.append((_letter(line), line[2:].strip()))
        elif line and options:
            stem, options = [], []  # what stood above had no answer
            notes.at(number, line)
            notes.lost("no_key")
            number, stem = number + 1, [line]
        elif line:
            stem.append(line)
        if number > MAX_QUESTIONS:
            return refused("many_questions", most=str(MAX_QUESTIONS))
    if stem or options:
        notes.at(number, " ".join(stem))
        notes.lost("no_key")
    return Imported(tuple(questions), tuple(notes.found))


# Private functions


def _question(stem: list[str], options: list[tuple[str, str]], key: str, notes: Notes) -> Question:
    letters = [letter for letter, _ in options]
    if key not in letters:
        raise Lost("no_key")
    answers = [
        Answer(text.plain(words), 1.0 if letter == key else 0.0) for letter, words in options
    ]
    body = making.choice(answers, multiple=False, notes=notes)
    return making.question("", text.plain("\n".join(stem)), body)


def _key(line: str) -> str | None:
    word, colon, key = line.replace("：", ":").partition(":")
    if not colon or word.strip().upper() not in ("ANSWER", "答案"):
        return None
    return key.strip()[:1].upper()


def _letter(line: str) -> str:
    if len(line) > 2 and line[0].isascii() and line[0].isupper() and line[1] in _MARKS:
        return line[0]
    return ""
