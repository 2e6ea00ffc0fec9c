"""``verify-badge``: say whether a badge is genuine, without the internet."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HELP = "验证徽章文件（离线） / verify a badge file, offline"
EXAMPLE = "python -m portal verify-badge steady-4.json --keys keys.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE [--keys FILE] [--staff-no NO] [--data DIR]``"""
    parser.add_argument("file", type=Path, metavar="FILE", help="徽章文件 / the badge's file")
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="签发方的公钥（从 /account/badges/keys.json 取得），不填则用数据文件夹里的 / "
        "the issuer's public keys (a JWK Set from /account/badges/keys.json); "
        "those of the data folder by default",
    )
    parser.add_argument(
        "--staff-no", metavar="NO", help="核对是否发给这个工号 / whether it was awarded to this one"
    )
    parser.add_argument("--data", metavar="DIR", help="数据文件夹 / the data folder")


def run(args: argparse.Namespace) -> int:
    """0 when it is genuine (and the named person's), 1 when not or when it cannot be read."""
    from portal.exchange import badge_files
    from portal.settings import SettingsError
    from portal.settings.existing import reason

    try:
        keys = _keys(args)
        text = args.file.read_bytes().decode("utf-8", "replace")
        found = badge_files.verify(text, keys, datetime.now(UTC))
    except (OSError, SettingsError) as error:
        print(f"打不开文件 / cannot be read: {reason(error)}", file=sys.stderr)
        return 1
    except ValueError as error:
        print(f"不是有效的徽章 / not a valid badge: {args.file}: {error}", file=sys.stderr)
        return 1
    print(f"签名有效 / genuine: {found.name}")
    print(f"  签发方 / issuer:  {found.issuer}")
    print(f"  授予 / awarded:   {found.awarded_at.date().isoformat()}")
    print(f"  密钥 / key:       {found.kid}")
    if args.staff_no is None:
        return 0
    if found.belongs_to(args.staff_no):
        print(f"  工号相符 / recipient matches: {args.staff_no}")
        return 0
    print(f"工号不符 / not awarded to {args.staff_no}", file=sys.stderr)
    return 1


# Private functions


def _keys(args: argparse.Namespace) -> dict[str, Any]:
    """The keys named, else those of the data folder. Raises OSError, SettingsError, BadBadge."""
    from portal.exchange import badge_files, badge_keys
    from portal.settings import load

    if args.keys is None:
        return badge_keys.public_keys(load(overrides={"data_dir": args.data}).data_dir)
    try:
        found = json.loads(args.keys.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        said = "公钥文件不是 JWK Set / the keys are no JWK Set"
        raise badge_files.BadBadge(f"{said}: {args.keys}")
    return found
