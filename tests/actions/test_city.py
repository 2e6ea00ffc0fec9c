"""The city that figures are measured on is one that the portal could have made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from portal import settings as portal_settings
from portal.actions import calibration, drill_figures, drill_reports, recompute
from portal.actions.portal import Portal
from portal.actions.starting import open_portal
from portal.actions.summaries import rebuild_summaries
from portal.core.attempts import score_items
from portal.core.grading import grade
from portal.store import attempts, people, versions
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


def _is_what_evidence_says(portal: Portal, path: Path) -> None:
    """Profiles are the fold of the log; questions have learned from it what a night teaches."""
    steps = list(recompute.verify(path))
    assert sum(step.events for step in steps) > 500
    assert not [person for step in steps for person in step.differing]

    def learned() -> list[Any]:
        with portal.db.read() as conn:
            return conn.all("SELECT version, item_id, b, s2, answers FROM capability_items")

    before = learned()
    assert before and not calibration.calibrate(portal), "the log has been read to its end"
    calibration.calibrate(portal, anew=True)
    assert learned() == before


def _is_what_drills_say(portal: Portal, boss_id: int) -> None:
    """Runs replay to what is stored of them, at a table too; the units' sums are theirs."""
    with portal.db.read() as conn:
        boss = people.find_person(conn, boss_id)
        runs = conn.all("SELECT id, kind, ending, score, drill_id FROM drill_runs ORDER BY id")
    assert boss is not None
    assert {run["kind"] for run in runs} == {"solo", "group"}
    for run in [*runs[:3], *(run for run in runs if run["kind"] == "group")]:
        report = drill_reports.after_action(portal, boss, run["id"]).report
        assert (report.ending.id, report.score) == (run["ending"], run["score"])
    shown = drill_figures.unit_drills(portal, boss, 1)
    assert sum(row["runs"] for row in shown.drills) == len(runs)
    assert shown.open and shown.gaps


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
        _is_what_evidence_says(portal, data / "portal.db")
        _is_what_drills_say(portal, ids["boss"])
    finally:
        portal.db.close()
    assert ids["city"] == 1 and ids["boss"] == 121
