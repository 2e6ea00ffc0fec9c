"""``python -m portal import-questions``: another program's questions as our Markdown."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from portal.commands.check import reader_locale
from portal.web.text import translate

HELP = "把别的程序的题目变成 Markdown 题库 / turn other programs' questions into Markdown"
EXAMPLE = "python -m portal import-questions 题目.xlsx --to quizzes/mediation/imported.md"
FORMATS = ("sheet", "gift", "moodle", "aiken", "qti")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE [--format F] [--to PATH] [--title T] [--kind pool|quiz|exam] [--lang zh|en]``"""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="XLSX/CSV 题目表、GIFT、Moodle XML、Aiken、QTI 包 / "
        "question sheet (XLSX, CSV), GIFT, Moodle XML, Aiken, QTI 2.1/3.0 package",
    )
    parser.add_argument(
        "--format", choices=FORMATS, help="格式（默认按内容判断） / format (told by the content)"
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="PATH",
        help="写到哪个新文件（默认写到屏幕） / new file to write (standard output)",
    )
    parser.add_argument("--title", default="导入的题目", help="文件的标题 / the file's title")
    parser.add_argument(
        "--kind", choices=("pool", "quiz", "exam"), default="pool", help="题库、测验还是考试 / kind"
    )
    parser.add_argument("--lang", choices=("zh", "en"), help="语言 / language (LANG)")


def run(args: argparse.Namespace) -> int:
    """0 when all questions were carried, 1 when some or all are missing; nothing is overwritten."""
    from dataclasses import replace
    from uuid import uuid4

    from portal.exchange import questions
    from portal.exchange.questions.as_markdown import write_file

    locale = args.lang or reader_locale(os.environ)
    try:
        data = args.file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        print(translate(locale, "exchange.no_file", path=args.file, reason=reason), file=sys.stderr)
        return 1
    form = args.format or questions.guess(args.file.name, data)
    if form is None:
        print(translate(locale, "exchange.unknown_format", path=args.file), file=sys.stderr)
        return 1
    found = questions.read(form, data)
    for note in found.notes:
        print(say(note, locale), file=sys.stderr)
    lost = any(note.lost for note in found.notes)
    if not found.questions:
        print(translate(locale, "exchange.none"), file=sys.stderr)
        return 1
    course = args.to.resolve().parent.name if args.to else "q"
    prefix = course if course.isascii() and course.replace("-", "").isalnum() else "q"
    mark = uuid4().hex[:6]  # nobody has these ids, whatever else there is
    numbered = [
        replace(one, id=f"{prefix}-{mark}-{number:03d}")
        for number, one in enumerate(found.questions, 1)
    ]
    text = write_file(numbered, args.kind, args.title)
    if args.to is None:
        print(text, end="")
    else:
        try:
            with args.to.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            reason = error.strerror or str(error)
            words = translate(locale, "exchange.not_written", path=args.to, reason=reason)
            print(words, file=sys.stderr)
            return 1
    done = translate(locale, "exchange.done", n=len(found.questions), lost=_lost(found.notes))
    print(done, file=sys.stderr)
    return 1 if lost else 0


def say(note: object, locale: str) -> str:
    """A note as a line: where, and what it says."""
    from portal.exchange.questions import Note

    assert isinstance(note, Note)
    key = note.code[1:] if note.code.startswith("@") else f"exchange.note.{note.code}"
    words = translate(locale, key, **{"row": note.number, **note.args})
    if not note.number:
        return words
    place = translate(locale, "exchange.place", number=note.number, title=note.title)
    return f"{place} {words}"


# Private functions


def _lost(notes: tuple[object, ...]) -> int:
    return sum(bool(getattr(note, "lost", False)) for note in notes)
