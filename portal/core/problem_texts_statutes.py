"""Words for faults of statute texts that an operator imports (S)."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.problem_words import ProblemText

STATUTE_TEXTS: Mapping[str, ProblemText] = {
    "S001": ProblemText(
        "error",
        "法规文本里有不该有的控制字符。",
        "The statute's text holds control characters.",
        "用 UTF-8 纯文本另存一份。",
        "Save it anew as plain UTF-8 text.",
    ),
    "S002": ProblemText(
        "error",
        "没有找到任何一条条文。",
        "No article was found.",
        "每条另起一段，以“第一条”开头，后面空一格再写正文。",
        "Let each article begin a paragraph with 第一条 and a space before its text.",
    ),
    "S003": ProblemText(
        "error",
        "条号次序不对：第 {before} 条后面是 {article}。",
        "Articles are out of order: after {before} comes {article}.",
        "检查这一行是不是条文的开头，有没有重复或颠倒的段落。",
        "Check whether an article begins on this line, and for paragraphs twice or misplaced.",
    ),
    "S004": ProblemText(
        "error",
        "条文超过 {limit} 条。",
        "There are more than {limit} articles.",
        "一个文件只放一部法规。",
        "Put one statute into a file.",
    ),
    "S005": ProblemText(
        "error",
        "第 {article} 条超过 {limit} 个字。",
        "Article {article} is longer than {limit} characters.",
        "检查后面的条文有没有另起一段。",
        "Check that the articles after it begin paragraphs of their own.",
    ),
}
