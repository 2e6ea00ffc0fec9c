from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.core.capability_scale import LEVEL_THETA
from portal.core.next_steps import (
    Candidate,
    Need,
    Suggestion,
    mean_recall,
    reasons,
    score,
    suggest,
)

TODAY = date(2026, 11, 26)
LAW = Candidate("course", "law-1", "law", level=2, minutes=40)
NEEDS = {"law": Need(3, 2, LEVEL_THETA[1]), "risk": Need(2, 2, LEVEL_THETA[1] + 0.1)}


def due(days: int) -> date:
    return TODAY + timedelta(days=days)


def ids(found: list[Suggestion]) -> list[str]:
    return [one.candidate.item_id for one in found]


def kinds(one: Candidate, need: Need) -> list[str]:
    return [reason.kind for reason in reasons(one, need, TODAY)]


def test_the_wider_gap_comes_first() -> None:
    risk = replace(LAW, item_id="risk-1", capability="risk")
    assert ids(suggest([risk, LAW], NEEDS, TODAY)) == ["law-1", "risk-1"]
    assert NEEDS["law"].gap == pytest.approx(1.0) and NEEDS["risk"].gap == 0
    assert Need(1, None, 3.0).gap == 0 and Need(5, None, -9.0).gap == 4 and Need().gap == 0


@pytest.mark.parametrize(
    ("urgent", "less"),
    [
        ({"due_on": due(-1)}, {"due_on": due(7)}),
        ({"due_on": due(7)}, {"due_on": due(8)}),
        ({"standing": "expired"}, {"standing": "expiring"}),
        ({"due_on": due(30)}, {"due_on": due(31), "required": True}),
        ({"required": True}, {}),
        ({"standing": "started"}, {}),
    ],
)
def test_what_is_due_sooner_comes_first(urgent: dict[str, object], less: dict[str, object]) -> None:
    need = NEEDS["law"]
    first, second = (replace(LAW, level=0, **facts) for facts in (urgent, less))  # type: ignore[arg-type]
    assert score(first, need, TODAY) > score(second, need, TODAY)


def test_the_score_is_gap_times_due_times_forgetting() -> None:
    one = replace(LAW, standing="completed", due_on=due(20), recall=0.6, cards=9)
    assert score(one, NEEDS["law"], TODAY) == pytest.approx((0.25 + 1.0) * 2.0 * (1 + 2 * 0.4))
    kept = replace(one, item_id="law-2", recall=0.95)
    assert ids(suggest([kept, one], NEEDS, TODAY)) == ["law-1", "law-2"]
    wide, narrow = Need(3, None, LEVEL_THETA[0]), NEEDS["law"]  # two levels below, and one
    assert score(one, wide, TODAY) / score(one, narrow, TODAY) == pytest.approx(2.25 / 1.25)


def test_what_is_forgotten_comes_first_and_what_is_kept_is_not_offered_again() -> None:
    done = replace(LAW, standing="completed")
    assert suggest([done, replace(done, recall=0.9)], NEEDS, TODAY) == []
    half, most = (
        replace(done, item_id="half", recall=0.5),
        replace(done, item_id="most", recall=0.8),
    )
    assert ids(suggest([most, half], NEEDS, TODAY)) == ["half", "most"]
    assert kinds(half, NEEDS["law"]) == ["gap", "forgotten"]


def test_the_level_above_ones_own_fits_best() -> None:
    by_level = {level: score(replace(LAW, level=level), NEEDS["law"], TODAY) for level in (1, 3, 5)}
    assert by_level[3] > by_level[1] > 0 and by_level[3] > by_level[5]
    satisfied = Need(2, 3, LEVEL_THETA[2])
    assert score(replace(LAW, level=2), satisfied, TODAY) > score(
        replace(LAW, level=4), satisfied, TODAY
    ), "no more than the post asks for"


def test_three_at_most_and_of_different_capabilities_unless_a_day_is_set() -> None:
    many = [replace(LAW, item_id=f"law-{n}") for n in range(5)]
    other = replace(LAW, item_id="risk-1", capability="risk")
    assert ids(suggest([*many, other], NEEDS, TODAY)) == ["law-0", "risk-1", "law-1"]
    assert len(suggest(many, NEEDS, TODAY)) == 3
    urgent = [replace(one, due_on=due(3)) for one in many]
    assert ids(suggest([*urgent, other], NEEDS, TODAY)) == ["law-0", "law-1", "law-2"]
    assert len(suggest([*many, other], NEEDS, TODAY, 4)) == 4
    assert suggest([], NEEDS, TODAY) == []


def test_every_suggestion_has_a_reason() -> None:
    assert kinds(LAW, NEEDS["law"]) == ["gap"]
    assert reasons(LAW, NEEDS["law"], TODAY)[0].values == {"wanted": 3, "level": 2}
    assert kinds(LAW, Need(3)) == ["gap_unknown"]
    assert kinds(LAW, Need(2, 2)) == ["met"]
    assert kinds(LAW, Need()) == ["meant_for_you"]
    assert kinds(replace(LAW, due_on=due(-2)), Need()) == ["overdue"]
    assert kinds(replace(LAW, due_on=due(0)), Need()) == ["due"]
    assert kinds(replace(LAW, standing="started", percent=40), Need()) == ["begun"]
    assert kinds(LAW, Need(asked=3, right=1)) == ["placement"]


def test_one_drill_stands_beside_a_course_of_its_capability() -> None:
    drill = replace(LAW, kind="drill", item_id="drill", level=0)
    other = replace(LAW, item_id="risk-1", capability="risk")
    more = replace(drill, item_id="drill-2", capability="risk")
    many = [LAW, replace(LAW, item_id="law-2"), drill, more, other]
    assert ids(suggest(many, NEEDS, TODAY)) == ["drill", "law-1", "risk-1"]
    assert kinds(drill, NEEDS["law"]) == ["gap", "rehearse"]
    assert kinds(drill, Need(3)) == ["gap_unknown", "rehearse"]
    assert kinds(replace(drill, due_on=due(1)), Need()) == ["due"]
    assert kinds(replace(drill, standing="started"), Need()) == ["drill_begun"]


def test_a_mean_of_few_cards_is_no_mean() -> None:
    assert mean_recall([0.1] * 4) is None
    assert mean_recall([0.5, 1.0, 0.5, 1.0, 0.75]) == 0.75
