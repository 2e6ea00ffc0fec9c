"""``python -m portal calibrate``: let questions learn how hard they are, now."""

from __future__ import annotations

import argparse
import sqlite3
import sys

HELP = "按作答记录校准题目难度 / calibrate the difficulty of questions from what was answered"
EXAMPLE = "python -m portal calibrate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--anew] [--data DIR]``"""
    parser.add_argument(
        "--anew",
        action="store_true",
        help="从头校准全部题目（平时每夜自动增量校准） / all questions from the beginning",
    )
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when every answer in the log has been learned from, 1 when nothing could be done."""
    from datetime import UTC, datetime

    from portal.actions.calibration import calibrate
    from portal.actions.portal import Portal
    from portal.content.library import Library
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of
    from portal.store.database import Database
    from portal.store.locks import DatabaseInUse

    try:
        settings = load(overrides={"data_dir": args.data})
        path = database_of(settings)
        db = Database(path)
        try:
            library = Library(settings.content_dir, None)  # not read: the log says all
            read = calibrate(
                Portal(db, library, lambda: datetime.now(UTC), settings), anew=args.anew
            )
        finally:
            db.close()
    except (SettingsError, DatabaseInUse, OSError, sqlite3.Error) as error:
        print(f"没有完成 / not done: {error}", file=sys.stderr)
        return 1
    print(f"读了 {read} 条记录。 / {read} rows of the log were read.")
    return 0
