"""``python -m portal regrade``: carry decisions about questions out now, with progress."""

from __future__ import annotations

import argparse
import sqlite3
import sys

HELP = "立即执行重判、作废等决定，显示进度 / carry out regrades and voids now, with progress"
EXAMPLE = "python -m portal regrade"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--data DIR] [--content DIR]``"""
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )
    parser.add_argument(
        "--content", metavar="DIR", help="内容文件夹 / the content folder (courses, quizzes)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when every decision is carried out, 1 when one waits or nothing could be done."""
    from datetime import UTC, datetime

    from portal.actions import regrading
    from portal.actions.portal import Portal
    from portal.content.library import Library
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of
    from portal.store import question_decisions
    from portal.store.database import Database
    from portal.store.locks import DatabaseInUse

    try:
        settings = load(overrides={"data_dir": args.data, "content_dir": args.content})
        path = database_of(settings)
        library = Library(settings.content_dir)
        library.refresh()
        db = Database(path)
    except (SettingsError, DatabaseInUse, OSError, sqlite3.Error) as error:
        print(f"没有完成 / not done: {error}", file=sys.stderr)
        return 1
    portal = Portal(db, library, lambda: datetime.now(UTC), settings)
    try:
        with db.read() as c:
            waiting = question_decisions.unfinished(c)
        for decision in waiting:
            while step := regrading.one_round(portal, decision["id"]):
                print(
                    f"#{decision['question_id']}: {step.attempts} 份答卷，{step.changed} 份有变，"
                    f"{step.gained} 份补为合格，{step.lost} 份取消合格 / attempts {step.attempts}, "
                    f"changed {step.changed}, gained {step.gained}, lost {step.lost}"
                )
        with db.read() as c:
            left = question_decisions.unfinished(c)
    finally:
        db.close()
    if not left:
        print("都已执行完 / all decisions are carried out")
        return 0
    ids = ", ".join(f"#{row['question_id']}" for row in left)
    print(f"还在等新版题目生效 / waiting for the changed file to be served: {ids}")
    return 1
