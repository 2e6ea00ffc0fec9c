"""Which cycles there are, when they are due and done: over zones, leap days, windows, returns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.cycles import Terms, plan, withdraw
from portal.core.due import AfterMatch, Due, NoDue, Once, OnDate, Recurrence, Rolling, Yearly
from portal.core.obligations import Cycle, Evidence, Moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGAN = date(2026, 3, 10)
NO_DAY, ONCE = NoDue(), Once()


def at(text: str) -> datetime:
    """Noon in Shanghai on a day, or an instant."""
    if "T" in text:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), SHANGHAI) + timedelta(
        hours=12
    )


def ask(
    day: str,
    *passes: str,
    due: Due = NO_DAY,
    again: Recurrence = ONCE,
    held: list[Cycle] | None = None,
    matched: date = BEGAN,
    credit: bool = True,
    months: int = 0,
    changed: bool = False,
    parts: dict[str, datetime] | None = None,
    zone: ZoneInfo = SHANGHAI,
) -> list[Cycle]:
    return plan(
        Terms(due, again, credit, BEGAN),
        joined_on=date(2020, 1, 1),
        matched_on=matched,
        held=held or [],
        evidence=Evidence(tuple(map(at, passes)), parts or {}, months),
        moment=Moment(at(day), zone),
        terms_changed=changed,
    )


def short(cycles: list[Cycle]) -> list[tuple[str, str, str, str]]:
    """Cycle, due, "done"/"open"/…, next look: as one reads them."""
    return [
        (
            one.cycle,
            str(one.due_on or "-"),
            "done" if one.done_at else "left" if one.withdrawn_at else "open",
            str(one.next_on or "-"),
        )
        for one in cycles
    ]


# Once


def test_what_was_passed_before_counts_unless_it_should_not_or_has_run_out() -> None:
    assert short(ask("2026-03-10", "2025-01-05")) == [("once", "-", "done", "-")]
    assert short(ask("2026-03-10", "2025-01-05", credit=False)) == [("once", "-", "open", "-")]
    assert short(ask("2026-03-10", "2025-01-05", months=12)) == [("once", "-", "open", "-")]
    assert short(ask("2026-03-10", "2025-04-05", months=12)) == [("once", "-", "done", "-")]


def test_a_pass_on_the_first_local_day_counts_though_utc_still_has_the_day_before() -> None:
    first_hour = "2026-03-09T16:30:00"  # 00:30 on the 10th in Shanghai
    assert short(ask("2026-03-12", first_hour, credit=False))[0][2] == "done"
    assert short(ask("2026-03-12", "2026-03-09T15:30:00", credit=False))[0][2] == "open"
    assert short(ask("2026-03-12", first_hour, credit=False, zone=ZoneInfo("UTC")))[0][2] == "open"


def test_done_stays_done_and_open_is_withdrawn_when_somebody_leaves() -> None:
    done = withdraw(ask("2026-03-10", "2026-03-10"), at("2026-04-01"))
    assert short(done) == [("once", "-", "done", "-")]
    left = withdraw(ask("2026-03-10", due=OnDate(date(2026, 4, 1))), at("2026-03-20"))
    assert short(left) == [("once", "2026-04-01", "left", "-")]
    back = ask("2026-05-01", due=OnDate(date(2026, 4, 1)), held=left, matched=date(2026, 5, 1))
    assert short(back) == [("once", "2026-05-31", "open", "-")]


def test_days_stay_until_the_terms_change() -> None:
    held = ask("2026-03-10", due=OnDate(date(2026, 4, 1)))
    later = {"due": OnDate(date(2026, 6, 30)), "held": held}
    assert short(ask("2026-03-20", **later))[0][1] == "2026-04-01"
    assert short(ask("2026-03-20", **later, changed=True))[0][1] == "2026-06-30"


# Every calendar year

YEARLY = {"due": OnDate(date(2026, 6, 30)), "again": Yearly()}


def test_a_year_opens_on_new_years_day_of_the_place() -> None:
    held = ask("2026-03-10", **YEARLY)
    assert short(held) == [("2026", "2026-06-30", "open", "2027-01-01")]
    # 2026-12-31 16:30 UTC is 00:30 on 1 January in Shanghai
    still = ask("2026-12-31T15:30:00", **YEARLY, held=held)
    assert [one.cycle for one in still] == ["2026"]
    opened = ask("2026-12-31T16:30:00", "2026-05-01", **YEARLY, held=held)
    assert short(opened) == [
        ("2026", "2026-06-30", "done", "-"),
        ("2027", "2027-06-30", "open", "2028-01-01"),
    ]
    assert opened[1].began_on == date(2027, 1, 1)


def test_a_missed_year_stays_and_the_next_pass_counts_for_it_alone() -> None:
    held = ask("2027-02-01", **YEARLY, held=ask("2026-03-10", **YEARLY))
    assert [row[:3] for row in short(held)] == [
        ("2026", "2026-06-30", "open"),
        ("2027", "2027-06-30", "open"),
    ]
    once = ask("2027-02-03", "2027-02-02", **YEARLY, held=held)
    assert [row[2] for row in short(once)] == ["done", "open"]
    twice = ask("2027-02-05", "2027-02-02", "2027-02-04", **YEARLY, held=once)
    assert [row[2] for row in short(twice)] == ["done", "done"]


def test_a_pass_inside_the_window_counts_for_the_next_year_once_this_one_is_done() -> None:
    terms = {"due": OnDate(date(2026, 12, 31)), "again": Yearly(window_days=60)}
    held = ask("2026-03-10", "2026-03-10", **terms)
    assert short(held) == [("2026", "2026-12-31", "done", "2026-11-02")]
    early = ask("2026-11-20", "2026-03-10", "2026-11-15", **terms, held=held)
    assert [row[:3] for row in short(early)] == [
        ("2026", "2026-12-31", "done"),
        ("2027", "2027-12-31", "done"),
    ]
    late = ask("2026-11-20", "2026-11-15", **terms, held=ask("2026-03-10", **terms))
    assert [row[2] for row in short(late)] == ["done", "open"]


def test_29_february_is_due_on_the_28th_in_common_years() -> None:
    terms = {"due": OnDate(date(2028, 2, 29)), "again": Yearly()}
    held = ask("2028-02-01", **terms, matched=date(2028, 2, 1), held=[])
    assert held[0].due_on == date(2028, 3, 2)  # a newcomer's thirty days
    then = ask("2029-01-05", "2028-02-20", **terms, held=held, matched=date(2029, 1, 5))
    assert then[-1].due_on == date(2029, 2, 28)


def test_who_joins_in_a_later_year_begins_with_that_year() -> None:
    made = ask("2029-05-10", **YEARLY, matched=date(2029, 5, 10))
    assert short(made) == [("2029", "2029-06-30", "open", "2030-01-01")]
    late = ask("2029-06-25", **YEARLY, matched=date(2029, 6, 25))
    assert short(late) == [("2029", "2029-07-25", "open", "2030-01-01")]


def test_who_comes_back_is_not_asked_for_the_years_away() -> None:
    done = ask("2026-05-02", "2026-05-01", **YEARLY, held=ask("2026-03-10", **YEARLY))
    away = withdraw(done, at("2026-09-01"))
    back = ask("2029-02-01", "2026-05-01", **YEARLY, held=away, matched=date(2029, 2, 1))
    assert [row[:3] for row in short(back)] == [
        ("2026", "2026-06-30", "done"),
        ("2029", "2029-06-30", "open"),
    ]


def test_a_first_year_set_in_advance_begins_at_once() -> None:
    terms = {"due": OnDate(date(2027, 6, 30)), "again": Yearly()}
    made = ask("2026-03-10", **terms)
    assert short(made) == [("2027", "2027-06-30", "open", "2028-01-01")]
    assert made[0].began_on == BEGAN
    assert short(ask("2026-12-01", "2026-11-30", **terms, held=made))[0][2] == "done"


# Months since the last pass

ROLLING = {"due": AfterMatch(30), "again": Rolling(12, 60)}


def test_a_pass_holds_for_months_and_the_next_cycle_opens_with_the_window() -> None:
    first = ask("2026-03-10", **ROLLING)
    assert short(first) == [("1", "2026-04-09", "open", "-")]
    passed = ask("2026-03-31", "2026-03-31", **ROLLING, held=first)
    assert short(passed) == [("1", "2026-04-09", "done", "2027-01-30")]
    opened = ask("2027-01-30", "2026-03-31", **ROLLING, held=passed)
    assert short(opened) == [("1", "2026-04-09", "done", "-"), ("2", "2027-03-31", "open", "-")]


def test_renewing_inside_the_window_loses_no_time_and_late_counts_from_the_pass() -> None:
    held = ask("2026-03-31", "2026-03-31", **ROLLING)
    early = ask("2027-02-10", "2026-03-31", "2027-02-05", **ROLLING, held=held)
    assert short(early)[1] == ("2", "2027-03-31", "done", "2028-01-31")  # 31 March 2028 less 60
    late = ask("2027-04-20", "2026-03-31", "2027-04-15", **ROLLING, held=held)
    assert short(late)[1] == ("2", "2027-03-31", "done", "2028-02-15")


def test_a_pass_before_the_window_renews_nothing() -> None:
    held = ask("2026-03-31", "2026-03-31", **ROLLING)
    opened = ask("2027-02-01", "2026-03-31", "2026-12-01", **ROLLING, held=held)
    assert short(opened)[1][2] == "open"


def test_an_old_pass_counts_for_the_rest_of_its_months_or_not_at_all() -> None:
    assert short(ask("2026-03-10", "2025-08-31", **ROLLING)) == [
        ("1", "2026-04-09", "done", "2026-07-02")
    ]
    assert short(ask("2026-03-10", "2025-03-01", **ROLLING))[0][2] == "open"


def test_a_month_end_and_a_leap_day_expire_on_a_day_that_exists() -> None:
    one_month = {"due": NoDue(), "again": Rolling(1, 7)}
    held = ask("2028-01-31", "2028-01-31", **one_month)
    opened = ask("2028-02-25", "2028-01-31", **one_month, held=held)
    assert opened[1].due_on == date(2028, 2, 29)
    leap = ask("2028-02-29", "2028-02-29", **ROLLING, matched=date(2028, 2, 1))
    assert leap[0].next_on == date(2028, 12, 30)  # 28 February 2029 less 60 days


def test_a_course_without_expiry_is_earned_again_by_its_parts() -> None:
    held = ask("2026-03-31", "2026-03-31", **ROLLING)
    parts = {"quiz": at("2027-02-03"), "exam": at("2027-02-04")}
    again = ask("2027-02-05", "2026-03-31", **ROLLING, held=held, parts=parts)
    assert again[1].done_at == at("2027-02-04")
    half = {"quiz": at("2027-02-03"), "exam": at("2026-03-31")}
    assert ask("2027-02-05", "2026-03-31", **ROLLING, held=held, parts=half)[1].done_at is None
    never = ask("2026-03-31", **ROLLING, parts={"quiz": at("2026-03-30")})
    assert never[0].done_at is None  # reading is still to be done


def test_who_comes_back_after_the_expiry_has_thirty_days() -> None:
    away = withdraw(ask("2026-03-31", "2026-03-31", **ROLLING), at("2026-06-01"))
    back = ask("2028-01-10", "2026-03-31", **ROLLING, held=away, matched=date(2028, 1, 10))
    assert short(back)[1] == ("2", "2028-02-09", "open", "-")
    # and moving on from there does not put it off
    assert ask("2028-01-20", "2026-03-31", **ROLLING, held=back, matched=date(2028, 1, 20)) == back


def test_an_exempted_cycle_is_followed_by_the_next() -> None:
    [first] = ask("2026-03-10", **ROLLING)
    let_off = Cycle(**{**_fields(first), "exempted_at": at("2026-03-20")})
    assert ask("2026-03-21", **ROLLING, held=[let_off])[0].next_on == date(2027, 2, 8)


def test_another_recurrence_withdraws_what_the_old_one_asked() -> None:
    changed = ask("2026-04-01", **ROLLING, held=ask("2026-03-10", **YEARLY), changed=True)
    assert [row[:3] for row in short(changed)] == [
        ("2026", "2026-06-30", "left"),
        ("1", "2026-04-09", "open"),
    ]


def _fields(cycle: Cycle) -> dict[str, object]:
    return {name: getattr(cycle, name) for name in Cycle.__dataclass_fields__}


# Always

days = st.integers(0, 3000).map(lambda n: date(2026, 3, 10) + timedelta(days=n))
recurrences = st.one_of(
    st.just(Once()),
    st.builds(Yearly, st.integers(0, 364)),
    st.integers(1, 36).flatmap(
        lambda months: st.builds(Rolling, st.just(months), st.integers(0, 28 * months - 1))
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    recurrences,
    st.lists(days, max_size=6).map(sorted),
    st.lists(days, min_size=1, max_size=5).map(sorted),
)
def test_asking_again_changes_nothing_and_a_pass_counts_once(
    again: Recurrence, passes: list[date], looks: list[date]
) -> None:
    due = OnDate(date(2026, 12, 31))
    held: list[Cycle] = []
    for look in looks:
        known = [day.isoformat() for day in passes if day <= look]
        held = ask(look.isoformat(), *known, due=due, again=again, held=held, matched=look)
        assert ask(look.isoformat(), *known, due=due, again=again, held=held, matched=look) == held
    done = [one.done_at for one in held if one.done_at]
    assert len(done) == len(set(done))
    assert len({one.cycle for one in held}) == len(held)
