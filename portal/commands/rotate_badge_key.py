"""``rotate-badge-key``: sign badges with a new key from now on; old badges stay valid."""

from __future__ import annotations

import argparse
import sys

HELP = "更换徽章签名密钥 / replace the key that signs badges"
EXAMPLE = "python -m portal rotate-badge-key --data data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--data DIR]``"""
    parser.add_argument("--data", metavar="DIR", help="数据文件夹 / the data folder")


def run(args: argparse.Namespace) -> int:
    """0 when the new key is on disk, 1 when the old one still counts."""
    from portal.exchange import badge_keys
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of

    try:
        old, new = badge_keys.rotate(database_of(load(overrides={"data_dir": args.data})).parent)
    except (OSError, SettingsError, ValueError) as error:
        print(f"没有更换 / not replaced: {error}", file=sys.stderr)
        return 1
    print(f"已更换 / replaced: {old} → {new}")
    print("旧密钥签发的徽章仍可验证 / badges signed with the old key stay verifiable")
    return 0
