"""``statutes``: official texts of statutes, imported so that citations open the article."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.actions.portal import Portal
    from portal.actions.statute_texts import Imported

    Say = Callable[..., str]

HELP = "导入、列出、查看法规官方文本 / import, list and show official texts of statutes"
EXAMPLE = "python -m portal statutes import data/statutes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``import [PATH…] [--anyway] | list | show LAW ARTICLE``, ``[--lang] [--data] [--content]``"""
    deeds = parser.add_subparsers(dest="deed", metavar="import | list | show", required=True)
    taken = deeds.add_parser("import", help="导入文件或文件夹 / import files or folders")
    taken.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="文件或文件夹（默认为 statutes_dir） / files or folders (statutes_dir)",
    )
    taken.add_argument(
        "--anyway",
        action="store_true",
        help="与登记表不一致也导入 / import texts that differ from the register too",
    )
    listed = deeds.add_parser("list", help="列出已导入的文本 / list what was imported")
    shown = deeds.add_parser("show", help="显示一条 / show one article")
    shown.add_argument("law", metavar="LAW", help="法名 / the statute's name")
    shown.add_argument("article", metavar="ARTICLE", help="条号：33、291-2 / 33, 291-2")
    for one in (taken, listed, shown):
        one.add_argument("--lang", choices=("zh", "en"), help="语言 / language (LANG)")
        one.add_argument("--content", metavar="DIR", help="内容文件夹 / the content folder")
        one.add_argument(
            "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
        )


def run(args: argparse.Namespace) -> int:
    """0 when all was done, 1 when a file was refused or nothing is there to show."""
    from portal.actions.starting import open_portal
    from portal.commands.check import reader_locale
    from portal.settings import SettingsError, load
    from portal.store.locks import DatabaseInUse
    from portal.web.text import translate

    locale = args.lang or reader_locale(os.environ)

    def say(key: str, **given: object) -> str:
        return translate(locale, f"statutes.{key}", **given)

    try:
        portal = open_portal(load(overrides={"data_dir": args.data, "content_dir": args.content}))
    except (OSError, SettingsError, DatabaseInUse, sqlite3.Error) as error:
        print(say("not_opened", reason=error), file=sys.stderr)
        return 1
    try:
        if args.deed == "import":
            return _import(portal, args.paths, args.anyway, say, locale)
        return _list(portal, say) if args.deed == "list" else _show(portal, args, say)
    finally:
        portal.db.close()


# Private functions


def _import(portal: Portal, paths: list[Path], anyway: bool, say: Say, locale: str) -> int:
    from portal.actions.statute_folder import folder_of
    from portal.actions.statute_texts import KEPT, import_file

    counts: Counter[str] = Counter()
    refused = 0
    folder = folder_of(portal)
    for path in _files(paths or [folder] if paths or folder.is_dir() else []):
        found = import_file(portal, path, anyway=anyway)
        counts[found.outcome] += 1
        refused += found.outcome not in KEPT
        for line in _lines(found, say, locale):
            print(line)
    if not counts:
        print(say("no_files", folder=folder), file=sys.stderr)
        return 1
    print(
        say("summary", new=counts["new"], replaced=counts["replaced"], same=counts["same"])
        + (say("summary_refused", n=refused) if refused else "")
    )
    return 1 if refused else 0


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix == ".md")
        else:
            yield path


def _lines(found: Imported, say: Say, locale: str) -> Iterator[str]:
    from portal.core.problem_texts import describe

    name = found.path.name
    if found.outcome == "problems":
        for problem in found.problems:
            message, hint = describe(problem, locale)
            yield f"{name}:{problem.line}: {problem.code}: {message} {hint}"
        return
    yield f"{name}: " + say(
        f"outcome_{found.outcome}",
        title=found.title,
        effective=found.effective,
        n=found.articles,
        detail=found.detail,
    )
    for what, ours, theirs in found.differing:
        yield "  " + say(f"differs_{what}", ours=ours, theirs=theirs)
    if found.outside and found.outcome in ("new", "replaced"):
        yield "  " + say("outside", n=found.outside)


def _list(portal: Portal, say: Say) -> int:
    from portal.actions.statute_texts import list_texts

    rows = list_texts(portal)
    for row in rows:
        print(
            say("listed", title=row["title"], effective=row["effective"], n=row["articles"]),
        )
    if not rows:
        print(say("none"), file=sys.stderr)
    return 0 if rows else 1


def _show(portal: Portal, args: argparse.Namespace, say: Say) -> int:
    from portal.actions.statute_texts import find_article

    versions = portal.library.catalogue.statutes.versions(args.law)
    if not versions:
        print(say("unknown", law=args.law), file=sys.stderr)
        return 1
    found = find_article(portal, versions[0], args.article)
    if found is None:
        print(say("not_there", law=versions[0].short, article=args.article), file=sys.stderr)
        return 1
    print(say("shown", title=versions[0].title, effective=versions[0].effective))
    for heading in found.headings:
        print(heading)
    for paragraph in found.paragraphs:
        print(paragraph.text)
    return 0
