"""``rebuild-summaries``: make the sums that managers' pages read anew from the facts."""

from __future__ import annotations

import argparse
import sqlite3
import sys

HELP = "由原始记录重算各单位的汇总数 / make the units' sums anew from the facts"
EXAMPLE = "python -m portal rebuild-summaries --data data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--data DIR] [--content DIR]``"""
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )
    parser.add_argument("--content", metavar="DIR", help="内容文件夹 / the folder of courses/")


def run(args: argparse.Namespace) -> int:
    """0 when all sums are those of the facts, 1 when nothing was changed."""
    import time

    from portal.actions.starting import open_portal
    from portal.actions.summaries import rebuild_summaries
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of

    given = {"data_dir": args.data, "content_dir": args.content}
    try:
        settings = load(overrides=given)
        database_of(settings)
        portal = open_portal(settings)
    except (SettingsError, OSError, sqlite3.Error) as error:
        print(f"没有重算 / nothing was changed: {error}", file=sys.stderr)
        return 1
    began = time.monotonic()
    try:
        rebuild_summaries(portal)
    finally:
        portal.db.close()
    print(f"汇总数已重算 / sums made anew: {time.monotonic() - began:.1f} s")
    return 0
