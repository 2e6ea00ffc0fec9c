"""Some people of the demonstration practise: a few cards on most working days of the last weeks.

The first of each post, whose accounts are printed, are among them; a few more take the placement.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.actions import placement, practice
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.commands.demo.county import PersonPlan
from portal.commands.demo.year import Clock, Sitting, chosen_answer
from portal.core.people import Person

KINDS = ("practice", "placement")
DAYS = 35
_PRACTISE, _PLACED = 0.06, 0.05  # shares of the people
_DILIGENCE = 0.9  # chance that somebody practises on a working day


def plan(
    plans: list[PersonPlan], shown: set[int], end: datetime, tz: str, rng: random.Random
) -> list[Sitting]:
    """Sittings before ``end``; ``shown`` are positions of people who practise in any case."""
    found: list[Sitting] = []
    today = end.astimezone(ZoneInfo(tz)).replace(hour=8, minute=0)
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    for n in range(len(plans)):
        if n in shown or rng.random() < _PRACTISE:
            found += [
                Sitting(day + timedelta(minutes=rng.randrange(50)), n, "practice", "")
                for day in days
                if day.weekday() < 5 and rng.random() < _DILIGENCE
            ]
        elif rng.random() < _PLACED:
            found.append(Sitting(rng.choice(days) + timedelta(hours=2), n, "placement", ""))
    return found


def play(portal: Portal, sitting: Sitting, actor: Person, skill: float, rng: random.Random) -> None:
    """One sitting, through the same actions that clicks call."""
    clock = Clock(sitting.at)
    then = replace(portal, now=clock)
    try:
        if sitting.kind == "placement":
            _place(then, clock, actor, skill, rng)
        else:
            _one_set(then, clock, actor, skill, rng)
    except Refused:
        return  # nothing to practise yet, as in life


def _place(portal: Portal, clock: Clock, actor: Person, skill: float, rng: random.Random) -> None:
    set_id = placement.begin(portal, actor)
    while (card := placement.current(portal, actor, set_id)) is not None:
        clock.move(rng.uniform(15, 50))
        at = (set_id, card.position)
        placement.answer(portal, actor, *at, chosen_answer(card.question, skill, rng))
        placement.go_on(portal, actor, *at)


def _one_set(portal: Portal, clock: Clock, actor: Person, skill: float, rng: random.Random) -> None:
    set_id = practice.open_daily(portal, actor)
    for card in practice.get_set(portal, actor, set_id).cards:
        shown_at = clock.at
        clock.move(rng.uniform(8, 45))
        at = (set_id, card.position)
        practice.answer(portal, actor, *at, chosen_answer(card.question, skill + 0.5, rng))
        practice.check(portal, actor, *at, shown_at=shown_at)
