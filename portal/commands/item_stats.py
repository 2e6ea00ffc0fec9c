"""``python -m portal item-stats``: which questions of a paper test worked, from its score sheet."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal.commands.check import reader_locale
from portal.web.text import translate

if TYPE_CHECKING:
    from portal.core.items import ItemStatistics, TestStatistics
    from portal.exchange.score_sheet import ScoreSheet

HELP = "从纸笔考试的成绩单算出每道题的统计 / item statistics of a paper test's score sheet"
EXAMPLE = "python -m portal item-stats scores.csv --format json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``SCORES [--format text|json] [--max-row auto|yes|no] [--guess PERCENT] [--lang zh|en]``"""
    parser.add_argument(
        "scores",
        metavar="SCORES",
        type=Path,
        help="成绩单（CSV 或 XLSX）：一行一人，一列一题；可有表头、姓名列和一行满分 / score sheet "
        "(CSV or XLSX): a row a person, a column an item; header, names and a first row of maximum "
        "marks are optional",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="输出格式 / output format"
    )
    parser.add_argument(
        "--max-row",
        choices=("auto", "yes", "no"),
        default="auto",
        help="第一行数字是不是满分 / whether the first row of numbers is the maximum marks",
    )
    parser.add_argument(
        "--guess",
        metavar="PERCENT",
        type=float,
        help="每题乱猜的平均得分率，如四选一为 25 / what random guessing earns at every item, "
        "e.g. 25 for four options",
    )
    parser.add_argument("--lang", choices=("zh", "en"), help="语言 / language (LANG)")


def run(args: argparse.Namespace) -> int:
    """0 when the figures are printed, 1 when the sheet cannot be read, 2 for a bad argument."""
    from portal.core.items import analyse
    from portal.exchange.score_sheet import read_score_sheet

    locale = args.lang or reader_locale(os.environ)
    if args.guess is not None and not 0 <= args.guess <= 100:
        print(translate(locale, "items.cli.guess_range"), file=sys.stderr)
        return 2
    try:
        data = args.scores.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        words = translate(locale, "items.cli.no_file", path=args.scores, reason=reason)
        print(words, file=sys.stderr)
        return 1
    sheet, problems = read_score_sheet(args.scores.name, data, args.max_row)
    if sheet is None:
        for problem in problems[:20]:
            place = f"{args.scores}:{problem.row}: " if problem.row else f"{args.scores}: "
            key_args = {"row": problem.row, **problem.args}
            print(place + translate(locale, problem.key, **key_args), file=sys.stderr)
        if len(problems) > 20:
            print(translate(locale, "items.cli.more", n=len(problems) - 20), file=sys.stderr)
        return 1
    guess = None if args.guess is None else args.guess / 100
    test, items = analyse(sheet.marks, sheet.maxima, [guess] * len(sheet.maxima))
    if args.format == "json":
        print(json.dumps(_as_json(sheet, test, items, locale), ensure_ascii=False, indent=2))
    else:
        print(_as_text(sheet, test, items, locale))
    return 0


# Private functions


def _as_json(
    sheet: ScoreSheet, test: TestStatistics, items: tuple[ItemStatistics, ...], locale: str
) -> dict[str, object]:
    from portal.core.item_flags import item_flags, test_flags

    return {
        "max_marks_from": sheet.max_from,
        "blank_cells_counted_0": sheet.blanks,
        "test": {
            "persons": test.n,
            "items": test.items,
            "max_mark": test.max_mark,
            "mean": test.mean,
            "median": test.median,
            "sd": test.sd,
            "skewness": test.skewness,
            "kurtosis": test.kurtosis,
            "cic": test.cic,
            "error_ratio": test.error_ratio,
            "standard_error": test.standard_error,
            "flags": [_flag(flag, locale) for flag in test_flags(test)],
        },
        "items": [
            {
                "item": name,
                "position": position,
                "persons": item.n,
                "max_mark": item.max_mark,
                "mean": item.mean,
                "facility": item.facility,
                "sd": item.sd,
                "random_guess_score": item.random_guess_score,
                "intended_weight": item.intended_weight,
                "effective_weight": item.effective_weight,
                "negative_covariance": item.negative_covariance,
                "discrimination_index": item.discrimination_index,
                "discriminative_efficiency": item.discriminative_efficiency,
                "rest_correlation": item.rest_correlation,
                "rest_correlation_interval": _interval(item),
                "flags": [_flag(flag, locale) for flag in item_flags(item)],
            }
            for position, (name, item) in enumerate(zip(sheet.items, items, strict=True), 1)
        ],
    }


def _interval(item: ItemStatistics) -> list[float] | None:
    from portal.core.items import interval

    bounds = interval(item.rest_correlation, item.n)
    return list(bounds) if bounds else None


def _flag(flag: object, locale: str) -> dict[str, str]:
    from portal.core.item_flags import Flag

    assert isinstance(flag, Flag)
    return {"code": flag.code, "text": translate(locale, f"items.flag.{flag.code}", **flag.args)}


def _as_text(
    sheet: ScoreSheet, test: TestStatistics, items: tuple[ItemStatistics, ...], locale: str
) -> str:
    from portal.core.item_flags import item_flags, test_flags

    def say(key: str, **args: object) -> str:
        return translate(locale, f"items.{key}", **args)

    figures = (
        ("persons", f"{test.n}"),
        ("items", f"{test.items}"),
        ("mean", f"{_figure(test.mean, 2)} / {test.max_mark:g}"),
        ("median", _figure(test.median, 2)),
        ("sd", _figure(test.sd, 2)),
        ("skewness", _figure(test.skewness, 3)),
        ("kurtosis", _figure(test.kurtosis, 3)),
        ("cic", _figure(test.cic, 1, "%")),
        ("error_ratio", _figure(test.error_ratio, 1, "%")),
        ("standard_error", _figure(test.standard_error, 2)),
    )
    lines = _table([(say(key), value) for key, value in figures], numbers=False)
    lines += [say(f"flag.{flag.code}", **flag.args) for flag in test_flags(test)]
    heads = ("item", "max", "facility", "sd", "intended", "effective", "index", "efficiency")
    rows = [tuple(say(f"column.{head}") for head in heads)]
    for name, item in zip(sheet.items, items, strict=True):
        rows.append(
            (
                name,
                f"{item.max_mark:g}",
                "—" if item.facility is None else f"{item.facility:.1%}",
                _figure(item.sd, 2),
                _figure(item.intended_weight, 1, "%"),
                say("cli.negative")
                if item.negative_covariance
                else _figure(item.effective_weight, 1, "%"),
                _figure(item.discrimination_index, 1),
                _figure(item.discriminative_efficiency, 1),
            )
        )
    lines += ["", *_table(rows), ""]
    for name, item in zip(sheet.items, items, strict=True):
        for flag in item_flags(item):
            if flag.code != "provisional":
                lines.append(f"{name}: {say(f'flag.{flag.code}', **flag.args)}")
    lines.append(say(f"cli.max_from_{sheet.max_from}"))
    if sheet.blanks:
        lines.append(say("cli.blanks", n=sheet.blanks))
    return "\n".join([*lines, say("cli.by_rest_score")])


def _figure(value: float | None, digits: int, unit: str = "") -> str:
    return "—" if value is None else f"{value:.{digits}f}{unit}"


def _table(rows: list[tuple[str, ...]], numbers: bool = True) -> list[str]:
    """Rows in columns as wide as their widest cell, a Chinese character being two wide."""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell))
            if at == 0 or not numbers
            else " " * (width - _width(cell)) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
