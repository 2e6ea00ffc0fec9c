"""``backup``: copy the database of a running or a stopped portal, verified."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

HELP = "备份数据库，服务可以不停 / back up the database, while it serves or not"
EXAMPLE = "python -m portal backup --data data /mnt/backup/portal-2026-11-22.db"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[TARGET] [--data DIR]``"""
    parser.add_argument(
        "target",
        nargs="?",
        type=Path,
        metavar="TARGET",
        help="备份写到哪个文件或文件夹；不填则写到数据文件夹的 backups/ / "
        "file or folder to write to; backups/ in the data folder by default",
    )
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when the backup is on disk and sound, 1 when there is none."""
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of
    from portal.store.backup import BadBackup, backup, backup_name

    try:
        path = database_of(load(overrides={"data_dir": args.data}))
        target = args.target or path.parent / "backups"
        if target.is_dir() or args.target is None:
            target = target / backup_name(path)
        made = backup(path, target)
    except FileNotFoundError as error:
        print(f"没有这个数据库 / no such database: {error}", file=sys.stderr)
    except FileExistsError as error:
        print(f"文件已存在，不覆盖 / not overwritten, it exists: {error}", file=sys.stderr)
    except (BadBackup, SettingsError, OSError, sqlite3.Error) as error:
        print(f"没有备份成功 / no backup was made: {error}", file=sys.stderr)
    else:
        size = made.stat().st_size / 1e6
        print(f"已备份并校验 / backed up and verified: {made} ({size:.1f} MB)")
        return 0
    return 1
