"""What the editor's menus insert: one right example of everything an author can write.

``{id}`` is replaced by a free question id when it is inserted.
"""

from __future__ import annotations

from collections.abc import Mapping

# key → Markdown, by language; keys are also those of the locale's ``snippet.*`` names
_ZH: Mapping[str, str] = {
    "single": """### 题目标题

`#{id}` `难度:2`

写清楚要回答什么。

- [ ] 常见的错误做法
  > 这样做会怎样。
- [x] 正确的做法
- [ ] 另一种错误做法

> **解析** 为什么，依据哪一条。
""",
    "multiple": """### 题目标题

`#{id}` `难度:2` `多选`

哪些做法是对的？

- [x] 正确的做法一
- [x] 正确的做法二
- [ ] 错误的做法

> **解析** 为什么，依据哪一条。
""",
    "truefalse": """### 题目标题

`#{id}` `难度:1`

写一句可以判断对错的话。

- [x] 正确
- [ ] 错误

> **解析** 为什么，依据哪一条。
""",
    "short": """### 题目标题

`#{id}` `简答`

叫什么？

> **答案** 人民调解委员会 ｜ 调委会

> **解析** 为什么，依据哪一条。
""",
    "numeric": """### 题目标题

`#{id}`

几日内提出？

> **答案** 30 ± 0 日

> **解析** 为什么，依据哪一条。
""",
    "ordering": """### 题目标题

`#{id}`

把步骤按先后排好。

1. 第一步
2. 第二步
3. 第三步

> **解析** 为什么是这个顺序。
""",
    "matching": """### 题目标题

`#{id}`

把左右两边对上。

| 左 | 右 |
| --- | --- |
| 红色 | 一级 |
| 橙色 | 二级 |
|  | 干扰项 |

> **解析** 为什么，依据哪一条。
""",
    "cloze": """### 题目标题

`#{id}`

自协议生效之日起[[30|三十]]日内，共同向[[(人民法院)/公安机关/街道办事处]]申请。

> **解析** 为什么，依据哪一条。
""",
    "essay": """### 题目标题

`#{id}`

写出你的做法和理由。

> **评分标准**
>
> | 分 | 要点 |
> | --- | --- |
> | 4 | 第一个要点 |
> | 6 | 第二个要点 |
""",
    "note": "> [!NOTE]\n> 补充说明。\n",
    "tip": "> [!TIP]\n> 一个好用的办法。\n",
    "warning": "> [!WARNING]\n> 不要这样做。\n",
    "law": "> [!LAW]\n> 依据哪一条，讲了什么。\n",
    "case": "> [!CASE]\n> 谁、什么时候、遇到了什么。\n",
    "section": "## 小标题\n\n写 150 到 350 字。\n",
    "table": "| 事项 | 时限 |\n| --- | --- |\n| 第一项 | 当天 |\n| 第二项 | 三日内 |\n",
    "diagram": "```mermaid\nflowchart TD\n  A[接到报告] --> B{有危险？}\n"
    "  B -- 有 --> C[先疏散]\n  B -- 没有 --> D[到现场核实]\n```\n",
}
_EN: Mapping[str, str] = {
    "single": """### Title of the question

`#{id}` `level:2`

Say what has to be answered.

- [ ] A common mistake
  > What would come of it.
- [x] The right thing to do
- [ ] Another mistake

> **Explanation** Why, and by which article.
""",
    "multiple": """### Title of the question

`#{id}` `level:2` `multiple`

Which of these are right?

- [x] The first right thing
- [x] The second right thing
- [ ] A mistake

> **Explanation** Why, and by which article.
""",
    "truefalse": """### Title of the question

`#{id}` `level:1`

One sentence that is true or false.

- [x] True
- [ ] False

> **Explanation** Why, and by which article.
""",
    "short": """### Title of the question

`#{id}` `short`

What is it called?

> **Answer** People's mediation committee ｜ mediation committee

> **Explanation** Why, and by which article.
""",
    "numeric": """### Title of the question

`#{id}`

Within how many days?

> **Answer** 30 ± 0 days

> **Explanation** Why, and by which article.
""",
    "ordering": """### Title of the question

`#{id}`

Put the steps in order.

1. First step
2. Second step
3. Third step

> **Explanation** Why this order.
""",
    "matching": """### Title of the question

`#{id}`

Match left and right.

| Left | Right |
| --- | --- |
| Red | Level one |
| Orange | Level two |
|  | A distractor |

> **Explanation** Why, and by which article.
""",
    "cloze": """### Title of the question

`#{id}`

Within [[30|thirty]] days, apply together to the [[(people's court)/police/street office]].

> **Explanation** Why, and by which article.
""",
    "essay": """### Title of the question

`#{id}`

Write what you would do, and why.

> **Rubric**
>
> | points | criterion |
> | --- | --- |
> | 4 | The first point |
> | 6 | The second point |
""",
    "note": "> [!NOTE]\n> Something to add.\n",
    "tip": "> [!TIP]\n> A way that works well.\n",
    "warning": "> [!WARNING]\n> Do not do this.\n",
    "law": "> [!LAW]\n> Which article, and what it says.\n",
    "case": "> [!CASE]\n> Who, when, and what happened.\n",
    "section": "## Heading\n\nAbout 150 words.\n",
    "table": "| What | By when |\n| --- | --- |\n| The first | the same day |\n"
    "| The second | within three days |\n",
    "diagram": "```mermaid\nflowchart TD\n  A[A report comes in] --> B{Danger?}\n"
    "  B -- yes --> C[Evacuate first]\n  B -- no --> D[Go and look]\n```\n",
}
MENUS: Mapping[str, tuple[str, ...]] = {
    "questions": (
        *("single", "multiple", "truefalse", "short", "numeric"),
        *("ordering", "matching", "cloze", "essay"),
    ),
    "callouts": ("note", "tip", "warning", "law", "case"),
    "parts": ("section", "table", "diagram"),
}


def snippet(key: str, locale: str) -> str:
    """The Markdown that the menu entry ``key`` inserts. Raises KeyError on an unknown key."""
    return (_EN if locale == "en" else _ZH)[key]
