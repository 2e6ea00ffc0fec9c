"""A small content folder for tests: two courses, a quiz, a pool and an exam, all sound."""

from __future__ import annotations

from pathlib import Path

CAPABILITIES = """
[[capability]]
key = "law"
zh = "法律政策运用"
en = "Law and policy"
colour = "#1D4E89"
{levels}

[[post]]
key = "grid"
zh = "网格员"
en = "Grid worker"
needs = {{law = 2}}
""".format(
    levels="\n".join(
        f'[[capability.level]]\nn = {n}\nzh = "第{n}级"\nen = "Level {n}"' for n in range(1, 6)
    )
)
STATUTES = """
[[statute]]
title = "中华人民共和国人民调解法"
short = "人民调解法"
english = "People's Mediation Law"
effective = 2011-01-01
articles = 35
in_force = true
"""
COURSE = """---
title: 调解入门
capability: law
level: 2
posts: [grid]
hours: 1.5
owner: 群众工作组
review_by: 2027-03-31
prerequisites: []
pass: {modules: all, quizzes: [basics]}
valid_months: 12
---

这门课讲调解。
"""
MODULE = """---
title: 接待
minutes: 20
summary: 先听来意。
---

## 案例

> [!CASE]
> 老吴来了，说楼上漏水。

## 怎么做

先听，再记（《人民调解法》第十七条）。

### 对方说不调

`#one-cp-1` `2分` `难度:2` `依据:人民调解法§17`

对方明确说不接受调解，你接下来怎么做？

- [ ] 继续通知对方到场
  > 这是硬调。
- [x] 停止调解，告诉其他途径
- [ ] 缺席调解，寄协议书

> **解析** 自愿是底线。
"""
MODULE_EN = """---
title: The first visit
summary: Listen first.
---

## A case

> [!CASE]
> Old Wu comes in about a leak.

## What to do

Listen first, then write it down.

### They say no

`#one-cp-1`

The other side says no. What do you do?

- [ ] Call them in again
  > That is forcing it.
- [x] Stop and name the other ways
- [ ] Mediate without them

> **Explanation** It is voluntary.
"""
QUIZ = """---
kind: quiz
title: 基础测验
pass_mark: 80
---

### 收费

`#one-001` `难度:1` `依据:人民调解法§4`

人民调解委员会调解民间纠纷，收取任何费用吗？

- [ ] 按标的收费
- [x] 不收取任何费用
- [ ] 只收成本费

> **解析** 《人民调解法》第四条。

### 几日内申请

`#one-002` `难度:2` `依据:人民调解法§33`

自调解协议生效之日起几日内共同申请司法确认？

> **答案** 30 日

> **解析** 《人民调解法》第三十三条。
"""
POOL = """---
kind: pool
title: 题库
---

### 谁来调解

`#one-101` `难度:2` `依据:人民调解法§8`

村民委员会、居民委员会设立的调解组织叫什么？

> **答案** 人民调解委员会 ｜ 调委会

> **解析** 《人民调解法》第八条。
"""
EXAM = """---
kind: exam
title: 结业考试
minutes: 30
attempts: 2
draw:
  - {pool: pool, take: 1, levels: [1, 2]}
---

考试说明。
"""
FILES = {
    "courses/capabilities.toml": CAPABILITIES,
    "courses/statutes.toml": STATUTES,
    "courses/one/course.md": COURSE,
    "courses/one/01-first-visit.md": MODULE,
    "courses/one/01-first-visit.en.md": MODULE_EN,
    "quizzes/one/basics.md": QUIZ,
    "quizzes/one/pool.md": POOL,
    "quizzes/one/exam.md": EXAM,
}


def make(root: Path, **changes: str | bytes | None) -> Path:
    """Write the folder below ``root``; ``changes`` are done by ``put``, names as in FILES."""
    for path, text in FILES.items():
        put(root, path, text)
    for path, content in changes.items():
        put(root, path, content)
    return root


def put(root: Path, path: str, content: str | bytes | None) -> None:
    """Write one file; None deletes it."""
    file = root / path
    if content is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
