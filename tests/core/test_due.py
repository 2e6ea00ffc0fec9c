"""Days: month ends, leap days, newcomers; and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from portal.core import due
from portal.core.due import AfterJoining, AfterMatch, NoDue, Once, OnDate, Rolling, Yearly

TERMS = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 15), -3, date(2025, 12, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, then: date) -> None:
    assert due.add_months(day, months) == then


def test_the_leap_day_of_another_year_is_the_28th() -> None:
    assert due.in_year(date(2024, 2, 29), 2027) == date(2027, 2, 28)
    assert due.in_year(date(2024, 2, 29), 2028) == date(2028, 2, 29)


def on(rule: due.Due, *, joined: date = date(2020, 1, 1), matched: date = TERMS) -> date | None:
    return due.due_on(rule, starts_on=TERMS, joined_on=joined, matched_on=matched)


def test_a_date_holds_for_those_there_and_a_newcomer_has_time() -> None:
    rule = OnDate(date(2026, 12, 10), newcomer_days=30)
    assert on(rule) == date(2026, 12, 10)
    assert on(rule, matched=date(2026, 12, 1)) == date(2026, 12, 31)
    assert on(OnDate(date(2027, 6, 30)), matched=date(2026, 12, 1)) == date(2027, 6, 30)


def test_days_after_joining_begin_with_the_assignment_for_those_already_there() -> None:
    assert on(AfterJoining(14)) == date(2026, 12, 10)
    assert on(AfterJoining(14), joined=date(2026, 12, 20)) == date(2027, 1, 3)
    assert on(AfterMatch(7), matched=date(2027, 2, 28)) == date(2027, 3, 7)
    assert on(NoDue()) is None


@pytest.mark.parametrize(
    "rule", [NoDue(), OnDate(date(2028, 2, 29), 5), AfterJoining(0), AfterMatch(3650)]
)
def test_a_due_rule_is_read_back_as_it_was_written(rule: due.Due) -> None:
    assert due.read_due(due.write_due(rule)) == rule


@pytest.mark.parametrize("rule", [Once(), Yearly(30), Rolling(12, 60)])
def test_a_recurrence_is_read_back_as_it_was_written(rule: due.Recurrence) -> None:
    assert due.read_recurrence(due.write_recurrence(rule)) == rule


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"type": "date", "day": "2026-02-30", "newcomer_days": 1},
        {"type": "date", "day": "9999-01-01", "newcomer_days": 1},
        {"type": "joining", "days": -1},
        {"type": "joining", "days": True},
        {"type": "match", "days": 4000},
    ],
)
def test_what_is_no_due_rule_is_refused(data: object) -> None:
    with pytest.raises(due.BadTerms):
        due.read_due(data)


@pytest.mark.parametrize(
    "data", [None, {"type": "yearly", "window_days": 365}, {"type": "rolling", "months": 0}]
)
def test_what_is_no_recurrence_is_refused(data: object) -> None:
    with pytest.raises(due.BadTerms):
        due.read_recurrence(data)


def test_a_year_needs_a_day_in_it_and_a_window_must_fit() -> None:
    with pytest.raises(due.BadTerms, match="yearly_needs_date"):
        due.check_terms(AfterMatch(3), Yearly())
    with pytest.raises(due.BadTerms, match="window_too_long"):
        due.check_terms(NoDue(), Rolling(2, 60))
    due.check_terms(OnDate(date(2026, 12, 31)), Yearly(60))
