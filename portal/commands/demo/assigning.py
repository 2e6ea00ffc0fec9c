"""What the demonstration county's managers and training office have assigned this year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.actions import assignments, exceptions, stepping
from portal.actions.assignments import Draft
from portal.actions.portal import Portal
from portal.core.assignments import Item
from portal.core.audience import AnyOf, Everyone, HoldsPost, Rule
from portal.core.due import AfterJoining, Due, Once, OnDate, Recurrence, Rolling, Yearly
from portal.core.people import Person
from portal.store import people

ONCE = Once()
_FIELD: Rule = AnyOf((HoldsPost("grid"), HoldsPost("community")))


@dataclass(frozen=True, slots=True)
class Plan:
    """``by`` is a login of ``Account``; ``days_ago`` before the end of the year it was assigned."""

    by: str
    days_ago: int
    items: tuple[Item, ...]
    audience: Rule
    due: Due
    title: str
    reason: str
    recurrence: Recurrence = ONCE
    required: bool = True


def plans(end: datetime) -> list[Plan]:
    """The assignments of the year, the earliest first."""
    today = end.date()

    def day(distance: int) -> OnDate:
        return OnDate(today + timedelta(days=distance))

    return [
        Plan(
            "county",
            240,
            (Item("quiz", "first-response/basics"),),
            _FIELD,
            day(-75),
            "先期处置轮训",
            "险情来的时候最先到场的是我们，每年复训一次",
            Rolling(12, 60),
        ),
        Plan(
            "county",
            90,
            (Item("course", "petitions-consultation"),),
            Everyone(),
            day(25),
            "",
            "年底前全县干部都要会按程序接访",
        ),
        Plan(
            "street",
            45,
            (Item("course", "hidden-danger"),),
            HoldsPost("grid"),
            day(-6),
            "冬季巡查准备",
            "取暖季前每个网格员都要过一遍",
        ),
        Plan(
            "county",
            30,
            (Item("course", "data-security"),),
            Everyone(),
            OnDate(today.replace(month=12, day=31)),
            "数据安全年度学习",
            "每年一次，年底前完成",
            Yearly(window_days=30),
        ),
        Plan(
            "street",
            20,
            (Item("course", "mediation"),),
            AnyOf((HoldsPost("mediator"), HoldsPost("community"))),
            AfterJoining(30),
            "",
            "新到岗的同事一个月内学完",
            required=False,
        ),
    ]


def assign(portal: Portal, person_ids: Mapping[str, int], end: datetime) -> None:
    """Assign as of the days of the plans; then let some people off or give them more time.

    ``person_ids`` by login, of people who hold their roles by now.
    """
    with portal.db.read() as conn:
        actors = {
            login: found
            for login, person_id in person_ids.items()
            if (found := people.find_person(conn, person_id)) is not None
        }
    for plan in plans(end):
        then = replace(portal, now=lambda at=end - timedelta(days=plan.days_ago): at)  # type: ignore[misc]
        actor = actors.get(plan.by)
        items = tuple(i for i in plan.items if assignments.title_of(portal, i) is not None)
        if actor is None or not items:
            continue
        made = assignments.create(
            then,
            actor,
            Draft(
                unit_id=actor.unit_id,
                title=plan.title,
                reason=plan.reason,
                items=items,
                audience=plan.audience,
                due=plan.due,
                recurrence=plan.recurrence,
                required=plan.required,
            ),
        )
        for _ in stepping.bring_into_step(then, made):
            pass
    stepping.keep_in_step(portal)
    _except(portal, actors.get("street"))


def _except(portal: Portal, manager: Person | None) -> None:
    """A sick leave and a training elsewhere, as every unit has them."""
    if manager is None or manager.unit_id is None:
        return
    rows: Sequence[dict[str, object]] = [
        row
        for row in assignments.due_in_unit(portal, manager, manager.unit_id, ("overdue",))
        if row["person_id"] != manager.id
    ]
    today = portal.now().date()
    if rows:
        exceptions.extend(
            portal, manager, int(str(rows[0]["id"])), today + timedelta(days=20), "住院，出院后补学"
        )
    if len(rows) > 1:
        exceptions.exempt(portal, manager, int(str(rows[1]["id"])), "已参加市里同等内容的集中培训")
