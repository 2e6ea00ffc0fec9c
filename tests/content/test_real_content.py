"""The courses that come with the portal are without errors."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from portal.content.check import check
from portal.core.capability import CAPABILITIES, guessing
from portal.core.placement import AMONG, ITEMS
from portal.core.problem_texts import describe, severity_of
from portal.core.question_parser import Place
from portal.core.quiz_parser import parse_quiz

ROOT = Path(__file__).resolve().parents[2]


def test_the_portals_own_content_has_no_errors() -> None:
    errors = [
        f"{problem.path}:{problem.line}: {problem.code} {describe(problem, 'en')[0]}"
        for problem in check(ROOT)
        if severity_of(problem) == "error"
    ]
    assert errors == []


def test_the_placement_can_choose() -> None:
    """Three questions of a capability are asked, each one of the five that tell most: seven."""
    folder = ROOT / "quizzes" / "placement"
    zh, en = (folder / name for name in ("placement.md", "placement.en.md"))
    found, _ = parse_quiz(zh.read_text(), en.read_text(), Place("zh"), "placement/placement", "en")
    assert found.quiz is not None and all(one.has_english for one in found.questions)
    unguessable = Counter(one.capability for one in found.questions if guessing(one) == 0)
    asked_of_each = ITEMS // len(CAPABILITIES)
    assert min(unguessable[key] for key in CAPABILITIES) >= AMONG + asked_of_each - 1
    levels = {one.level for one in found.questions}
    assert {1, 5} <= levels
