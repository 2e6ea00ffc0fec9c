"""How an obligation stands: the due day itself is still in time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.core.obligations import Cycle, Moment, state_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = date(2026, 11, 26)
LAST_MINUTE = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)  # 23:59 where the portal is
MIDNIGHT = datetime(2026, 11, 26, 16, tzinfo=UTC)


def state(now: datetime, required: bool = True, **cycle: datetime | date) -> str:
    given = Cycle("once", date(2026, 11, 1), DUE, **cycle)  # type: ignore[arg-type]
    return state_of(given, required, Moment(now, SHANGHAI))


@pytest.mark.parametrize(
    ("now", "cycle", "then"),
    [
        (LAST_MINUTE, {}, "open"),
        (MIDNIGHT, {}, "overdue"),
        (MIDNIGHT, {"extended_to": date(2026, 11, 27)}, "open"),
        (MIDNIGHT, {"done_at": LAST_MINUTE}, "done"),
        (MIDNIGHT, {"done_at": MIDNIGHT}, "late"),
        (MIDNIGHT, {"exempted_at": LAST_MINUTE}, "exempted"),
        (MIDNIGHT, {"exempted_at": LAST_MINUTE, "done_at": MIDNIGHT}, "late"),
    ],
)
def test_a_day_is_over_at_midnight_of_the_place(
    now: datetime, cycle: dict[str, datetime | date], then: str
) -> None:
    assert state(now, **cycle) == then


def test_what_is_only_recommended_is_never_late() -> None:
    assert state(MIDNIGHT, required=False) == "open"
    assert state(MIDNIGHT, required=False, done_at=MIDNIGHT) == "done"
