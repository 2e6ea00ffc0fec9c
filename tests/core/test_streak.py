from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.core.streak import Calendar, Streak, day_of, steady_weeks, streak

# 2026-11-02 is a Monday
NOV = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]
PLAIN = Calendar()


def november(*days: int) -> list[date]:
    return [NOV[day - 1] for day in days]


def test_a_day_is_that_of_the_portal_and_not_of_greenwich() -> None:
    late = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)
    assert day_of(late, "Asia/Shanghai") == date(2026, 11, 3)
    assert day_of(late, "UTC") == date(2026, 11, 2)
    assert day_of(datetime(2026, 11, 2, 15, 59, tzinfo=UTC), "Asia/Shanghai").day == 2
    # Urumqi keeps the same clock by law; a zone with summer time loses no day either
    assert day_of(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin") == date(2026, 3, 29)


def test_days_in_a_row_and_a_gap() -> None:
    assert streak(november(2, 3, 4), NOV[3], PLAIN) == Streak(3, 3, True)
    assert streak(november(2, 3, 4), NOV[4], PLAIN) == Streak(3, 3, False), "today is not over"
    assert streak(november(2, 3, 4), NOV[5], PLAIN) == Streak(0, 3, False)
    assert streak(november(2, 3, 5), NOV[4], PLAIN) == Streak(1, 2, True)
    assert streak([], NOV[4], PLAIN) == Streak(0, 0, False)


def test_a_weekend_may_be_left_out_and_counts_when_it_is_not() -> None:
    friday, monday = 6, 9
    assert streak(november(5, friday, monday), NOV[8], PLAIN).days == 3
    assert streak(november(friday, 7, 8, monday), NOV[8], PLAIN).days == 4
    assert streak(november(friday), NOV[8], PLAIN).days == 1, "all of Monday is left"
    assert streak(november(friday), NOV[9], PLAIN).days == 0


def test_holidays_and_leave_are_forgiven_and_worked_weekends_are_not() -> None:
    free = Calendar(holidays=frozenset(november(10)))
    assert streak(november(9, 11), NOV[10], free).days == 2
    away = Calendar(leaves=((NOV[9], NOV[19]),))
    assert streak(november(9, 23), NOV[22], away).days == 2
    assert streak(november(9, 24), NOV[23], away).days == 1, "Monday after the leave was missed"
    worked = Calendar(workdays=frozenset(november(7)))
    assert streak(november(6, 9), NOV[8], worked).days == 1
    both = Calendar(holidays=frozenset(november(7)), workdays=frozenset(november(7)))
    assert both.is_off(NOV[6]), "a holiday is a holiday"


def test_days_after_today_do_not_count() -> None:
    assert streak(november(3, 4, 5), NOV[3], PLAIN) == Streak(2, 2, True)


@given(st.sets(st.integers(1, 30)), st.integers(1, 30))
def test_a_row_is_never_longer_than_the_days_practised(days: set[int], today: int) -> None:
    found = streak(november(*days), NOV[today - 1], PLAIN)
    past = [day for day in days if day <= today]
    assert 0 <= found.days <= found.longest <= len(past)
    assert found.today == (today in days)
    assert (found.longest == 0) == (not past)


def test_steady_weeks_need_three_days_and_forgive_short_and_free_ones() -> None:
    steady = november(2, 4, 6, 9, 10, 11)
    assert steady_weeks(steady, NOV[14], PLAIN) == 2
    assert steady_weeks([*steady, *november(23, 24, 25)], NOV[29], PLAIN) == 2, "a week was missed"
    away = Calendar(leaves=((NOV[15], NOV[21]),))
    assert steady_weeks([*steady, *november(23, 24, 25)], NOV[29], away) == 3
    short = Calendar(holidays=frozenset(november(16, 17, 18, 19)))
    assert steady_weeks([*steady, *november(20)], NOV[22], short) == 3, "all there was of the week"
    assert steady_weeks(november(2, 3), NOV[29], PLAIN) == 0
    assert steady_weeks([], NOV[29], PLAIN) == 0
