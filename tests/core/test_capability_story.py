"""What moved a profile adds up to where it stands."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from portal.core.capability import SIX, score
from portal.core.capability_log import BLANK, Event, apply
from portal.core.capability_story import Occasion, tell

START = datetime(2026, 3, 12, tzinfo=UTC)


def year(seed: int) -> list[tuple[Occasion, Event]]:
    rng = random.Random(seed)
    log = []
    for day in range(0, 120, 3):
        k = rng.randrange(SIX)
        occasion = Occasion("quiz", str(day), "q")
        for _ in range(rng.randint(1, 6)):
            x = float(rng.random() < 0.8)
            log.append((occasion, Event(START + timedelta(day), k, x, 0.25, 0.0, 0.49)))
    return log


@pytest.mark.parametrize("seed", range(6))
def test_moves_and_what_was_lent_add_up_to_the_score(seed: int) -> None:
    log = year(seed)
    story = tell(log)
    for k in range(SIX):
        moved = [move.points for move in story.moves if move.k == k]
        profile, before = BLANK, None
        for at, (occasion, event) in enumerate(log):
            if before is None and (not at or log[at - 1][0] != occasion):
                began = profile
            profile = apply(profile, event)
            if before is None and profile.enough(k):
                before = round(score(began.state.mean[k]))  # before the occasion that told enough
        if before is None:
            assert not moved and not story.lent[k], "never told of"
            continue
        assert before + sum(moved) + story.lent[k] == round(score(profile.state.mean[k]))
    assert any(story.lent)


def test_nothing_is_lent_to_what_is_not_told() -> None:
    log = [(one, event) for one, event in year(1) if event.k == 0]
    story = tell(log)
    assert story.lent == (0,) * SIX and {move.k for move in story.moves} == {0}
