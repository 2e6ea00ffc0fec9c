"""``verify-pack``: whether an inspection pack is as it was made, and who made it."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

HELP = "核对检查材料包有没有被改动 / check that an inspection pack was not changed"
EXAMPLE = "python -m portal verify-pack 检查材料.xlsx --data data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE [--data DIR]``"""
    parser.add_argument("file", type=Path, metavar="FILE", help="检查材料包 / the pack (.xlsx)")
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹：再查审计日志 / look into this audit log as well"
    )


def run(args: argparse.Namespace) -> int:
    """0 when the records are those that were sealed (and noted in the log), else 1."""
    from portal.exchange.packs import NotAPack, check
    from portal.settings.existing import reason

    try:
        found = check(args.file)
    except OSError as error:
        print(f"打不开文件 / cannot be read: {reason(error)}", file=sys.stderr)
        return 1
    except NotAPack as error:
        print(f"不是检查材料包 / not an inspection pack: {error}", file=sys.stderr)
        return 1
    print(f"记录 / rows: {found.rows}\nSHA-256: {found.found}")
    if not found.is_sound:
        print(
            f"已被改动 / changed: {found.stated_rows} rows, SHA-256 {found.stated} stated",
            file=sys.stderr,
        )
        return 1
    print("与包内写明的一致 / as stated in the pack")
    return _in_log(args.data, found.found) if args.data else 0


def _in_log(data: str, seal: str) -> int:
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of
    from portal.store.audit import find_export
    from portal.store.database import Database

    try:
        settings = load(overrides={"data_dir": data})
        db = Database(database_of(settings))
        with db.read() as conn:
            entry = find_export(conn, seal)
        db.close()
    except (SettingsError, OSError, sqlite3.Error) as error:
        print(f"查不了审计日志 / the log cannot be read: {error}", file=sys.stderr)
        return 1
    if entry is None:
        print("审计日志里没有这个包 / not in the audit log", file=sys.stderr)
        return 1
    print(f"审计日志 / audit log: {entry['at']} {entry['actor_name']} #{entry['id']}")
    return 0
