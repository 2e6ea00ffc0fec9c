"""Writes the tables of the authoring guides from the code: ``python -m tests.guide_tables``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from portal.core import authoring_texts as texts
from portal.core.authoring_texts import ChipText, KeyText
from portal.core.course_parser import COURSE_KEYS
from portal.core.drill_parser import DRILL_KEYS
from portal.core.front_fields import MISSING, Spec
from portal.core.module_parser import MODULE_KEYS
from portal.core.problem_texts import TEXTS, ProblemText
from portal.core.quiz_parser import QUIZ_KEYS

DOCS = Path(__file__).resolve().parents[1] / "portal" / "docs"
GUIDES = {"zh": "authoring.zh.md", "en": "authoring.en.md"}
STARTS = {
    "zh": "<!-- 由 python -m tests.guide_tables 生成：{name} -->",
    "en": "<!-- made by python -m tests.guide_tables: {name} -->",
}
END = {"zh": "<!-- 表格结束 -->", "en": "<!-- end of table -->"}
KEYS: Mapping[str, tuple[Spec, Mapping[str, KeyText]]] = {
    "course": (COURSE_KEYS, texts.COURSE),
    "module": (MODULE_KEYS, texts.MODULE),
    "quiz": (QUIZ_KEYS, texts.QUIZ),
    "drill": (DRILL_KEYS, texts.DRILL),
}
SEVERITIES = {
    "zh": {"error": "错误", "warning": "提醒"},
    "en": {"error": "error", "warning": "warning"},
}
PLACES = {
    "zh": {"scene": "场景", "decision": "决策", "option": "选项", "inject": "通报"},
    "en": {place: place for place in ("scene", "decision", "option", "inject")},
}


def guide(locale: str) -> str:
    """The guide of ``locale`` with its tables made anew; an error names a table without place."""
    text = (DOCS / GUIDES[locale]).read_text("utf-8")
    for name, table in TABLES.items():
        start, end = STARTS[locale].format(name=name), END[locale]
        before, found, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise LookupError(f"{GUIDES[locale]}: {start} … {end}")
        text = f"{before}{start}\n\n{table(locale)}\n\n{end}{after}"
    return text


def keys(name: str) -> Callable[[str], str]:
    """The table of the front matter of ``name``, in the order of the parser."""

    def table(locale: str) -> str:
        spec, explained = KEYS[name]
        heads = ("设置", "含义", "不写时") if locale == "zh" else ("key", "meaning", "if left out")
        rows = [(f"`{key}`", *_key_words(spec, key, explained[key], locale)) for key in spec]
        return _table(heads, rows)

    return table


def question_chips(locale: str) -> str:
    """The chips of a question, as they are written in both languages."""
    if locale == "zh":
        heads = ("标签", "英文写法", "含义")
        rows = [(_spans(c.written_zh), _spans(c.written_en), c.zh) for c in texts.QUESTION_CHIPS]
    else:
        heads = ("chip", "in Chinese", "meaning")
        rows = [(_spans(c.written_en), _spans(c.written_zh), c.en) for c in texts.QUESTION_CHIPS]
    return _table(heads, rows)


def drill_chips(locale: str) -> str:
    """The chips of a drill and where each of them may stand."""
    heads = ("标签", "写在哪里", "意思") if locale == "zh" else ("chip", "where", "meaning")
    comma = "、" if locale == "zh" else ", "

    def row(chip: ChipText) -> tuple[str, str, str]:
        both = dict.fromkeys((chip.written_zh, chip.written_en))
        where = comma.join(PLACES[locale][place] for place in chip.where)
        return " ".join(_spans(one) for one in both), where, chip.zh if locale == "zh" else chip.en

    return _table(heads, [row(chip) for chip in texts.DRILL_CHIPS])


def problems(locale: str) -> str:
    """Every problem code with its words."""
    zh = ("编号", "轻重", "说明", "改法")
    en = ("code", "severity", "what is wrong", "how to mend it")
    rows = [
        (code, SEVERITIES[locale][text.severity], *words(text, locale))
        for code, text in sorted(TEXTS.items())
    ]
    return _table(zh if locale == "zh" else en, rows)


def words(text: ProblemText, locale: str) -> tuple[str, str]:
    message, hint = (text.zh, text.hint_zh) if locale == "zh" else (text.en, text.hint_en)
    return _cell(message), _cell(hint)


def spans_of(written: str) -> list[str]:
    """The chips of ``written``: ``2 points`` is one, ``single multiple`` are two."""
    return [written] if written[0].isdigit() else written.split(" ")


def _key_words(spec: Spec, key: str, text: KeyText, locale: str) -> tuple[str, str]:
    meaning, absent = (text.zh, text.absent_zh) if locale == "zh" else (text.en, text.absent_en)
    if spec[key].default is MISSING:
        absent = "必填" if locale == "zh" else "required"
    return meaning, absent


def _spans(written: str) -> str:
    return " ".join(f"`{one}`" for one in spans_of(written))


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    rule = ("---",) * len(heads)
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))


def _cell(text: str) -> str:
    """Text as it shows in a table: no bars, marks as they are written."""
    for mark in "\\`*_[]<>":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("|", "\\|").replace("{", "‹").replace("}", "›")


TABLES: Mapping[str, Callable[[str], str]] = {
    "course": keys("course"),
    "module": keys("module"),
    "chips": question_chips,
    "quiz": keys("quiz"),
    "drill": keys("drill"),
    "drill chips": drill_chips,
    "problems": problems,
}

if __name__ == "__main__":
    for locale in GUIDES:
        (DOCS / GUIDES[locale]).write_text(guide(locale), "utf-8")
