"""The city that figures are measured on is one that the portal could have made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from portal import settings as portal_settings
from portal.actions.portal import Portal
from portal.actions.starting import open_portal
from portal.actions.summaries import rebuild_summaries
from portal.core.attempts import score_items
from portal.core.grading import grade
from portal.store import attempts, versions
from tests.benchmarks import city


def summaries(portal: Portal) -> dict[str, list[Any]]:
    with portal.db.read() as conn:
        found = {
            table: conn.all(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            for table in ("unit_months", "unit_items", "unit_standing", "unit_gains")
        }
        found["people"] = conn.all("SELECT * FROM person_standing ORDER BY 1")
    days = found["unit_standing"]
    found["unit_standing"] = [row for row in days if any(list(row.values())[3:])]
    for row in found["unit_gains"]:
        row.update({k: pytest.approx(v) for k, v in row.items() if isinstance(v, float)})
    return found


def three_courses(target: Path) -> Path:
    """Some of the project's own courses: all of them take long to load."""
    for kind in ("courses", "quizzes"):
        (target / kind).mkdir(parents=True)
        for name in ("first-response", "mediation", "data-security"):
            shutil.copytree(city.ROOT / kind / name, target / kind / name)
    for name in ("capabilities.toml", "statutes.toml"):
        shutil.copy(city.ROOT / "courses" / name, target / "courses" / name)
    return target


def test_a_small_city_fits_together(tmp_path: Path) -> None:
    versions.forget()
    content = three_courses(tmp_path / "content")
    data = tmp_path / "data"
    ids = city.build(data, staff=120, units=24, answers=3_000, seed=3, content=content)
    given = {"data_dir": str(data), "content_dir": str(content)}
    portal = open_portal(portal_settings.load(overrides=given))
    try:
        with portal.db.read() as conn:
            assert conn.value("SELECT COUNT(*) FROM answer_log") >= 3_000
            assert conn.value("SELECT COUNT(*) FROM units") == 24
            for number in (1, 17, 60):
                attempt = attempts.get(conn, number)
                items = attempts.items(conn, number)
                known = versions.get_questions(conn, [item.version for item in items])
                given_ = [
                    (item.points, grade(known[item.version], item.response).fraction)
                    for item in items
                ]
                score = score_items(given_, attempt.pass_mark)
                assert (score.score, score.passed) == (attempt.score, attempt.passed)
        before = summaries(portal)
        assert before["unit_gains"] and before["unit_standing"]
        rebuild_summaries(portal)
        assert summaries(portal) == before
    finally:
        portal.db.close()
    assert ids["city"] == 1 and ids["boss"] == 121
