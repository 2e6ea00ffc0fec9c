"""``import-roster``: take over a roster of people, all or nothing, or show what that would do."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Say = Callable[..., str]
    from portal.actions.portal import Portal
    from portal.actions.rosters import DryRun
    from portal.core.roster_model import RosterPlan

HELP = "导入人员名册（CSV、XLSX） / take over a roster of people (CSV, XLSX)"
EXAMPLE = "python -m portal import-roster roster.xlsx --dry-run"

_SHOWN = 20  # problems, and people of each kind in a dry run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE [--dry-run] [--deactivate-missing [--unit CODE]] [--lang zh|en] [--data DIR]``"""
    parser.add_argument("file", type=Path, metavar="FILE", help="名册 / the roster")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="只看会怎样，不写入 / show what would be done, do nothing",
    )
    parser.add_argument(
        "--deactivate-missing",
        action="store_true",
        help="停用名册里没有的人 / deactivate people whom the roster does not name",
    )
    parser.add_argument(
        "--unit",
        metavar="CODE",
        help="只停用这个单位（含下级）的人 / only those of the unit with this code",
    )
    parser.add_argument("--lang", choices=("zh", "en"), help="语言 / language (LANG)")
    parser.add_argument("--content", metavar="DIR", help="内容文件夹 / the content folder")
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when it was done (or shown), 1 when something is wrong and nothing was done."""
    from portal.actions import rosters
    from portal.actions.errors import Refused
    from portal.commands.check import reader_locale
    from portal.settings import SettingsError
    from portal.settings.existing import reason
    from portal.store.locks import DatabaseInUse
    from portal.web.text import translate

    locale = args.lang or reader_locale(os.environ)

    def say(key: str, **given: object) -> str:
        return translate(locale, key, **given)

    if args.unit and not args.deactivate_missing:
        print(
            "--unit 要与 --deactivate-missing 同用 / --unit goes with --deactivate-missing",
            file=sys.stderr,
        )
        return 2
    try:
        data = args.file.read_bytes()
        portal = _portal(args)
    except (OSError, SettingsError, DatabaseInUse, sqlite3.Error) as error:
        print(f"没有导入 / not imported: {reason(error)}", file=sys.stderr)
        return 1
    try:
        shown = rosters.dry_run(
            portal,
            None,
            data,
            deactivate_missing=args.deactivate_missing,
            missing_in=_unit_id(portal, args.unit),
        )
        if shown.plan.problems:
            print("\n".join(_problems(shown.plan, say)), file=sys.stderr)
            return 1
        print("\n".join(_summary(shown, say, with_people=args.dry_run)))
        if not args.dry_run and shown.plan.does_something:
            rosters.import_roster(portal, None, data, shown, progress=_show_progress)
            print(say("roster.done"))
    except Refused as refused:
        print(say(refused.key, **refused.args_by_name), file=sys.stderr)
        return 1
    finally:
        portal.db.close()
    return 0


# Private functions


def _portal(args: argparse.Namespace) -> Portal:
    from portal.actions.starting import open_portal
    from portal.settings import load
    from portal.settings.existing import database_of

    settings = load(overrides={"data_dir": args.data, "content_dir": args.content})
    database_of(settings)
    return open_portal(settings)


def _unit_id(portal: Portal, code: str | None) -> int | None:
    from portal.actions.errors import Refused
    from portal.store import units

    if code is None:
        return None
    with portal.db.read() as c:
        unit_id = units.find_by_code(c, code)
    if unit_id is None:
        raise Refused("roster.unit_unknown", row=0, unit=code)
    return unit_id


def _problems(plan: RosterPlan, say: Say) -> Iterator[str]:
    for problem in plan.problems[:_SHOWN]:
        yield say(problem.key, **problem.args)
    if len(plan.problems) > _SHOWN:
        yield say("roster.more", n=len(plan.problems) - _SHOWN)
    yield say("roster.not_done", n=len(plan.problems))


def _summary(shown: DryRun, say: Say, *, with_people: bool) -> Iterator[str]:
    plan = shown.plan
    for kind in ("added", "changed", "moved", "returned", "deactivated"):
        people = getattr(plan, kind)
        yield f"{say(f'roster.kind_{kind}')}: {len(people):,}"
        if with_people:
            for one in people[:_SHOWN]:
                yield f"  {one.staff_no} {one.name}"
            if len(people) > _SHOWN:
                yield f"  {say('roster.more', n=len(people) - _SHOWN)}"
    yield f"{say('roster.kind_unchanged')}: {plan.unchanged:,}"


def _show_progress(step: str, share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)
