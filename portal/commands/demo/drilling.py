"""Some people of the demonstration play drills alone, in the last months of the year.

Enough of every street do so that its manager sees ratings, and few enough that units differ. The
options people take follow from their skill; a weak run leaves improvement actions behind.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from portal.actions import drill_runs
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.commands.demo.county import PersonPlan
from portal.commands.demo.year import Clock, Sitting
from portal.core.catalogue import Catalogue
from portal.core.drills import Decision
from portal.core.people import Person

KINDS = ("drill",)
DAYS = 120
_PLAY = 0.35  # share of the people who play at least one drill
_LONGEST_S = 18  # that somebody thinks: the clock rarely decides
_WEIGHTS = {"P": 1.0, "S": 0.6, "M": 0.4, "U": 0.25}


def plan(
    catalogue: Catalogue, plans: list[PersonPlan], end: datetime, rng: random.Random
) -> list[Sitting]:
    """Sittings before ``end``; ``step`` is the drill's id."""
    drills = sorted(catalogue.drills)
    found: list[Sitting] = []
    for n in range(len(plans)):
        if drills and rng.random() < _PLAY:
            for drill_id in rng.sample(drills, min(len(drills), rng.choice((1, 1, 2)))):
                at = end - timedelta(days=rng.uniform(1, DAYS))
                found.append(Sitting(at, n, "drill", drill_id))
    return found


def play(portal: Portal, sitting: Sitting, actor: Person, skill: float, rng: random.Random) -> None:
    """One run to its end, through the same actions that clicks call."""
    clock = Clock(sitting.at)
    then = replace(portal, now=clock)
    try:
        run_id = drill_runs.begin(then, actor, sitting.step)
        while (decision := drill_runs.visit(then, actor, run_id).decision) is not None:
            clock.move(rng.uniform(4, _LONGEST_S))
            open_to = [choice.position for choice in drill_runs.visit(then, actor, run_id).choices]
            option = _taken(decision, open_to, skill, rng)
            drill_runs.choose(then, actor, run_id, decision.id, option)
    except Refused:
        return  # the clock was quicker, as in life


def _taken(decision: Decision, open_to: list[int], skill: float, rng: random.Random) -> int:
    """The better the skill (about -2..2), the likelier the better option."""
    weights = [_WEIGHTS[decision.options[at].rating] ** max(0.3, 1.4 + skill) for at in open_to]
    return rng.choices(open_to, weights)[0]
