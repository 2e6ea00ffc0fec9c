"""``audit-verify``: whether the audit log is as it was written, entry by entry."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.core.audit_chain import Fault, Walk

HELP = "校验审计日志有没有被改动 / check that the audit log was not tampered with"
EXAMPLE = "python -m portal audit-verify --data data --head 1042:9f3c…"

_SAID = {
    "changed": "第 {first} 条或它的前一条被改动过 / entry {first} or the one before was changed",
    "missing": "第 {first} 至 {last} 条不见了 / entries {first} to {last} are gone",
    "not_kept": "与另存的校验值不符：日志在第 {first} 条或更早处被截断或重写 / "
    "does not fit the head that was kept: cut off or written anew at entry {first} or before",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--head N:SEAL] [--data DIR]``"""
    parser.add_argument(
        "--head",
        metavar="N:SEAL",
        help="以前另存的校验值；有它才能发现整本日志连同末尾的登记一起被重写 / "
        "a head that was kept elsewhere: only it shows a log written anew together with its tip",
    )
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when the log is whole, 1 when it is not or cannot be read, 2 for a head of no such form."""
    from portal.actions.audit import walk_log
    from portal.core.audit_chain import parse_head
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of
    from portal.store.database import Database
    from portal.store.locks import DatabaseInUse

    kept = parse_head(args.head) if args.head else None
    if args.head and kept is None:
        print(
            "--head 要写成 条数:64 位十六进制 / write --head as number:64 hex digits",
            file=sys.stderr,
        )
        return 2
    try:
        settings = load(overrides={"data_dir": args.data})
        db = Database(database_of(settings))
        try:
            for state, newest in walk_log(db, kept):
                _show_progress(state.head.id, newest)
        finally:
            db.close()
    except (SettingsError, DatabaseInUse, OSError, sqlite3.Error) as error:
        print(f"没有校验成 / could not be checked: {error}", file=sys.stderr)
        return 1
    return _report(state)


# Private functions


def _show_progress(done: int, newest: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} / {newest:,}", end="" if done < newest else "\n", file=sys.stderr)


def _report(state: Walk) -> int:
    for fault in state.faults:
        print(_words(fault), file=sys.stderr)
    if state.wrong:
        print(
            f"日志不完整：{state.wrong} 处 / the log is not whole: {state.wrong} faults",
            file=sys.stderr,
        )
        return 1
    print(
        f"{state.entries:,} 条，前后相连，没有改动 / entries, linked and unchanged\n"
        f"请把这个校验值抄到别处，下次用 --head 核对 / keep this head elsewhere for --head:\n"
        f"{state.head}"
    )
    return 0


def _words(fault: Fault) -> str:
    return _SAID[fault.kind].format(first=fault.first, last=fault.last)
