"""``python -m portal recompute``: every capability profile again from the log."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import time

HELP = "从作答记录重算能力画像，或核对 / make capability profiles anew from the log, or verify them"
EXAMPLE = "python -m portal recompute --verify"
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[--verify] [--anew] [--processes N] [--data DIR]``"""
    parser.add_argument(
        "--verify",
        action="store_true",
        help="只核对，不改动；有出入时返回 1 / compare to the last digit and change nothing",
    )
    parser.add_argument(
        "--anew",
        action="store_true",
        help="上次中断过也从头重算 / begin at the start even after an interrupted run",
    )
    parser.add_argument(
        "--processes",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="并行进程数（默认为处理器核数） / processes (as many as there are cores)",
    )
    parser.add_argument(
        "--data", metavar="DIR", help="数据文件夹 / the data folder (portal.db is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when all profiles are what the log gives, 1 when some differ or nothing could be done."""
    from portal.actions import recompute
    from portal.settings import SettingsError, load
    from portal.settings.existing import database_of
    from portal.store.locks import DatabaseInUse

    try:
        path = database_of(load(overrides={"data_dir": args.data}))
        began, events = time.monotonic(), 0
        differing: list[int] = []
        processes = max(1, args.processes)
        if args.verify:
            steps = recompute.verify(path, processes)
        else:
            after = 0 if args.anew else recompute.stopped_at(path)
            _say_where(after)
            steps = recompute.recompute(path, processes, after=after)
        for step in steps:
            events += step.events
            differing += step.differing
            _bar(step.done, step.total)
    except (SettingsError, DatabaseInUse, OSError, sqlite3.Error) as error:
        print(f"没有完成 / not done: {error}", file=sys.stderr)
        return 1
    print(
        f"{events} 条记录，{time.monotonic() - began:.0f} 秒 / "
        f"{events} events in {time.monotonic() - began:.0f} s"
    )
    return _report(differing, verify=args.verify)


# Private functions


def _say_where(after: int) -> None:
    if after:
        print(
            f"上次重算中断，从人员编号 {after} 之后继续；要从头开始请加 --anew。 / "
            f"The last run was interrupted: going on after person id {after}; "
            "--anew begins at the start."
        )


def _report(differing: list[int], *, verify: bool) -> int:
    if not differing:
        print("画像与记录完全一致。 / All profiles are what the log gives, to the last digit.")
        return 0
    ids = ", ".join(map(str, differing[:SHOWN])) + (" …" if len(differing) > SHOWN else "")
    if not verify:
        print(
            f"已改正 {len(differing)} 人的画像（人员编号 {ids}）。 / "
            f"Mended {len(differing)} profiles (person ids {ids})."
        )
        return 0
    print(
        f"{len(differing)} 人的画像与记录不一致（人员编号 {ids}）。"
        "运行不带 --verify 的 recompute 可改正。 / "
        f"{len(differing)} profiles differ from the log (person ids {ids}); "
        "run recompute without --verify to mend them."
    )
    return 1


def _bar(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        share = min(1.0, done / total)
        filled = "█" * int(30 * share)
        print(f"\r重算 / recompute {filled:30} {share:4.0%}", end="", file=sys.stderr, flush=True)
        if share >= 1.0:
            print(file=sys.stderr)
