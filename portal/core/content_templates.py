"""Files to begin with: sound the moment they are made, with ids in place.

What a trainer replaces is written as what they would write, so that the first preview already
looks like a course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.documents import normalised
from portal.core.missing_ids import spots

_LABELS = {"解析": "Explanation", "答案": "Answer", "提示": "Hint", "评分标准": "Rubric"}


# what templates and insert menus say to whoever writes: no learner should read it
_TO_BE_REPLACED = frozenset(
    (
        "写给谁、学完能做什么、要多长时间。",
        "summary: 用一句话说清这一单元讲什么。",
        "> 写一件身边发生过的事：谁、什么时候、遇到了什么。",
        "先写最要紧的一步，再写为什么。",
        "> **解析** 写清楚为什么，依据是哪一条。",
        "写清楚要回答什么。",
        "> **解析** 写清楚为什么。",
        "### 题目标题",
        "> **解析** 为什么，依据哪一条。",
        "> **解析** 为什么是这个顺序。",
    )
)


def left_to_replace(text: str) -> list[int]:
    """The lines, from 1, that still say what a template or an insert menu put there."""
    lines = normalised(text).split("\n")
    return [at for at, line in enumerate(lines, 1) if line.strip() in _TO_BE_REPLACED]


@dataclass(frozen=True, slots=True)
class NewCourse:
    """What a trainer says about a course to be."""

    title: str
    capability: str
    level: int
    hours: float
    owner: str
    review_by: str  # ISO date


def quoted(words: str) -> str:
    """``words`` as a YAML value on one line, whatever is in them."""
    flat = " ".join("".join(ch if ch.isprintable() else " " for ch in words).split())
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def course_file(new: NewCourse) -> str:
    """``course.md``."""
    return f"""---
title: {quoted(new.title)}
capability: {new.capability}
level: {new.level}
posts: []
hours: {new.hours:g}
owner: {quoted(new.owner)}
review_by: {new.review_by}
prerequisites: []
pass: {{modules: all, quizzes: []}}
valid_months: 12
---

写给谁、学完能做什么、要多长时间。
"""


def module_file(title: str, minutes: int, question_id: str) -> str:
    """A module of one section with one checkpoint."""
    return f"""---
title: {quoted(title)}
minutes: {minutes}
summary: 用一句话说清这一单元讲什么。
---

## 先看一个案例

> [!CASE]
> 写一件身边发生过的事：谁、什么时候、遇到了什么。

## 怎么做

先写最要紧的一步，再写为什么。

### 检查一下

`#{question_id}` `难度:2`

遇到这种情况，你先做哪一件？

- [x] 先保证人的安全
- [ ] 先拍照上报情况
- [ ] 先通知物业到场

> **解析** 写清楚为什么，依据是哪一条。
"""


def quiz_file(kind: str, title: str, question_id: str) -> str:
    """A quiz, an exam or a pool with one question."""
    settings = {
        "quiz": "pass_mark: 80\n",
        "exam": "pass_mark: 80\nattempts: 2\nminutes: 30\n",
    }.get(kind, "")
    return f"""---
kind: {kind}
title: {quoted(title)}
{settings}---

### 第一题

`#{question_id}` `难度:2`

写清楚要回答什么。

- [x] 正确的做法
- [ ] 工作中常见的错误做法
- [ ] 另一种常见的错误做法

> **解析** 写清楚为什么。
"""


def english_skeleton(text: str, *, in_module: bool) -> str:
    """The English edition to be translated: the Chinese file's structure, its words still in it.

    Chip lines keep the id alone and the front matter only words; everything else that counts is
    read from the Chinese file.
    """
    lines = normalised(text).split("\n")
    for spot in spots(text, in_module):
        if spot.chip_line is not None and spot.id:
            lines[spot.chip_line] = f"`#{spot.id}`"
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), 0)
    front = [line for line in lines[1:end] if line.split(":")[0] in ("title", "summary", "owner")]
    body = [_english_label(line) for line in lines[end + 1 :]]
    return "\n".join(["---", *front, "---", *body])


def with_front_key(text: str, key: str, value: str) -> str:
    """``text`` with ``key: value`` as the first line of its front matter, unless it has the key."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), 0)
    if not end or any(line.startswith(f"{key}:") for line in lines[1:end]):
        return text
    return "\n".join([lines[0], f"{key}: {value}", *lines[1:]])


def numbered(names: Sequence[str]) -> list[str]:
    """File names in the order of ``names``, each with its number in front: ``02-slug.md``."""
    width = max(2, len(str(len(names))))
    return [f"{at:0{width}d}-{_bare(name)}" for at, name in enumerate(names, 1)]


# Private functions


def _bare(name: str) -> str:
    return name.lstrip("0123456789").lstrip("-_. ") or name


def _english_label(line: str) -> str:
    for chinese, english in _LABELS.items():
        line = line.replace(f"> **{chinese}**", f"> **{english}**", 1)
    return line
