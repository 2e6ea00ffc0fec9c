"""Writes the tables of problem codes in the guides: ``python -m tests.problem_tables``."""

from __future__ import annotations

from pathlib import Path

from portal.core.problem_texts import TEXTS, ProblemText

DOCS = Path(__file__).resolve().parents[1] / "portal" / "docs"
GUIDES = {
    "zh": (
        "authoring.zh.md",
        "<!-- 由 python -m tests.problem_tables 生成 -->",
        "<!-- 表格结束 -->",
    ),
    "en": (
        "authoring.en.md",
        "<!-- made by python -m tests.problem_tables -->",
        "<!-- end of table -->",
    ),
}
HEADS = {
    "zh": "| 编号 | 轻重 | 说明 | 改法 |\n| --- | --- | --- | --- |",
    "en": "| code | severity | what is wrong | how to mend it |\n| --- | --- | --- | --- |",
}
SEVERITIES = {
    "zh": {"error": "错误", "warning": "提醒"},
    "en": {"error": "error", "warning": "warning"},
}


def guide(locale: str) -> str:
    """The guide of ``locale`` with its table made anew."""
    name, start, end = GUIDES[locale]
    text = (DOCS / name).read_text("utf-8")
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n\n{table(locale)}\n\n{end}{after}"


def table(locale: str) -> str:
    """Every code with its words in ``locale``."""
    rows = [
        f"| {code} | {SEVERITIES[locale][text.severity]} | {' | '.join(words(text, locale))} |"
        for code, text in sorted(TEXTS.items())
    ]
    return "\n".join([HEADS[locale], *rows])


def words(text: ProblemText, locale: str) -> tuple[str, str]:
    message, hint = (text.zh, text.hint_zh) if locale == "zh" else (text.en, text.hint_en)
    return _cell(message), _cell(hint)


def _cell(text: str) -> str:
    """Text as it shows in a table: no bars, marks as they are written."""
    for mark in "\\`*_[]<>":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("|", "\\|").replace("{", "‹").replace("}", "›")


if __name__ == "__main__":
    for locale in GUIDES:
        (DOCS / GUIDES[locale][0]).write_text(guide(locale), "utf-8")
