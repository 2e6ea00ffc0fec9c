"""A city in bulk, from a seed: units, staff, a year of attempts with every answer, obligations.

    python -m tests.benchmarks.city --data /tmp/city --staff 100000 --units 1500

What the portal's actions would have written click by click is written by the million here, and
fits together: scores are those of the answers, completions come after passes, obligations are done
when courses are, profiles are the fold of the evidence that answers, drills and completions are,
and the summaries are those that ``rebuild-summaries`` would make (a test proves it for a small
city). Every attempt holds the single choice questions of a quiz of the project. Modules read and
daily practice are left out: no report looks at them.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any

from portal import settings as portal_settings
from portal.actions import unit_standing
from portal.actions.portal import Portal
from portal.actions.starting import open_portal
from portal.core.due import OnDate, write_due
from portal.core.questions import Choice, Question
from portal.core.quizzes import Quiz
from portal.core.times import iso
from portal.store import obligations, versions
from tests.benchmarks import city_drills, city_evidence

ROOT = Path(__file__).resolve().parents[2]
PER_LEVEL = (("county", 10), ("street", 12))  # children a unit; communities share the rest
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
_POSTS = ("grid", "community", "mediator", "street")
_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Paper:
    """A quiz with the questions that every attempt at it holds."""

    quiz: Quiz
    version: str
    items: tuple[tuple[Question, str, str, str], ...]  # question, version, right, wrong response

    @property
    def points(self) -> list[float]:
        return [question.points for question, *_ in self.items]


class Steps:
    """Says on one line what is being done, and afterwards how long it took."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __enter__(self) -> Steps:
        self.began = time.monotonic()
        print(f"  {self.words} …", end="", flush=True)
        return self

    def at(self, done: int, whole: int) -> None:
        """Show how far it is."""
        print(f"\r  {self.words} … {100 * done // max(whole, 1)} %", end="", flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        print(f"\r  {self.words}: {time.monotonic() - self.began:.1f} s     ", flush=True)


def build(
    data: Path, *, staff: int, units: int, answers: int, seed: int = 1, content: Path = ROOT
) -> dict[str, int]:
    """Fill ``data``; return ids: ``city``, ``county``, ``street`` units, ``boss`` and ``learner``.

    ``boss`` manages the city; ``learner`` is one of the staff. ``answers`` is met to within one
    paper for each person.
    """
    given = {"data_dir": str(data), "content_dir": str(content)}
    portal = open_portal(portal_settings.load(overrides=given))
    try:
        return _fill(portal, staff, units, answers, random.Random(seed))
    finally:
        portal.db.close()


def _fill(
    portal: Portal, staff: int, units: int, answers: int, rng: random.Random
) -> dict[str, int]:
    now = portal.now().replace(microsecond=0)
    raw = sqlite3.connect(portal.db.path, isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("PRAGMA cache_size = -400000")
    raw.execute("PRAGMA temp_store = MEMORY")
    raw.execute("BEGIN")
    with Steps(f"{units} units, {staff} people"):
        unit_rows = _units(units)
        raw.executemany(
            "INSERT INTO units (id, parent_id, path, kind, name) VALUES (?,?,?,?,?)", unit_rows
        )
        leaves = [row for row in unit_rows if row[3] not in ("city", "county")]
        homes = _people(raw, staff, leaves, now, rng)
        ids = _managers(raw, staff, unit_rows, now)
        raw.execute("DELETE FROM moved_people")  # everybody is asked what is asked of them below
    raw.execute("COMMIT")
    papers = _papers(portal, now)
    raw.execute("BEGIN")
    raw.execute("UPDATE courses SET first_offered_at = ?", (iso(now - timedelta(days=400)),))
    with Steps(f"{answers} answers"):
        passes = _attempts(raw, papers, homes, answers, now, rng)
        _answers(raw, papers)
    with Steps("courses and obligations"):
        _progress(raw, portal, passes, homes, now, rng)
        _obligations(raw, portal, now)
    with Steps("summaries"):
        _summaries(raw)
    with Steps("drills"):
        at_home = list(enumerate(homes, 1))
        proofs = city_drills.fill(portal, raw, at_home, ids["boss"], rng)
    with Steps("evidence of capability") as steps:
        city_evidence.fill(portal, raw, staff, proofs, steps.at)
    raw.execute("COMMIT")
    with portal.db.write() as conn:
        obligations.recount(conn)
    with Steps("indexes and statistics"):
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    with Steps("standing") as steps:
        whole = staff
        while left := unit_standing.catch_up(portal, 5_000):
            steps.at(whole - left, whole)
    with Steps("capability of units"):
        city_evidence.derive(portal)
    return ids


def _units(count: int) -> list[tuple[int, int | None, str, str, str]]:
    rows: list[tuple[int, int | None, str, str, str]] = [(1, None, "/1/", "city", "云岭市")]
    above = [rows[0]]
    for kind, children in PER_LEVEL:
        level = []
        for parent in above:
            for n in range(children):
                if len(rows) < count:
                    unit_id = len(rows) + 1
                    name = f"第{n + 1}{'县' if kind == 'county' else '街道'}"
                    level.append((unit_id, parent[0], f"{parent[2]}{unit_id}/", kind, name))
                    rows.append(level[-1])
        above = level
    while len(rows) < count:
        parent = above[len(rows) % len(above)]
        unit_id = len(rows) + 1
        rows.append((unit_id, parent[0], f"{parent[2]}{unit_id}/", "community", f"社区{unit_id}"))
    return rows


def _people(
    raw: sqlite3.Connection, staff: int, leaves: list[Any], now: datetime, rng: random.Random
) -> list[int]:
    """People with a posting each, one in thirty with a transfer behind them; their unit ids."""
    weights = [rng.random() ** 2 + 0.01 for _ in leaves]
    homes = [row[0] for row in rng.choices(leaves, weights, k=staff)]
    began = iso(now - timedelta(days=380))

    def people() -> Iterator[tuple[Any, ...]]:
        for n in range(1, staff + 1):
            name = rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN)
            yield n, f"C{n:06d}", f"c{n:06d}", name, began

    raw.executemany(
        "INSERT INTO people (id, staff_no, login, name, created_at) VALUES (?,?,?,?,?)", people()
    )

    def postings() -> Iterator[tuple[Any, ...]]:
        for n, home in enumerate(homes, 1):
            post = rng.choice(_POSTS)
            if n % 30 == 0:
                moved = iso(now - timedelta(days=rng.randrange(20, 300)))
                yield n, rng.choice(homes), post, began, moved
                yield n, home, post, moved, None
            else:
                yield n, home, post, began, None

    raw.executemany(
        "INSERT INTO postings (person_id, unit_id, post, began_at, ended_at) VALUES (?,?,?,?,?)",
        postings(),
    )
    return homes


def _managers(
    raw: sqlite3.Connection, staff: int, units: list[Any], now: datetime
) -> dict[str, int]:
    boss = staff + 1
    raw.execute(
        "INSERT INTO people (id, staff_no, login, name, created_at) VALUES (?,?,?,?,?)",
        (boss, "BOSS", "boss", "管理者", iso(now)),
    )
    raw.execute(
        "INSERT INTO role_grants (person_id, role, unit_id, granted_at) VALUES (?,'manager',1,?)",
        (boss, iso(now)),
    )
    by_kind = {kind: unit_id for unit_id, _, _, kind, _ in reversed(units)}
    return {"boss": boss, "learner": 1, **by_kind}


def _papers(portal: Portal, now: datetime) -> list[Paper]:
    catalogue = portal.library.catalogue
    papers = []
    with portal.db.write() as conn:
        for quiz in catalogue.quizzes.values():
            if quiz.kind != "quiz" or quiz.course not in catalogue.courses:
                continue
            questions = [catalogue.questions[key] for key in quiz.question_ids]
            single = [
                q for q in questions if isinstance(q.body, Choice) and q.body.kind == "single"
            ]
            single = single[:_ITEMS]
            if len(single) < 3:
                continue
            [version] = versions.keep(conn, [quiz], iso(now))
            kept = versions.keep(conn, single, iso(now))
            items = tuple((q, v, *_responses(q)) for q, v in zip(single, kept, strict=True))
            papers.append(Paper(quiz, version, items))
    return papers


def _responses(question: Question) -> tuple[str, str]:
    assert isinstance(question.body, Choice)
    right = [at for at, option in enumerate(question.body.options) if option.correct]
    wrong = next(at for at in range(len(question.body.options)) if at not in right)
    return f"[{right[0]}]", f"[{wrong}]"


def _attempts(
    raw: sqlite3.Connection,
    papers: list[Paper],
    homes: list[int],
    answers: int,
    now: datetime,
    rng: random.Random,
) -> dict[tuple[int, str], datetime]:
    """Attempts until there are enough answers; returns when somebody first passed what course."""
    sums = [list(accumulate([*paper.points, *paper.points], initial=0.0)) for paper in papers]
    passes: dict[tuple[int, str], datetime] = {}
    left, number_of = answers, dict[tuple[int, int], int]()

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal left
        attempt_id = 0
        while left > 0:
            attempt_id += 1
            person, at = rng.randrange(1, len(homes) + 1), rng.randrange(len(papers))
            paper = papers[at]
            count = len(paper.items)
            left -= count
            number = number_of[person, at] = number_of.get((person, at), 0) + 1
            skill = 0.35 + 0.5 * ((person * 2654435761) % 1000) / 1000 + 0.1 * (number - 1)
            right = min(count, max(0, round(count * (skill + rng.gauss(0, 0.12)))))
            shift = attempt_id % count
            first = (count - shift) % count  # right: (position + shift) % count < right
            seed = 100 * right + shift
            score = sums[at][first + right] - sums[at][first]
            whole = sums[at][count]
            passed = 100 * score / whole + 1e-9 >= paper.quiz.pass_mark
            day = 365 * (1 - rng.random() * (0.98 ** (number - 1)))
            moment = now - timedelta(days=365 - day, seconds=rng.randrange(60, 86_000))
            if passed:
                key = (person, paper.quiz.course)
                passes[key] = min(moment, passes.get(key, moment))
            text = iso(moment)
            yield (
                attempt_id, person, homes[person - 1], paper.quiz.id, paper.quiz.course,
                paper.version, number, seed, paper.quiz.pass_mark, text, text, score, whole,
                int(passed),
            )  # fmt: skip

    raw.executemany(
        """
        INSERT INTO attempts (id, person_id, unit_id, kind, quiz_id, course_id, version, number,
                              seed, pass_mark, opened_at, submitted_at, closed_by, score, max_score,
                              passed)
        VALUES (?,?,?,'quiz',?,?,?,?,?,?,?,?,'person',?,?,?)
        """,
        rows(),
    )
    return passes


def _answers(raw: sqlite3.Connection, papers: list[Paper]) -> None:
    raw.execute(
        """
        CREATE TEMP TABLE paper (quiz_id TEXT, position INTEGER, count INTEGER, question_id TEXT,
                                 version TEXT, points REAL, option_order TEXT, good TEXT, bad TEXT,
                                 PRIMARY KEY (quiz_id, position)) WITHOUT ROWID
        """
    )
    for paper in papers:
        for position, (question, version, right, wrong) in enumerate(paper.items):
            assert isinstance(question.body, Choice)
            order = str(list(range(len(question.body.options))))
            row = (paper.quiz.id, position, len(paper.items), question.id, version)
            raw.execute(
                "INSERT INTO paper VALUES (?,?,?,?,?,?,?,?,?)",
                (*row, question.points, order, right, wrong),
            )
    raw.execute(
        """
        INSERT INTO attempt_items (attempt_id, position, question_id, version, points, option_order)
        SELECT a.id, p.position, p.question_id, p.version, p.points, p.option_order
        FROM attempts a
        CROSS JOIN paper p
        WHERE p.quiz_id = a.quiz_id
        ORDER BY a.id, p.position
        """
    )
    raw.execute("DROP INDEX answer_log_item")
    raw.execute(
        f"""
        INSERT INTO answer_log (attempt_id, position, kind, response, at)
        SELECT a.id, p.position, 'answer', CASE WHEN {_RIGHT} THEN p.good ELSE p.bad END,
               a.submitted_at
        FROM attempts a
        CROSS JOIN paper p
        WHERE p.quiz_id = a.quiz_id
        """
    )
    raw.execute("CREATE INDEX answer_log_item ON answer_log (attempt_id, position, kind, id)")


# an attempt's seed holds how many answers are right, and at which position they begin
_RIGHT = "(p.position + a.seed % 100) % p.count < a.seed / 100"


def _progress(
    raw: sqlite3.Connection,
    portal: Portal,
    passes: dict[tuple[int, str], datetime],
    homes: list[int],
    now: datetime,
    rng: random.Random,
) -> None:
    """Whoever tried a quiz has begun its course; four of five who passed have completed it."""
    courses = portal.library.catalogue.courses
    begun = raw.execute(
        "SELECT person_id, course_id, MIN(opened_at), MAX(submitted_at) FROM attempts GROUP BY 1, 2"
    ).fetchall()

    def rows() -> Iterator[tuple[Any, ...]]:
        for person, course_id, first, last in begun:
            passed = passes.get((person, course_id))
            done = iso(passed) if passed is not None and rng.random() < 0.8 else None
            course, home = courses[course_id], homes[person - 1]
            yield (
                person, course_id, home, first, max(last, done or ""), done,
                course.version if done else None, course.hours if done else 0.0,
                home if done else None,
            )  # fmt: skip

    raw.executemany(
        """
        INSERT INTO course_progress (person_id, course_id, unit_id, started_at, seen_at,
                                     completed_at, completed_version, hours, completed_unit_id)
        VALUES (?,?,?,?,?,?,?,?,?)
        """,
        rows(),
    )


def _obligations(raw: sqlite3.Connection, portal: Portal, now: datetime) -> None:
    """Three courses for everybody, due 200 and 80 days ago and in 30 days, everybody in step."""
    courses = sorted(portal.library.catalogue.courses)
    for n, days in enumerate((-200, -80, 30)):
        due = (now + timedelta(days=days)).date()
        raw.execute(
            """
            INSERT INTO assignments (id, unit_id, title, audience, due, recurrence, required,
                                     starts_on, created_at, changed_at)
            VALUES (?, 1, ?, '{"type":"everyone"}', ?, '{"type":"once"}', 1, '2025-01-01', ?, ?)
            """,
            (n + 1, f"必学 {n + 1}", json.dumps(write_due(OnDate(due))), iso(now), iso(now)),
        )
        raw.execute("INSERT INTO assignment_items VALUES (?, 0, 'course', ?)", (n + 1, courses[n]))
        raw.execute(
            """
            INSERT INTO obligations (assignment_id, person_id, item_kind, item_id, cycle, began_on,
                                     due_on, ruled_due_on, required, unit_id, done_at)
            SELECT ?, s.person_id, 'course', ?, '', '2025-12-01', ?, ?, 1, s.unit_id,
                   g.completed_at
            FROM postings s
            LEFT JOIN course_progress g ON g.person_id = s.person_id AND g.course_id = ?
            WHERE s.ended_at IS NULL AND s.main = 1
            """,
            (n + 1, courses[n], due.isoformat(), due.isoformat(), courses[n]),
        )


def _summaries(raw: sqlite3.Connection) -> None:
    """What ``rebuild-summaries`` makes of the facts; months are those of Shanghai."""
    raw.execute(
        """
        INSERT INTO unit_months
        SELECT unit_id, month, course_id, SUM(started), SUM(completed), SUM(submitted), SUM(passed),
               SUM(hours)
        FROM (
            SELECT unit_id, strftime('%Y-%m', started_at, '+8 hours') AS month, course_id,
                   1 AS started, 0 AS completed, 0 AS submitted, 0 AS passed, 0.0 AS hours
            FROM course_progress
            UNION ALL
            SELECT completed_unit_id, strftime('%Y-%m', completed_at, '+8 hours'), course_id,
                   0, 1, 0, 0, hours
            FROM course_progress WHERE completed_at IS NOT NULL
            UNION ALL
            SELECT unit_id, strftime('%Y-%m', submitted_at, '+8 hours'), course_id,
                   0, 0, 1, passed, 0
            FROM attempts
        )
        GROUP BY 1, 2, 3
        """
    )
    raw.execute(
        f"""
        INSERT INTO unit_items (unit_id, question_id, version, answered, fraction_sum)
        SELECT a.unit_id, p.question_id, p.version, COUNT(*),
               SUM(CASE WHEN {_RIGHT} THEN 1.0 ELSE 0.0 END)
        FROM attempts a
        CROSS JOIN paper p
        WHERE a.number = 1 AND p.quiz_id = a.quiz_id
        GROUP BY 1, 2, 3
        """
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--staff", type=int, default=100_000)
    parser.add_argument("--units", type=int, default=1_500)
    parser.add_argument("--answers", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.data.mkdir(parents=True, exist_ok=True)
    began = datetime.now(UTC)
    ids = build(args.data, staff=args.staff, units=args.units, answers=args.answers, seed=args.seed)
    size = (args.data / "portal.db").stat().st_size / 1e9
    print(f"{(datetime.now(UTC) - began).total_seconds():.0f} s, {size:.2f} GB, {ids}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
