"""The words that question sheets use for kinds, answers and levels."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

LETTERS = "ABCDEFGHIJ"
HEADINGS: Mapping[str, Sequence[str]] = {
    "kind": ("题型", "类型", "题目类型", "试题类型", "题目题型", "type", "question type", "kind"),
    "title": ("标题", "题名", "title", "name"),
    "stem": (
        "题干", "题目", "试题", "问题", "题目内容", "试题内容", "试题题干", "内容", "stem",
        "question",
        "question text",
    ),
    "options": ("选项", "备选项", "备选答案", "可选项", "options", "choices"),
    "answer": (
        "答案", "正确答案", "标准答案", "参考答案", "正确选项", "answer", "answers", "key",
        "correct answer",
    ),
    "explanation": (
        "解析", "答案解析", "试题解析", "题目解析", "解释", "说明", "explanation", "feedback",
    ),
    "level": ("难度", "难易度", "难易程度", "难度等级", "level", "difficulty"),
    "law": ("依据", "法律依据", "法规依据", "出处", "law", "legal basis"),
    "points": ("分值", "分数", "每题分值", "points", "mark", "marks", "score"),
    "tag": ("标签", "知识点", "分类", "tag", "tags", "category"),
    "hint": ("提示", "hint"),
}  # fmt: skip
_KINDS: Mapping[str, str] = {
    "单选": "single", "单选题": "single", "单项选择": "single", "单项选择题": "single",
    "选择题": "choice", "选择": "choice", "single": "single", "singlechoice": "single",
    "multiplechoice": "choice", "choice": "choice",
    "多选": "multiple", "多选题": "multiple", "多项选择": "multiple", "多项选择题": "multiple",
    "不定项": "multiple", "不定项选择": "multiple",
    "不定项选择题": "multiple", "multiple": "multiple",
    "multipleresponse": "multiple", "multipleanswer": "multiple",
    "判断": "truefalse", "判断题": "truefalse", "是非题": "truefalse", "对错题": "truefalse",
    "truefalse": "truefalse", "true/false": "truefalse", "tf": "truefalse",
    "填空": "cloze", "填空题": "cloze", "cloze": "cloze", "fillintheblank": "cloze",
    "简答": "short", "简答题": "short", "问答": "short", "问答题": "short", "short": "short",
    "shortanswer": "short", "shorttext": "short",
    "数值": "numeric", "数值题": "numeric", "计算题": "numeric", "numeric": "numeric",
    "numerical": "numeric",
    "排序": "ordering", "排序题": "ordering", "ordering": "ordering", "order": "ordering",
    "论述": "essay", "论述题": "essay", "案例分析": "essay", "案例分析题": "essay",
    "材料题": "essay",
    "essay": "essay",
}  # fmt: skip
LEVELS: Mapping[str, int] = {
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5,
    "容易": 1, "简单": 1, "易": 1, "较易": 2, "较容易": 2, "中": 3, "中等": 3, "一般": 3, "适中": 3,
    "较难": 4, "难": 5, "困难": 5, "很难": 5, "easy": 1, "medium": 3, "hard": 5, "1星": 1, "2星": 2,
    "3星": 3, "4星": 4, "5星": 5, "★": 1, "★★": 2, "★★★": 3, "★★★★": 4, "★★★★★": 5,
    "1.0": 1, "2.0": 2, "3.0": 3, "4.0": 4, "5.0": 5,
}  # fmt: skip
TRUTHS: Mapping[str, bool] = {
    "√": True, "✓": True, "✔": True, "☑": True, "✅": True, "v": True, "对": True, "正确": True,
    "是": True, "true": True, "t": True, "yes": True, "y": True, "right": True,
    "×": False, "✗": False, "✘": False, "❌": False, "x": False, "错": False, "错误": False,
    "不正确": False, "不对": False, "否": False, "非": False, "false": False, "f": False,
    "no": False, "n": False, "wrong": False,
}  # fmt: skip
_BETWEEN = " ,，、;；/／|｜.．。和与及\u3000\t\n"


def kind_of(cell: str) -> str | None:
    """Our kind for what a sheet calls it, ``choice`` when it says only that there are options;
    None for an unknown one."""
    return _KINDS.get(_folded(cell))


def truth_of(answer: str) -> bool | None:
    """True or false as people mark it; None for anything else."""
    return TRUTHS.get(_folded(answer))


def letters_of(answer: str) -> list[int]:
    """Positions of the letters in ``AB``, ``A,B``, ``A、B``, ``(A)``; empty when it holds more."""
    folded = unicodedata.normalize("NFKC", answer).upper()
    bare = [char for char in folded if char not in _BETWEEN and char not in "()[]【】"]
    if not bare or len(bare) > len(LETTERS) or not all(char in LETTERS for char in bare):
        return []
    positions = [LETTERS.index(char) for char in bare]
    return positions if len(set(positions)) == len(positions) else []


def options_of(cell: str) -> list[str]:
    """One cell with all options: lettered (``A. … B. …``), or a line or ``|`` each."""
    lettered = _lettered(cell)
    if len(lettered) > 1:
        return lettered
    for between in ("\n", "|", "｜", ";", "；"):
        if between in cell:
            return [part.strip() for part in cell.split(between) if part.strip()]
    return []


def variants_of(answer: str) -> list[str]:
    """Answers that are equally right, parted by ``;``, ``|`` or a line break."""
    words = answer
    for between in ("；", "|", "｜", "\n", "／"):
        words = words.replace(between, ";")
    return [word.strip() for word in words.split(";") if word.strip()]


# Private functions


def _folded(cell: str) -> str:
    text = unicodedata.normalize("NFKC", cell).casefold()
    return "".join(char for char in text if not char.isspace() and char not in "()[]【】_-。.")


def _lettered(cell: str) -> list[str]:
    """``A. 甲 B. 乙`` at its letters, which must come in order from A."""
    starts: list[int] = []
    for at, char in enumerate(cell):
        wanted = LETTERS[len(starts)] if len(starts) < len(LETTERS) else ""
        opens = at == 0 or cell[at - 1] in " \t\n\u3000;；|,，("
        if (
            char == wanted
            and opens
            and cell[at + 1 : at + 2] in (".", "、", "．", ":", "：", ")", "）")
        ):
            starts.append(at)
    ends = [*starts[1:], len(cell)]
    return [
        cell[start + 2 : end].strip(" \t\n\u3000;；|,，(")
        for start, end in zip(starts, ends, strict=False)
    ]
