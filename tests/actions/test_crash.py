"""kill -9 in the middle of answering: what was acknowledged is there, and the rest heals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from portal.actions import attempts
from tests.actions.sample import World, world

ROUNDS = 2
ACKNOWLEDGED = 40

ANSWERING = """
import sys
from pathlib import Path
from portal.actions import attempts
from tests.actions.sample import reopen

learning = reopen(Path(sys.argv[1]))
person = learning.person(int(sys.argv[2]))
attempt = attempts.open_attempt(learning.portal, person, "fire/quiz")
at = int(sys.argv[3])
while True:
    at += 1
    attempts.answer(learning.portal, person, attempt.id, at % 4, [at // 4 % 4])
    print(at % 4, at // 4 % 4, flush=True)
"""


def test_kill_9_loses_no_acknowledged_answer(tmp_path: Path) -> None:
    learning = world(tmp_path)
    learner = learning.add_person("wang", "east-1")
    told: list[tuple[int, str]] = []
    for round_ in range(ROUNDS):
        told += _answer_until_killed(learning, learner.id, begin=round_ * 1000)
        view = attempts.find_open(learning.portal, learner, "fire/quiz")
        assert view is not None and view.attempt.number == 1
        logged = [
            (row["position"], row["response"])
            for row in learning.rows("SELECT position, response FROM answer_log ORDER BY id")
        ]
        # everything that was said to be saved, in order, and at most one answer more a kill
        assert _is_subsequence(_changes(told), logged)
        assert len(logged) - len(told) <= round_ + 1
    assert len(told) >= ROUNDS * ACKNOWLEDGED
    assert learning.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert attempts.submit(learning.portal, learner, view.attempt.id).submitted_at
    learning.portal.db.close()


def _answer_until_killed(learning: World, person_id: int, begin: int) -> list[tuple[int, str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", ANSWERING, str(learning.portal.db.path), str(person_id), str(begin)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(ACKNOWLEDGED)]
    os.kill(process.pid, signal.SIGKILL)
    lines += process.stdout.read().splitlines()
    process.wait()
    process.stdout.close()
    pairs = [line.split() for line in lines if len(line.split()) == 2]
    return [(int(position), f"[{option}]") for position, option in pairs]


def _changes(told: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without answers that were saved already: they are acknowledged and not logged again."""
    last: dict[int, str] = {}
    changes = []
    for position, response in told:
        if last.get(position) != response:
            changes.append((position, response))
        last[position] = response
    return changes


def _is_subsequence(part: list[tuple[int, str]], whole: list[tuple[int, str]]) -> bool:
    rest = iter(whole)
    return all(entry in rest for entry in part)
