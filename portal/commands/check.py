"""``python -m portal check``: what is wrong with the content, file by file, and how to mend it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from portal import settings as portal_settings
from portal.content.check import check
from portal.core.problem_texts import describe, severity_of
from portal.core.problems import Problem

NAME = "check"
HELP = "检查课程和题目 / check courses and questions"
EXAMPLE = "python -m portal check courses/mediation quizzes/mediation --fix"

_WORDS = {
    "zh": {
        "error": "错误",
        "warning": "提醒",
        "summary": "{errors} 个错误，{warnings} 个提醒。",
        "clean": "没有发现问题。",
        "no_content": "{root} 里没有 courses/ 文件夹。用 --content 指明内容所在的文件夹。",
        "outside": "{path} 不在内容文件夹 {root} 里。",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "summary": "Errors: {errors}. Warnings: {warnings}.",
        "clean": "No problems found.",
        "no_content": "There is no courses/ folder in {root}. Name the folder by --content.",
        "outside": "{path} is not inside the content folder {root}.",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``check``."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="文件或文件夹（默认全部） / files or folders (all)"
    )
    parser.add_argument(
        "--fix", action="store_true", help="补上缺少的题号 / write missing question ids"
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="输出格式 / output format"
    )
    parser.add_argument(
        "--content",
        metavar="DIR",
        help="含 courses/ 和 quizzes/ 的文件夹 / folder that holds courses/ and quizzes/",
    )
    parser.add_argument("--lang", choices=("zh", "en"), help="语言 / language (LANG)")


def run(arguments: argparse.Namespace) -> int:
    """Print what is wrong. Returns 0, 1 when there are errors, 2 when asked for the impossible."""
    locale = arguments.lang or reader_locale(os.environ)
    words = _WORDS[locale]
    root = _content_folder(arguments.content)
    if not (root / "courses").is_dir():
        print(words["no_content"].format(root=root.resolve()), file=sys.stderr)
        return 2
    paths = []
    for asked in arguments.paths:
        inside = _inside(root, asked)
        if inside is None:
            print(words["outside"].format(path=asked, root=root.resolve()), file=sys.stderr)
            return 2
        paths.append(inside)
    problems = check(root, paths, fix=arguments.fix, today=date.today().isoformat())
    if arguments.format == "json":
        print(json.dumps([_as_json(problem, locale) for problem in problems], ensure_ascii=False))
    else:
        print(_as_text(problems, locale))
    return 1 if any(severity_of(problem) == "error" for problem in problems) else 0


def reader_locale(environment: os._Environ[str] | dict[str, str]) -> str:
    """``en`` where the system speaks English; Chinese, the source language, everywhere else."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


# Private functions


def _content_folder(asked: str | None) -> Path:
    """The folder that was asked for; else where one stands, if content is there; else the
    portal's own."""
    if asked is not None:
        return Path(asked)
    here = Path()
    return here if (here / "courses").is_dir() else portal_settings.load().content_dir


def _inside(root: Path, asked: str) -> str | None:
    """``asked`` relative to ``root``; it may be written from where one stands, or from the root."""
    base = root.resolve()
    for candidate in (Path(asked), root / asked):
        absolute = Path(os.path.normpath(Path.cwd() / candidate))  # links are not followed
        if absolute.exists() and absolute.is_relative_to(base):
            return absolute.relative_to(base).as_posix()
    return None


def _as_text(problems: Sequence[Problem], locale: str) -> str:
    words = _WORDS[locale]
    lines = []
    for problem in problems:
        message, hint = describe(problem, locale)
        severity = words[severity_of(problem)]
        place = f"{problem.path}:{problem.line}"
        lines.append(f"{place}: {severity} {problem.code}: {message}  {hint}")
    errors = sum(severity_of(problem) == "error" for problem in problems)
    summary = words["summary"].format(errors=errors, warnings=len(problems) - errors)
    return "\n".join([*lines, summary if problems else words["clean"]])


def _as_json(problem: Problem, locale: str) -> dict[str, object]:
    message, hint = describe(problem, locale)
    return {
        "path": problem.path,
        "line": problem.line,
        "severity": severity_of(problem),
        "code": problem.code,
        "message": message,
        "hint": hint,
    }


if __name__ == "__main__":
    _parser = argparse.ArgumentParser(prog="portal check", epilog=EXAMPLE)
    add_arguments(_parser)
    sys.exit(run(_parser.parse_args()))
