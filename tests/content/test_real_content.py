"""The courses that come with the portal are without errors."""

from __future__ import annotations

from pathlib import Path

from portal.content.check import check
from portal.core.problem_texts import describe, severity_of

ROOT = Path(__file__).resolve().parents[2]


def test_the_portals_own_content_has_no_errors() -> None:
    errors = [
        f"{problem.path}:{problem.line}: {problem.code} {describe(problem, 'en')[0]}"
        for problem in check(ROOT)
        if severity_of(problem) == "error"
    ]
    assert errors == []
