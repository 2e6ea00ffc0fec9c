"""``python -m portal demo``: the same program over an invented county, to look around."""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from portal import settings as configuration
from portal.actions import (
    accounts,
    calibration,
    capability_rounds,
    issuing,
    item_counting,
    people,
    progress,
    unit_standing,
)
from portal.actions.portal import Portal
from portal.commands import serve
from portal.commands.demo import assigning, county, drilling, practising, year
from portal.content.library import Library
from portal.core.people import Person
from portal.store.database import Database, migrate

HELP = "用虚构的县试用系统 / try the portal over an invented county"
EXAMPLE = "python -m portal demo --staff 400 --seed 7"
PASSWORD = "Lantian-7384"  # noqa: S105 (of the demonstration, printed on the terminal)
_FIRST_PASSWORD = "Qingshi-5926"  # noqa: S105 (a year ago; nobody needs it)
DATABASE = "demo.db"
_PLAYERS = {kind: part.play for part in (practising, drilling) for kind in part.KINDS}
FEWEST, MOST = 20, 20_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """An account that the demonstration prints: who it is, and what to look at with it."""

    login: str
    what: str


ACCOUNTS = (
    Account("grid", "网格员 · a grid worker: 首页、课程、测验"),
    Account("street", "街道管理者 · manages one street: 单位学情"),
    Account("county", "县级管理者 · manages the county: 单位学情，逐级下钻"),
    Account("trainer", "培训师 · a trainer: 内容检查、预览"),
    Account("auditor", "审计员 · an auditor: 审计日志"),
    Account("admin", "管理员 · the administrator: 人员与单位"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    serve.add_arguments(parser)
    parser.add_argument(
        "--staff", type=_staff, default=400, metavar="N", help="人数 / people (400)"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="换一个县 / county (7)")
    parser.add_argument(
        "--no-serve", action="store_true", help="只生成 demo.db / make demo.db and stop"
    )


def _staff(text: str) -> int:
    """At least one person of each post, and no more than the invented units can hold."""
    number = int(text)
    if not FEWEST <= number <= MOST:
        raise argparse.ArgumentTypeError(f"{FEWEST} … {MOST}")
    return number


def run(args: argparse.Namespace) -> int:
    """Make the county where it is missing, print its accounts, serve."""
    settings = serve.settings_of(args, database=DATABASE)
    if settings is None:
        return 1
    target = settings.data_dir / DATABASE
    if target.exists():
        print(
            f"{target}：已有演示数据，删除后可重新生成。"
            " / There already; delete it to make another."
        )
    else:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".making")
        _remove(draft)
        make(settings, draft, staff=args.staff, seed=args.seed)
        with draft.open("rb") as made:
            os.fsync(made.fileno())
        draft.rename(target)
        _remove(draft)
    _print_accounts()
    return 0 if args.no_serve else serve.serve(settings)


def make(settings: configuration.Settings, path: Path, *, staff: int, seed: int) -> None:
    """Fill a new database at ``path``; the same seed and content make the same county.

    What is made is not yet safe from a loss of power: a broken demonstration is made again.
    """
    rng = random.Random(seed)  # noqa: S311 (an invented county, not a secret)
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    migrate(path)
    clock = year.Clock(end - year.SPAN)
    library = Library(settings.content_dir, None)
    library.refresh()
    portal = Portal(Database(path, draft=True), library, clock, settings)
    try:
        progress.sync_courses(portal)
        admin = _administrator(portal)
        plans = list(county.people(county.units(), staff, rng))
        actors = _people(portal, admin, plans)
        shown = set(_logins(plans))
        sittings = [
            *year.plan(library.catalogue, plans, end, rng),
            *practising.plan(plans, shown, end, settings.tz, rng),
            *drilling.plan(library.catalogue, plans, end, rng),
        ]
        sittings.sort(key=lambda sitting: (sitting.at, sitting.person))
        day = None
        for sitting in _progress(sittings, "一年的学习 / a year of learning"):
            if sitting.at.date() != day:  # questions learn every night how hard they are
                day = sitting.at.date()
                calibration.calibrate(portal)
            who = actors[sitting.person]
            play = _PLAYERS.get(sitting.kind, year.play)
            skill = year.skill_at(plans[sitting.person].skill, sitting.at, end)
            play(portal, sitting, who, skill, rng)
        clock.at = end
        _open_accounts(portal, admin, actors)
        assigning.assign(portal, {person.login: person.id for person in actors}, end)
        _work_out(portal)
    finally:
        portal.db.close()


def _work_out(portal: Portal) -> None:
    """What a server does in rounds and at night: every page has its figures at the first look."""
    while item_counting.count_pending(portal):
        pass
    issuing.issue_due(portal)
    calibration.calibrate(portal)
    unit_standing.catch_up(portal, None)
    capability_rounds.refresh_effects(portal)
    capability_rounds.refresh(portal)


def _administrator(portal: Portal) -> Person:
    token = accounts.setup_link(portal)
    if token is None:
        raise RuntimeError("a new database already has an administrator")
    signed_in = accounts.set_up(
        portal,
        token,
        "admin",
        "演示管理员",
        _FIRST_PASSWORD,
        "127.0.0.1",
        "demo",
        staff_no="Q00000",
    )
    return signed_in.person


def _people(portal: Portal, admin: Person, plans: list[county.PersonPlan]) -> list[Person]:
    """Make units and people, and return the people as those who act."""
    ids: list[int] = []
    for unit in county.units():
        parent = None if unit.parent is None else ids[unit.parent]
        ids.append(people.create_unit(portal, admin, parent, unit.kind, unit.name, unit.name_en))
    paths = {row["id"]: row["path"] for row in people.list_units(portal, admin)}
    logins = _logins(plans)
    actors: list[Person] = []
    for n, plan in enumerate(_progress(plans, "人员 / people")):
        login, unit_id = logins.get(n, plan.staff_no), ids[plan.unit]
        made = people.create_person(
            portal,
            admin,
            staff_no=plan.staff_no,
            login=login,
            name=plan.name,
            unit_id=unit_id,
            posts=[plan.post],
        )
        actors.append(
            Person(
                id=made.person_id,
                staff_no=plan.staff_no,
                login=login,
                name=plan.name,
                posts=(plan.post,),
                unit_id=unit_id,
                unit_path=paths[unit_id],
            )
        )
    return actors


def _logins(plans: list[county.PersonPlan]) -> dict[int, str]:
    """Whom the printed accounts belong to: the first of each post, by position."""
    first: dict[str, int] = {}
    for n, plan in enumerate(plans):
        first.setdefault(plan.post, n)
    wanted = {
        "grid": "grid",
        "street": "street",
        "county": "county",
        "city": "trainer",
        "mediator": "auditor",
    }
    return {first[post]: login for post, login in wanted.items() if post in first}


def _open_accounts(portal: Portal, admin: Person, actors: list[Person]) -> None:
    """Give the printed accounts their roles, and the password, as of today."""
    for person in actors:
        if person.login in ("street", "county"):
            people.grant_role(portal, admin, person.id, "manager", person.unit_id)
        elif person.login in ("trainer", "auditor"):
            people.grant_role(portal, admin, person.id, person.login)
    for person in [*(a for a in actors if a.login in {b.login for b in ACCOUNTS}), admin]:
        initial = people.reset_password(portal, admin, person.id)
        signed_in = accounts.sign_in(portal, person.login, initial, "127.0.0.1", "demo")
        accounts.change_password(portal, signed_in.person, signed_in.token, initial, PASSWORD)
        accounts.sign_out(portal, signed_in.token)


def _progress(items: Iterable[T], label: str) -> Iterator[T]:
    """Go through ``items`` with a bar on the terminal (a line at the end where it is none)."""
    total = len(items) if isinstance(items, Sized) else 0
    live = sys.stderr.isatty()
    for n, item in enumerate(items, 1):
        yield item
        if live and (n == total or n % max(1, total // 100) == 0):
            filled = "█" * (30 * n // total)
            print(f"\r{label:32} {filled:30} {n}/{total}", end="", file=sys.stderr, flush=True)
    print(f"\r{label}: {total}{' ' * 40}", file=sys.stderr, flush=True)


def _print_accounts() -> None:
    print(f"演示账号（密码都是 {PASSWORD}）/ Demonstration accounts (password {PASSWORD}):")
    for account in ACCOUNTS:
        print(f"  {account.login:10} {account.what}")


def _remove(draft: Path) -> None:
    """What an interrupted or finished making leaves beside the database."""
    for suffix in ("", "-wal", "-shm", ".lock", ".starting"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
