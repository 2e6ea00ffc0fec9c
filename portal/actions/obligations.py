"""Keeping obligations in step with assignments, postings and what people pass.

Everything goes through ``settle``: it is given assignments and people, looks at what holds, asks
``core.cycles`` what should hold, and saves the difference. It may be called again at any time.

What calls it, in the transaction of the event: a changed posting (``people_changed``), a pass
(``passed``), a decision about one obligation. Triggers note everybody who moves, and have everybody
looked at again when a unit moves; ``actions.stepping`` deals with that, in batches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from portal.actions.capability import levels
from portal.actions.evidence_of import evidence_of
from portal.actions.portal import Portal
from portal.core.assignments import Assignment, Item
from portal.core.audience import Gap, Rule, asks_for_levels, courses_asked, gaps_of, matches
from portal.core.cycles import Terms, plan, withdraw
from portal.core.obligations import Cycle, Evidence, Moment
from portal.core.people import within
from portal.core.times import iso
from portal.store import assignments, audiences, obligations
from portal.store.audiences import Stay
from portal.store.database import Connection
from portal.store.obligations import Obligation

FEW = 200  # people who are dealt with at once
_NOTHING = Evidence()


def people_changed(conn: Connection, portal: Portal, person_ids: Sequence[int]) -> None:
    """Deal at once with people whose postings were changed in this transaction.

    Whoever is not dealt with here, and everybody when they are many, is dealt with by the next
    round: triggers note everybody who moves.
    """
    if len(person_ids) > FEW:
        return
    for assignment in assignments.active(conn):
        settle(conn, portal, assignment, person_ids)
    obligations.forget_moved(conn, person_ids)


def passed(conn: Connection, portal: Portal, person_id: int, item: Item) -> bool:
    """To be called in the transaction in which a person passed, completed or read ``item``.

    Costs one look at an index for somebody who is not asked for it. True when something was done
    with it.
    """
    changes = 0
    for assignment_id in obligations.asking(conn, person_id, item):
        assignment = assignments.find(conn, assignment_id)
        if assignment is not None:
            changes += settle(conn, portal, replace(assignment, items=(item,)), [person_id])
    return changes > 0


def settle(
    conn: Connection,
    portal: Portal,
    assignment: Assignment,
    person_ids: Sequence[int],
    *,
    terms_changed: bool = False,
) -> int:
    """Bring the obligations of these people by this assignment into step; returns changes.

    With ``terms_changed`` days of open cycles are set anew, items that were taken out are
    withdrawn, and who was there when the terms changed is no newcomer.
    """
    moment = moment_of(portal)
    stays = _matching(conn, portal, assignment, person_ids)
    held = obligations.held(conn, assignment.id, person_ids)
    changes: list[tuple[Obligation | None, Obligation]] = []
    for item in assignment.items:
        evidence = evidence_of(conn, portal, item, list(stays)) if stays else {}
        for person_id in person_ids:
            old = held.pop((person_id, item), [])
            stay = stays.get(person_id)
            if stay is None:
                if old:
                    changes.extend(_left(old, moment))
                continue
            changes.extend(
                _asked(
                    assignment,
                    item,
                    stay,
                    old,
                    evidence.get(person_id, _NOTHING),
                    moment,
                    terms_changed,
                )
            )
    if terms_changed:  # items that were taken out
        for old in held.values():
            changes.extend(_left(old, moment))
    return obligations.save(conn, changes, moment.today)


def moment_of(portal: Portal) -> Moment:
    """Now, where the portal is."""
    return Moment(portal.now(), ZoneInfo(portal.settings.tz))


def matching(
    conn: Connection, portal: Portal, path: str, rule: Rule, person_ids: Sequence[int]
) -> dict[int, Stay]:
    """The posting below ``path`` by which each of these people matches, the newest of them;
    nothing for who does not."""
    gaps: Mapping[tuple[int, str], Mapping[str, Gap]] = {}
    stays = audiences.stays(conn, person_ids)
    if asks_for_levels(rule):
        gaps = _gaps(conn, portal, stays)
    passed = _first_passes(conn, rule, person_ids)
    found: dict[int, Stay] = {}
    for person_id, each in stays.items():
        for stay in each:
            missing = gaps.get((person_id, stay.place.post), {})
            own = passed.get(person_id, {})
            if within(stay.place.unit_path, path) and matches(
                rule, stay.place, person_id, missing, own
            ):
                found[person_id] = stay
    return found


# Private functions


def _matching(
    conn: Connection, portal: Portal, assignment: Assignment, person_ids: Sequence[int]
) -> dict[int, Stay]:
    if assignment.ended_at is not None:
        return {}
    return matching(conn, portal, assignment.unit_path or "/", assignment.audience, person_ids)


def _first_passes(
    conn: Connection, rule: Rule, person_ids: Sequence[int]
) -> dict[int, dict[str, str]]:
    """When these people first completed the courses that the rule asks about, by course."""
    found: dict[int, dict[str, str]] = {}
    for course in courses_asked(rule):
        for person_id, at in audiences.completions(conn, course, person_ids).items():
            found.setdefault(person_id, {})[course] = iso(at[0])
    return found


def _gaps(
    conn: Connection, portal: Portal, stays: Mapping[int, Sequence[Stay]]
) -> dict[tuple[int, str], Mapping[str, Gap]]:
    needs = {post.key: post.needs for post in portal.library.catalogue.capabilities.posts}
    measured = levels(conn, list(stays))
    return {
        (person_id, stay.place.post): gaps_of(
            needs.get(stay.place.post, {}), measured.get(person_id, {})
        )
        for person_id, each in stays.items()
        for stay in each
    }


def _asked(
    assignment: Assignment,
    item: Item,
    stay: Stay,
    old: Sequence[Obligation],
    evidence: Evidence,
    moment: Moment,
    terms_changed: bool,
) -> list[tuple[Obligation | None, Obligation]]:
    joined = moment.day_of(stay.began_at)
    changed_on = moment.day_of(assignment.changed_at)
    there_before = terms_changed and joined <= changed_on
    wanted = plan(
        Terms(assignment.due, assignment.recurrence, assignment.credit_earlier, changed_on),
        joined_on=joined,
        matched_on=changed_on if there_before else moment.today,
        held=[one.cycle for one in old],
        evidence=evidence,
        moment=moment,
        terms_changed=terms_changed,
    )
    known = {one.cycle.cycle: one for one in old}
    last = _last(wanted)
    return [
        (
            known.get(cycle.cycle),
            _row(assignment, item, stay, cycle, known.get(cycle.cycle), cycle.cycle != last),
        )
        for cycle in wanted
    ]


def _row(
    assignment: Assignment,
    item: Item,
    stay: Stay,
    cycle: Cycle,
    old: Obligation | None,
    followed: bool,
) -> Obligation:
    """The row of a cycle. What is open counts where the person is now, what is done where it was
    done; the same goes for whether it was required."""
    closed = cycle.done_at is not None or cycle.exempted_at is not None
    stays_put = old is not None and not old.cycle.is_open
    return Obligation(
        id=old.id if old else None,
        assignment_id=assignment.id,
        person_id=stay.person_id,
        item=item,
        unit_id=old.unit_id if old and stays_put and closed else stay.unit_id,
        required=old.required if old and stays_put and closed else assignment.required,
        superseded=followed and closed,
        cycle=cycle,
    )


def _left(old: Sequence[Obligation], moment: Moment) -> list[tuple[Obligation | None, Obligation]]:
    cycles = withdraw([one.cycle for one in old], moment.now)
    return [(one, replace(one, cycle=cycle)) for one, cycle in zip(old, cycles, strict=True)]


def _last(cycles: Sequence[Cycle]) -> str:
    live = [one.cycle for one in cycles if one.withdrawn_at is None]
    return live[-1] if live else ""
