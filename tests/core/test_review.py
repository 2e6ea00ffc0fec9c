from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core.questions import Citation, Question
from portal.core.review import (
    Memory,
    Rating,
    Review,
    is_slow,
    law_mark,
    rate,
    recall,
    remember,
    review,
)
from portal.core.statutes import Statute, StatuteRegistry
from tests.core.making import question, single

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def given(rating: Rating, day: int, law: str = "") -> Review:
    at = START + timedelta(days=day)
    return Review(law, rating, at, at.date().isoformat())


def after(*steps: tuple[Rating, int]) -> Memory:
    memory = remember(given(rating, day) for rating, day in steps)
    assert memory is not None
    return memory


@pytest.mark.parametrize(
    ("facts", "rating"),
    [
        ({"right": False, "easy": True}, Rating.AGAIN),
        ({"right": True}, Rating.GOOD),
        ({"right": True, "helped": True, "easy": True}, Rating.HARD),
        ({"right": True, "slow": True}, Rating.HARD),
        ({"right": True, "slow": True, "easy": True}, Rating.EASY),
    ],
)
def test_what_an_answer_says_about_memory(facts: dict[str, bool], rating: Rating) -> None:
    assert rate(**facts) is rating


def test_slow_depends_on_the_length_and_an_interruption_is_not_slow() -> None:
    short = question(single())
    long = replace(short, stem=replace(short.stem, zh="字" * 200))
    assert is_slow(short, 60) and not is_slow(long, 60)
    assert is_slow(long, 100)
    assert not is_slow(short, 700) and not is_slow(short, None)


def test_good_answers_come_back_later_and_later_and_never_after_more_than_180_days() -> None:
    pauses, memory, day = [], None, 0
    for _ in range(12):
        memory = review(memory, given(Rating.GOOD, day))
        pauses.append((memory.due_at - memory.reviewed_at).days)
        day += pauses[-1]
    assert pauses[0] == 2 and pauses == sorted(pauses) and pauses[-1] == 180


def test_a_wrong_answer_comes_back_soon_and_easy_later_than_good() -> None:
    known = [(Rating.GOOD, 0), (Rating.GOOD, 2)]
    pauses = [
        (memory.due_at - memory.reviewed_at).days
        for rating in Rating
        for memory in [after(*known, (rating, 12))]
    ]
    assert pauses[0] <= 2 and pauses == sorted(pauses) and len(set(pauses)) == 4


def test_recall_is_nine_tenths_when_the_card_is_due_and_fades() -> None:
    memory = after((Rating.GOOD, 0), (Rating.GOOD, 2), (Rating.GOOD, 12))
    assert recall(memory, memory.reviewed_at) == 1
    assert recall(memory, memory.due_at) == pytest.approx(0.9, abs=0.01)
    assert recall(memory, memory.due_at + timedelta(days=300)) < 0.75


def test_a_moment_is_the_same_in_every_zone() -> None:
    here = START.astimezone(ZoneInfo("Asia/Shanghai"))
    first = review(None, Review("", Rating.GOOD, here, "2026-11-02"))
    assert first == review(None, Review("", Rating.GOOD, START, "2026-11-02"))
    later = here + timedelta(days=3)
    assert recall(first, later) == recall(first, later.astimezone(UTC))


def test_the_book_lets_go_after_two_right_answers_on_different_days() -> None:
    wrong = (Rating.AGAIN, 0)
    assert after((Rating.GOOD, 0)).book == 0
    assert after(wrong).book == 2
    assert after(wrong, (Rating.HARD, 0), (Rating.GOOD, 0)).book == 1, "one day counts once"
    assert after(wrong, (Rating.HARD, 0), (Rating.GOOD, 1)).book == 0
    assert after(wrong, (Rating.GOOD, 1), (Rating.AGAIN, 2)).book == 2, "it begins anew"


def test_a_card_starts_anew_when_its_law_has_changed() -> None:
    old = after((Rating.AGAIN, 0), (Rating.GOOD, 5), (Rating.GOOD, 20))
    fresh = review(None, given(Rating.GOOD, 40, "new"))
    assert review(old, given(Rating.GOOD, 40, "new")) == fresh
    assert review(old, given(Rating.GOOD, 40)).stability > fresh.stability


def registry(version: str) -> StatuteRegistry:
    law = Statute("某某法", "某法", "Some Law", (), f"{version}-01-01", 90, True, version=version)
    return StatuteRegistry({"某法": (law,)})


def test_the_mark_of_the_law_changes_with_its_version_and_the_article() -> None:
    def cites(*laws: Citation) -> Question:
        return replace(question(single()), laws=laws)

    mark = law_mark(cites(Citation("某法", "63")), registry("2024"))
    assert mark == "某法 2024 63"
    assert law_mark(cites(Citation("某法", "63")), registry("2026")) != mark
    assert law_mark(cites(Citation("某法", "64")), registry("2024")) != mark
    assert law_mark(cites(Citation("某法", "63", 2)), registry("2024")) != mark
    both = (Citation("某法", "9"), Citation("某法", "63"))
    assert law_mark(cites(*both), registry("2024")) == law_mark(
        cites(*reversed(both)), registry("2024")
    )
    assert law_mark(question(single()), registry("2024")) == ""
