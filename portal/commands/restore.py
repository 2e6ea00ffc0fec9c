"""``restore``: put a backup in the place of the database, keeping what it replaces."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

HELP = "用备份恢复数据库，须先停止服务 / restore the database from a backup; stop serving first"
EXAMPLE = "python -m portal restore data/backups/portal-backup-20261122T060307250Z.db --data data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``SOURCE [--data DIR]``"""
    parser.add_argument("source", type=Path, metavar="SOURCE", help="备份文件 / the backup")
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when the backup is in place, 1 when nothing was changed."""
    from portal.settings import SettingsError, load
    from portal.store.backup import BadBackup, restore
    from portal.store.locks import DatabaseInUse

    try:
        path = load(overrides={"data_dir": args.data}).data_dir / "portal.db"
        kept = restore(args.source, path)
    except FileNotFoundError as error:
        print(f"没有这个备份 / no such backup: {error}", file=sys.stderr)
    except DatabaseInUse as error:
        print(f"数据库正在使用，请先停止服务 / {error}", file=sys.stderr)
    except (BadBackup, SettingsError, OSError, sqlite3.Error) as error:
        print(f"没有恢复，数据库未变 / not restored, nothing changed: {error}", file=sys.stderr)
    else:
        print(f"已恢复 / restored: {path}")
        if kept:
            print(f"被替换的数据库保存在 / what it replaced is kept at: {kept}")
        return 0
    return 1
