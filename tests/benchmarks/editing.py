"""How soon a trainer sees a problem while typing: the check alone, and in a browser.

    python -m tests.benchmarks.editing [--modules 2000] [--questions 20000] [--presses 15]

The check is ``Library.check`` of an 8 KB quiz whose text is new each time, in a library of invented
courses (see ``content_load``) and in the project's own. In the browser, ``shown`` is the time from
the key press that makes a mistake to the moment its message stands below the editor: the editor's
pause, the way there and back, the save on disk, the check and the preview included.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from portal.content.library import Library
from tests.benchmarks.content_load import write_tree
from tests.benchmarks.pages import cpu_s
from tests.browser import town
from tests.browser.site import LAPTOP, ROOT, Site, chromium, sign_in

SIZE = 8_000  # bytes of the file that is edited
PATH = "quizzes/typing/typing.md"
_QUESTION = """### 第 {n} 题

`#typing-{n:03d}` `难度:2` `依据:人民调解法§33`

巡查时发现楼道里的燃气阀门漏气，你第 {n} 件要做的事是什么？

- [ ] 先拍照上报情况
  > 先离开危险，再上报。
- [x] 先关阀、开窗、疏散住户
- [ ] 等物业公司的人到场

> **解析** 先断源，再疏散，同时上报（《人民调解法》第三十三条）。

"""
# resolves when the list of problems holds the words, with the time since the key press
_WAIT = """(words) => new Promise((done) => {
  const all = [...document.querySelectorAll('*')];
  const host = all.find((e) => e.shadowRoot?.querySelector('.found'));
  const found = host.shadowRoot.querySelector('.found');
  let pressed = 0;
  host.shadowRoot.querySelector('textarea').addEventListener(
    'input', () => { pressed = pressed || performance.now(); }, { once: true });
  const look = () => {
    if (found.textContent.includes(words)) { seen.disconnect(); done(performance.now() - pressed); }
  };
  const seen = new MutationObserver(look);
  seen.observe(found, { childList: true, subtree: true, characterData: true });
})"""


def main() -> None:
    """Print Markdown."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "content"
        write_tree(root, arguments.modules, arguments.questions, False)
        print("| check of 8 KB | median ms | slowest of 20 |\n| --- | --- | --- |")
        for name, where in (("the project's own library", ROOT), ("a large library", root)):
            times = _checks(where)
            print(f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} |", flush=True)
        _write(root)
        data = Path(folder) / "data"
        data.mkdir()
        site = Site(data, content=root, ids=town.build(data, root))
        site.start()
        try:
            times, cpu = _presses(site, arguments.presses)
        finally:
            site.stop()
        middle, slowest = statistics.median(times), max(times)
        print(f"\nshown after {middle:.0f} ms (median of {len(times)}; slowest {slowest:.0f} ms)")
        print(f"CPU of the server for a press and its answer: {cpu:.0f} ms (median)")


def quiz(number: int = 0) -> str:
    """A sound quiz of about ``SIZE`` bytes; ``number`` makes its text another."""
    text = f"---\nkind: quiz\ntitle: 打字 {number}\n---\n\n"
    n = 0
    while len(text.encode()) < SIZE:
        n += 1
        text += _QUESTION.format(n=n)
    return text


# Private functions


def _checks(root: Path) -> list[float]:
    library = Library(root)
    library.refresh()
    times = []
    for n in range(21):
        began = time.perf_counter()
        library.check({PATH: quiz(n)})
        times.append(1000 * (time.perf_counter() - began))
    return times[1:]


def _write(root: Path) -> None:
    for path, text in {
        "courses/typing/course.md": "---\ntitle: 打字\ncapability: law\nlevel: 1\nhours: 1\n---\n",
        "courses/typing/01-a.md": "---\ntitle: 一\nminutes: 1\n---\n\n## 一\n\n文字。\n",
        PATH: quiz(),
    }.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _presses(site: Site, count: int) -> tuple[list[float], float]:
    """Milliseconds until the problem was shown, each; the median CPU of a press."""
    assert site.process is not None
    with chromium() as browser:
        page = browser.new_context(viewport=LAPTOP, locale="zh-CN").new_page()
        sign_in(page, site, "trainer", f"/workspace?f={PATH}")
        area = page.get_by_label("Markdown 编辑区")
        area.wait_for()
        page.wait_for_timeout(2_000)
        times, cpu = [], []
        for n in range(count):
            before = cpu_s(site.process.pid)
            times.append(_press(page, n))
            cpu.append(1000 * (cpu_s(site.process.pid) - before) / 2)  # there and taken back
        return times, statistics.median(cpu)


def _press(page: Page, number: int) -> float:
    """Make a mistake with one key, see it, take it back and see that."""
    area = page.get_by_label("Markdown 编辑区")
    area.press("Control+Home")
    area.press("End")
    wait = page.evaluate_handle(f"() => ({{ done: ({_WAIT})('F001') }})")
    page.keyboard.type("x")  # "---x" is no beginning of the settings
    shown = float(page.evaluate("async (held) => await held.done", wait))
    page.keyboard.press("Backspace")
    page.wait_for_timeout(900)
    return shown


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=20000)
    parser.add_argument("--presses", type=int, default=15)
    return parser.parse_args()


if __name__ == "__main__":
    main()
