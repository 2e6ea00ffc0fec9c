"""How long a large content folder takes to load: cold, after a restart, and after one edit.

    python -m tests.benchmarks.content_load [--modules 2000] [--questions 20000] [--english]

A tree of invented courses is written to a temporary folder from a seed: modules of about 1,200
characters with one checkpoint each, and quiz files of twenty questions of several kinds, with
feedback, explanations and citations. Each figure is the time of ``Library(root, cache)`` with its
``refresh()`` in this process; "cold" has no cache, "restart" a full one and a new Library.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE))

from portal.content.library import Library  # noqa: E402

MODULES_PER_COURSE = 10
QUESTIONS_PER_FILE = 20
_WORDS = """
网格员 居民 楼道 燃气 阀门 社区 街道 调解 记录 上报 隐患 排查 疏散 老人 孩子 物业
电话 现场 警戒 通知 协议 当事人 证据 照片 台账 巡查 电动车 充电 消防 通道 门口 邻居
漏水 噪声 补偿 登记 核实 反馈 回访 会议 预案 演练 志愿者 集合点 值班 夜间 雨天 积水
电线 停电 医院 救护 派出所 信访 诉求 答复 期限 材料 窗口 流程
""".split()  # noqa: SIM905
_LAW = "《人民调解法》第三十三条"


def main() -> None:
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="content-load-"))
    try:
        root = folder / "content"
        write_tree(root, arguments.modules, arguments.questions, arguments.english)
        size = sum(file.stat().st_size for file in root.rglob("*.md"))
        files = sum(1 for _ in root.rglob("*.md"))
        print(f"{files} files, {size / 1e6:.1f} MB, {os.cpu_count()} cores")
        cache = folder / "cache.db"
        library = Library(root, cache)
        cold = _timed("cold, no cache", library.refresh)
        catalogue = library.catalogue
        print(f"  {len(catalogue.modules)} modules, {len(catalogue.questions)} questions, ", end="")
        print(f"{len(catalogue.problems)} problems")
        fingerprint = catalogue.fingerprint
        del library, catalogue  # a restarted process has no old catalogue to carry
        gc.collect()
        again = Library(root, cache)
        warm = _timed("restart, nothing changed", again.refresh)
        assert again.catalogue.fingerprint == fingerprint
        time.sleep(2.1)  # files older than the file system's clock can confuse
        again.refresh()
        _timed("running, nothing changed", again.refresh)
        file = next(iter(sorted((root / "quizzes").rglob("*.md"))))
        file.write_text(file.read_text("utf-8") + "\n", "utf-8")
        _timed("running, one file changed", again.refresh)
        _timed("every question unpacked", lambda: [*again.catalogue.questions.values()])
        print("targets: cold < 10 s:", cold < 10, "  restart < 1 s:", warm < 1)
    finally:
        shutil.rmtree(folder)


def write_tree(root: Path, modules: int, questions: int, english: bool, seed: int = 1) -> None:
    """``modules`` modules with a checkpoint each and the rest of ``questions`` in quiz files."""
    pick = random.Random(seed)
    number = 0
    courses = max(1, modules // MODULES_PER_COURSE)
    shutil.copytree(HERE / "courses", root / "courses", ignore=_only_models)
    in_quizzes = questions - modules
    for course in range(courses):
        name = f"course-{course:03d}"
        folder = root / "courses" / name
        folder.mkdir(parents=True)
        _write(folder / "course", _COURSE.format(title=_text(pick, 4)), english)
        for module in range(MODULES_PER_COURSE):
            number += 1
            body = "\n\n".join(_section(pick) for _ in range(4))
            text = f"---\ntitle: {_text(pick, 4)}\nminutes: 20\n---\n\n{body}\n\n"
            text += _question(pick, number)
            _write(folder / f"{module + 1:02d}-part-{module}", text, english)
        quizzes = root / "quizzes" / name
        quizzes.mkdir(parents=True)
        share = in_quizzes // courses
        for file in range(-(-share // QUESTIONS_PER_FILE)):
            kind = "pool" if file else "quiz"
            parts = [f"---\nkind: {kind}\ntitle: {_text(pick, 4)}\n---\n"]
            for _ in range(min(QUESTIONS_PER_FILE, share - file * QUESTIONS_PER_FILE)):
                number += 1
                parts.append(_question(pick, number))
            _write(quizzes / ("basics" if not file else f"pool-{file}"), "\n".join(parts), english)


# Private functions

_COURSE = """---
title: {title}
capability: emergency
level: 2
hours: 1
owner: 培训组
pass: {{modules: all, quizzes: [basics]}}
---

课程介绍。
"""


def _only_models(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".toml")]


def _write(stem: Path, text: str, english: bool) -> None:
    stem.with_name(stem.name + ".md").write_text(text, "utf-8")
    if english:
        stem.with_name(stem.name + ".en.md").write_text(text, "utf-8")


def _text(pick: random.Random, words: int) -> str:
    return "".join(pick.choices(_WORDS, k=words))


def _section(pick: random.Random) -> str:
    points = "\n".join(f"- **{_text(pick, 2)}**：{_text(pick, 10)}。" for _ in range(3))
    case = f"> [!CASE]\n> {_text(pick, 25)}。"
    law = f"{_text(pick, 30)}（{_LAW}）。"
    return "\n\n".join([f"## {_text(pick, 3)}", case, law, points, f"{_text(pick, 30)}。"])


def _question(pick: random.Random, number: int) -> str:
    head = f"### {_text(pick, 3)}\n\n`#item-{number:05d}` `2分` `难度:{pick.randint(1, 5)}`"
    stem = f"{_text(pick, 14)}？"
    tail = f"> **解析** {_text(pick, 12)}，见{_LAW}。\n"
    kind = pick.random()
    if kind < 0.75:
        right = pick.randrange(4)
        answer = "\n".join(
            f"- [{'x' if at == right else ' '}] {_text(pick, 6)}\n  > {_text(pick, 8)}。"
            for at in range(4)
        )
    elif kind < 0.85:
        answer = "\n".join(f"{at}. {_text(pick, 5)}" for at in range(1, 5))
    elif kind < 0.95:
        answer = f"> **答案** {_text(pick, 2)} ｜ {_text(pick, 2)}"
    else:
        rows = "\n".join(f"| {_text(pick, 3)} | {_text(pick, 4)} |" for _ in range(4))
        answer = f"| 甲 | 乙 |\n| --- | --- |\n{rows}"
    return f"{head}\n\n{stem}\n\n{answer}\n\n{tail}"


def _timed(name: str, act: Callable[[], object]) -> float:
    start, cpu = time.perf_counter(), _cpu()
    act()
    seconds = time.perf_counter() - start
    print(f"{name}: {seconds:.2f} s ({_cpu() - cpu:.2f} s of CPU)", flush=True)
    return seconds


def _cpu() -> float:
    """CPU seconds of this process and of the workers that have ended: steadier than the clock."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=20000)
    parser.add_argument("--english", action="store_true", help="an English edition of every file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
