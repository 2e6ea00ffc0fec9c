"""Whatever the editor's menus insert is right as it stands."""

from __future__ import annotations

import pytest

from portal.core.chips import KINDS
from portal.core.content_snippets import MENUS, snippet
from portal.core.markdown_marks import CALLOUTS
from portal.core.module_parser import parse_module
from portal.core.problem_texts import severity_of
from portal.core.question_parser import Place
from portal.core.quiz_parser import parse_quiz

LOCALES = ("zh", "en")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", MENUS["questions"])
def test_every_question_is_right(kind: str, locale: str) -> None:
    text = "---\nkind: quiz\ntitle: t\n---\n\n" + snippet(kind, locale).replace("{id}", "a-1")
    parsed, problems = parse_quiz(text, None, Place("a", "one"), "one/a")
    assert [one.code for one in problems if severity_of(one) == "error"] == []
    assert [question.body.kind for question in parsed.questions] == [kind]


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_stands_together_in_a_module(locale: str) -> None:
    parts = [snippet(key, locale).replace("{id}", key) for menu in MENUS.values() for key in menu]
    text = "---\ntitle: t\nminutes: 5\n---\n\n## a\n\n" + "\n".join(parts)
    module, questions, problems = parse_module(text, None, Place("a", "one", "", True), "a")
    assert module is not None and len(questions) == len(MENUS["questions"])
    assert [one.code for one in problems if severity_of(one) == "error"] == []


def test_every_kind_and_callout_has_its_entry() -> None:
    assert set(MENUS["questions"]) == set(KINDS.values())
    assert {key.upper() for key in MENUS["callouts"]} == set(CALLOUTS) - {
        "IMPORTANT",
        "CAUTION",
        "INJECT",
    }
