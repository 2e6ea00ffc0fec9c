"""Which drills a person could play next: those asked for, and those that a gap calls for.

Handling an emergency or a risk is learned by doing. So where the estimate of one of these lies
below what the post asks for, drills that fit the post are suggested beside the courses: once
answers enough show the gap, or the drill's course has been completed. A drill that was passed is
not suggested again unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from portal.actions.standing import Facts, is_meant_for
from portal.core.catalogue import Catalogue
from portal.core.drills import Drill
from portal.core.next_steps import Candidate, Need
from portal.core.people import Person
from portal.store.database import Row

LEARNED_BY_DOING = ("emergency", "risk")


def candidates(
    catalogue: Catalogue,
    actor: Person,
    facts: Facts,
    needs: Mapping[str, Need],
    asked: Mapping[tuple[str, str], Row],
    begun: Collection[str],
) -> Iterator[Candidate]:
    """``asked`` are open obligations by (kind, item); ``begun`` the drills left half done."""
    for drill in catalogue.drills.values():
        row = asked.get(("drill", drill.id))
        capability = _widest_gap(drill, needs)
        if row is None and not (capability and _calls(catalogue, drill, actor, facts, needs)):
            continue
        course = catalogue.courses.get(drill.course)
        yield Candidate(
            "drill",
            drill.id,
            capability or (course.capability if course else ""),
            minutes=drill.minutes,
            standing="started" if drill.id in begun else "new",
            due_on=date.fromisoformat(row["due_on"]) if row and row["due_on"] else None,
            required=bool(row and row["required"]),
        )


# Private functions


def _widest_gap(drill: Drill, needs: Mapping[str, Need]) -> str:
    """The capability that the drill trains and the person lacks most; "" without a gap."""
    gaps = {
        objective.capability: needs[objective.capability].gap
        for objective in drill.objectives
        if objective.capability in LEARNED_BY_DOING and objective.capability in needs
    }
    widest = max(gaps, key=lambda key: (gaps[key], key), default="")
    return widest if widest and gaps[widest] > 0 else ""


def _calls(
    catalogue: Catalogue, drill: Drill, actor: Person, facts: Facts, needs: Mapping[str, Need]
) -> bool:
    """Whether the drill may be suggested to the person without being asked for."""
    course = catalogue.courses.get(drill.course)
    if course is None or not is_meant_for(course, actor.posts) or drill.id in facts.passed:
        return False
    done = facts.courses.get(course.id)
    is_prepared = done is not None and done.completed_at is not None
    return is_prepared or needs[_widest_gap(drill, needs)].level is not None
