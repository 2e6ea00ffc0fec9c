"""``remind``: tell people what is due, by mail or as a list; the weekly digest to managers."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.actions.portal import Portal

HELP = "提醒到期的学习任务，给管理者发周报 / remind people of what is due; digests to managers"
EXAMPLE = "python -m portal remind --dry-run --unit 3 --days 7"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--dry-run] [--unit N] [--days N] [--digest] [--data DIR]``"""
    parser.add_argument(
        "--dry-run", action="store_true", help="只列出，不发送 / list them and send nothing"
    )
    parser.add_argument(
        "--unit", type=int, metavar="N", help="只提醒这个单位及下级 / only this unit and below"
    )
    parser.add_argument(
        "--days",
        type=int,
        default=7,
        metavar="N",
        help="也提醒 N 天内到期的 / also what is due within N days (7)",
    )
    parser.add_argument(
        "--digest",
        action="store_true",
        help="给各单位管理者发本周情况 / the week's digest to managers instead",
    )
    parser.add_argument("--data", metavar="DIR", help="数据文件夹 / the data folder")


def run(args: argparse.Namespace) -> int:
    """0 when everything that could be sent was sent (or listed), 1 when something failed."""
    from portal.actions.mailing import path_of_unit
    from portal.settings import SettingsError, load
    from portal.store.locks import DatabaseInUse

    if not 0 <= args.days <= 365:
        print("--days: 0 … 365", file=sys.stderr)
        return 1
    try:
        portal = _open(load(overrides={"data_dir": args.data}))
    except (SettingsError, OSError, DatabaseInUse) as error:
        print(f"没有提醒 / nobody was reminded: {error}", file=sys.stderr)
        return 1
    try:
        path = path_of_unit(portal, args.unit)
        if path is None:
            print(f"没有这个单位 / no such unit: {args.unit}", file=sys.stderr)
            return 1
        work = _digests if args.digest else _reminders
        return work(portal, path, args)
    finally:
        portal.db.close()


# Private functions


def _open(settings: object) -> Portal:
    from datetime import UTC, datetime

    from portal.actions.portal import Portal
    from portal.actions.progress import sync_courses
    from portal.content.library import Library
    from portal.settings import Settings
    from portal.settings.existing import database_of
    from portal.store.database import Database

    assert isinstance(settings, Settings)
    path = database_of(settings)
    library = Library(settings.content_dir, settings.data_dir / "content-cache.db")
    library.refresh()
    portal = Portal(Database(path), library, lambda: datetime.now(UTC), settings)
    sync_courses(portal)
    return portal


def _reminders(portal: Portal, path: str, args: argparse.Namespace) -> int:
    from portal.actions.mailing import due, mail, server_of
    from portal.exchange.mail import Outbox
    from portal.web.letters import name_list, reminder

    with portal.db.read() as conn:
        rows = list(due(conn, portal, path, args.days))
    server = server_of(portal.settings)
    if args.dry_run or server is None:
        print(name_list(portal, rows, "zh") or "没有要提醒的 / nobody to remind")
        if server is None:
            print("没有设 smtp_host，未发邮件 / no mail: smtp_host is not set", file=sys.stderr)
        return 0
    with Outbox(server) as outbox:
        sent = mail(portal, rows, lambda mine: reminder(portal, mine), outbox, None)
    print(
        f"已发 / mailed: {sent.mailed}；今天已发过 / already today: {sent.already}；"
        f"没有邮箱 / no address: {sent.no_address}；失败 / failed: {len(sent.failures)}"
    )
    for staff_no, why in sent.failures:
        print(f"{staff_no}: {why}", file=sys.stderr)
    return 1 if sent.failures else 0


def _digests(portal: Portal, path: str, args: argparse.Namespace) -> int:
    from portal.actions.mailing import digests, mail_digest, server_of
    from portal.core.addresses import is_address
    from portal.exchange.mail import MailFailed, Outbox
    from portal.web.letters import digest as compose

    server = server_of(portal.settings)
    failed = 0
    made = list(digests(portal, path))
    if args.dry_run or server is None:
        for one in made:
            letter = compose(portal, one)
            print(f"{letter.to or '—'}  {letter.subject}\n{letter.text}")
        return 0
    with Outbox(server) as outbox:
        for one in made:
            letter = compose(portal, one)
            if not is_address(letter.to):
                print(f"{one.to['name']}: 没有邮箱 / no address", file=sys.stderr)
                continue
            why = mail_digest(portal, one, letter, outbox)
            print(f"{letter.to}: {why or '已发 / sent'}")
            if isinstance(why, MailFailed):
                failed += 1
                if why.for_all:
                    break
    return 1 if failed else 0
