"""What a person adds to units day by day; checked against the plain definition of a day."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.person_figures import figures_on
from portal.core.unit_days import (
    DONE,
    DUE,
    EXPIRING,
    MEASURES,
    ON_TIME,
    PAIRS,
    PAIRS_DONE,
    STAFF,
    Duty,
    Facts,
    Learnt,
    Offer,
    Sitting,
    Stay,
    day_after,
    deltas,
    gains,
    standing,
)

OFFERS = {
    "fire": Offer("2026-01-02", frozenset({"grid"})),
    "law": Offer("2026-01-04", frozenset()),
}
DAYS = [day_after("2026-01-01", n) for n in range(14)]


def facts(*stays: Stay, disabled=None, learnt=(), duties=(), sittings=(), absences=()) -> Facts:
    return Facts(stays, disabled, learnt, duties, sittings, absences)


def at(found, unit_id: int, day: str) -> list[int]:
    """The standing of a unit at the end of ``day``."""
    total = [0] * len(MEASURES)
    for (unit, changed), numbers in found.items():
        if unit == unit_id and changed <= day:
            total = [a + b for a, b in zip(total, numbers, strict=True)]
    return total


def test_a_transfer_takes_everything_along_and_the_past_stays() -> None:
    moved = facts(
        Stay(1, 1, "grid", "2026-01-01", "2026-01-05"),
        Stay(2, 2, "grid", "2026-01-05", None),
        learnt=[Learnt("fire", "2026-01-03", "2026-01-03", None, None, 1.5)],
        duties=[Duty("2026-01-03", True, "2026-01-01", "2026-01-06", None, None)],
    )
    found = deltas(moved, OFFERS)
    assert at(found, 1, "2026-01-04")[:6] == [1, 2, 1, 1, 0, 0]
    assert at(found, 1, "2026-01-05") == [0] * 7
    assert at(found, 2, "2026-01-05")[:6] == [1, 2, 1, 1, 0, 0]
    assert at(found, 2, "2026-01-06")[:6] == [1, 2, 1, 1, 1, 0]


def test_two_posts_count_once_in_the_unit_of_the_main_one_and_trainers_nowhere() -> None:
    beside = Stay(1, 1, "grid", "2026-01-01", None, main=False)
    found = deltas(facts(beside, Stay(2, 2, "clerk", "2026-01-01", None)), OFFERS)
    assert at(found, 1, "2026-01-09") == [0] * 7
    assert at(found, 2, "2026-01-09")[STAFF] == 1 and at(found, 2, "2026-01-09")[PAIRS] == 2
    assert deltas(facts(beside, Stay(2, 2, "trainer", "2026-01-01", None)), OFFERS) == {}


def test_a_due_day_has_to_be_over_and_exempted_or_withdrawn_is_not_due() -> None:
    here = Stay(1, 1, "grid", "2026-01-01", None)
    for ends in ({"exempted": "2026-01-07"}, {"withdrawn": "2026-01-07"}):
        given_ = {"done": None, "exempted": None, "withdrawn": None, **ends}
        found = deltas(facts(here, duties=[Duty("2026-01-05", True, "2026-01-01", **given_)]), {})
        assert [at(found, 1, f"2026-01-0{n}")[DUE] for n in (5, 6, 7)] == [0, 1, 0]
    voluntary = deltas(
        facts(here, duties=[Duty("2026-01-05", False, "2026-01-01", None, None, None)]), {}
    )
    assert at(voluntary, 1, "2026-01-09")[DUE] == 0


def test_an_expiry_is_soon_for_thirty_days_until_its_day_is_over() -> None:
    one = Learnt("law", "2026-01-03", "2026-01-03", None, "2026-03-31", 1)
    found = deltas(facts(Stay(1, 1, "grid", "2026-01-01", None), learnt=[one]), OFFERS)
    days = ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    assert [at(found, 1, day)[EXPIRING] for day in days] == [0, 1, 1, 0]


def test_a_renewal_leaves_the_days_before_it_as_they_were() -> None:
    renewed = Learnt(
        "law", "x", "2026-01-03", "2027-03-30", "2028-03-31", 1, (("2026-01-03", "2027-03-31"),)
    )
    found = deltas(facts(Stay(1, 1, "grid", "2026-01-01", None), learnt=[renewed]), OFFERS)
    days = ("2027-02-28", "2027-03-01", "2027-03-29", "2027-03-30", "2027-04-01", "2028-03-31")
    assert [at(found, 1, day)[EXPIRING] for day in days] == [0, 1, 1, 0, 0, 1]


def test_a_duty_counts_on_each_day_as_it_stood_then() -> None:
    here = Stay(1, 1, "grid", "2026-01-01", None)
    was = Duty("2026-01-03", True, "2026-01-01", None, None, None, "", "2026-01-06")
    now = Duty("2026-01-09", True, "2026-01-01", "2026-01-08", None, None, "2026-01-06")
    given_ = facts(here, duties=[was, now])
    found = deltas(given_, {})
    days = [f"2026-01-{n:02d}" for n in (3, 4, 5, 6, 9, 10)]
    assert [at(found, 1, day)[DUE] for day in days] == [0, 1, 1, 0, 0, 1]
    assert at(found, 1, "2026-01-10")[DONE] == 1
    assert [figures_on(given_, {}, day).overdue for day in days] == [0, 1, 1, 0, 0, 0]
    assert standing(given_, {}).overdue_from is None


def test_standing_says_who_is_overdue_idle_waiting_or_failing() -> None:
    here = Stay(1, 1, "grid", "2026-01-01", None)
    nothing = standing(facts(here), OFFERS)
    assert (nothing.unit_id, nothing.waiting_from, nothing.idle_from) == (1, "2026-01-01", None)
    begun = standing(
        facts(
            here,
            learnt=[Learnt("law", "2026-01-06", None, None, None, 0)],
            duties=[
                Duty("2026-01-09", True, "2026-01-01", None, None, None),
                Duty("2026-01-02", True, "2026-01-01", "2026-01-02", None, None),
            ],
            sittings=[Sitting("q", 40, False), Sitting("q", 50, False), Sitting("r", 10, False)],
        ),
        OFFERS,
    )
    assert (begun.waiting_from, begun.idle_from) == (None, "2026-01-06")
    assert (begun.overdue_from, begun.failing, begun.pairs) == ("2026-01-09", 2, 2)
    passed = standing(
        facts(here, sittings=[Sitting("q", 4, False), Sitting("q", 5, False), Sitting("q", 90, 1)]),
        OFFERS,
    )
    assert passed.failing == 0
    assert standing(facts(here, disabled="2026-01-03"), OFFERS).unit_id is None


def test_a_gain_is_the_last_result_against_the_first() -> None:
    met = [Sitting("q", 40, False), Sitting("q", None, None), Sitting("q", 90, True)]
    assert gains([*met, Sitting("r", 50, False)]) == {"q": (40, 90)}


maybe_day = st.one_of(st.none(), st.sampled_from(DAYS))


@st.composite
def lives(draw) -> Facts:
    stays = []
    for number in range(draw(st.integers(0, 4))):
        began = draw(st.sampled_from(DAYS))
        ended = draw(maybe_day)
        ended = None if ended is None else max(ended, began)
        post = draw(st.sampled_from(["grid", "clerk", "trainer"]))
        main = draw(st.booleans())
        stays.append(Stay(number, draw(st.integers(1, 3)), post, began, ended, main))
    learnt = [
        Learnt(key, DAYS[0], draw(maybe_day), None, None, 1)
        for key in ("fire", "law")
        if draw(st.booleans())
    ]
    duties = [
        Duty(draw(maybe_day), draw(st.booleans()), DAYS[0], *(draw(maybe_day) for _ in range(3)))
        for _ in range(draw(st.integers(0, 3)))
    ]
    away = [
        sorted(draw(st.tuples(*[st.sampled_from(DAYS)] * 2)))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return facts(
        *stays,
        disabled=draw(maybe_day),
        learnt=learnt,
        duties=duties,
        absences=[(first, back) for first, back in away],
    )


def plainly(life: Facts, unit_id: int, day: str) -> list[int]:
    """The definitions, word by word, for one day."""
    total = [0] * len(MEASURES)
    there = [s for s in life.stays if s.began <= day and (s.ended is None or s.ended > day)]
    if life.disabled is not None and life.disabled <= day:
        return total
    if any(first <= day < back for first, back in life.absences):
        return total
    mains = [s for s in there if s.main]
    home = max(mains, key=lambda s: s.posting_id) if mains else None
    if home is None or home.post == "trainer" or home.unit_id != unit_id:
        return total
    total[STAFF] = 1
    done = {one.course_id for one in life.learnt if one.completed and one.completed <= day}
    for key, offer in OFFERS.items():
        if offer.since <= day and offer.is_meant_for(frozenset(s.post for s in there)):
            total[PAIRS] += 1
            total[PAIRS_DONE] += key in done
    for duty in life.duties:
        gone = any(end is not None and end <= day for end in (duty.exempted, duty.withdrawn))
        if duty.required and duty.due is not None and duty.due < day and not gone:
            total[DUE] += 1
            total[DONE] += duty.done is not None and duty.done <= day
            total[ON_TIME] += duty.done is not None and duty.done <= duty.due
    return total


@settings(max_examples=150, deadline=None)
@given(lives())
def test_summed_up_the_changes_are_the_standing_of_every_day(life: Facts) -> None:
    found = deltas(life, OFFERS)
    for unit_id in (1, 2, 3):
        for day in DAYS:
            assert at(found, unit_id, day) == plainly(life, unit_id, day)
