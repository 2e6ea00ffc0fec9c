"""``python -m portal export-questions``: our questions for other programs."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal.commands.check import reader_locale
from portal.commands.import_questions import say
from portal.web.text import translate

if TYPE_CHECKING:
    from portal.core.questions import Question

HELP = "把题目导出为 GIFT、Moodle XML 或 QTI 3 / write questions as GIFT, Moodle XML or QTI 3"
EXAMPLE = (
    "python -m portal export-questions quizzes/mediation/pool.md --format moodle --to pool.xml"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE… --format gift|moodle|qti --to PATH [--language zh|en] [--lang zh|en]``"""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="测验或题库文件 / quiz or pool files"
    )
    parser.add_argument(
        "--format", choices=("gift", "moodle", "qti"), required=True, help="格式 / format"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="PATH", help="新文件 / new file")
    parser.add_argument(
        "--language",
        choices=("zh", "en"),
        default="zh",
        help="题目的语言 / language of the questions",
    )
    parser.add_argument("--lang", choices=("zh", "en"), help="语言 / language (LANG)")


def run(args: argparse.Namespace) -> int:
    """0 when the file is written, 1 when not; an existing file is not overwritten."""
    from portal.core.question_parser import Place
    from portal.core.quiz_parser import parse_quiz
    from portal.exchange import questions

    locale = args.lang or reader_locale(os.environ)
    found: list[Question] = []
    for path in args.files:
        try:
            text = path.read_text(encoding="utf-8-sig")
            twin = path.with_name(f"{path.stem}.en.md")
            english = twin.read_text(encoding="utf-8-sig") if twin.is_file() else None
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", "") or "UTF-8?"
            words = translate(locale, "exchange.no_file", path=path, reason=why)
            print(words, file=sys.stderr)
            return 1
        quiz_id = f"{path.resolve().parent.name}/{path.stem}"
        parsed, _ = parse_quiz(text, english, Place(path.name), quiz_id)
        found += parsed.questions
    if not found:
        print(translate(locale, "exchange.none"), file=sys.stderr)
        return 1
    data, notes = questions.write(args.format, found, args.language)
    for note in notes:
        print(say(note, locale), file=sys.stderr)
    try:
        with args.to.open("xb") as file:
            file.write(data)
    except OSError as error:
        reason = error.strerror or str(error)
        words = translate(locale, "exchange.not_written", path=args.to, reason=reason)
        print(words, file=sys.stderr)
        return 1
    lost = sum(note.lost for note in notes)
    print(translate(locale, "exchange.done", n=len(found) - lost, lost=lost), file=sys.stderr)
    return 0
