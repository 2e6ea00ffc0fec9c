"""Bringing many obligations into step: after a changed assignment, and as time goes by.

A look at everybody is done in batches, each in a transaction of its own that also notes how far it
has come: nobody waits long for a turn to write, and whoever goes on after a crash goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from portal.actions.obligations import moment_of, settle
from portal.actions.portal import Portal
from portal.core.assignments import NOT_BEGUN, Assignment
from portal.core.audience import asks_for_levels, only_named
from portal.store import assignments, audiences, obligations, settings
from portal.store.database import Connection

A_BATCH = 1000  # people
_LEVELS_SEEN = "assignments.levels_seen"  # the day on which measured levels were last looked at


def bring_into_step(portal: Portal, assignment_id: int) -> Iterator[tuple[int, int]]:
    """Deal with everybody an assignment concerns, from where it was left; yields (done, all).

    Ends early when the assignment is changed meanwhile: then there is a new beginning.
    """
    with portal.db.write(bump=False) as conn:
        assignments.begin_sync(conn, assignment_id)
    with portal.db.read() as conn:
        found = assignments.find(conn, assignment_id)
        if found is None or found.sync_after is None or found.sync_after == NOT_BEGUN:
            return
        people = _concerned(conn, found)
    after = found.sync_after
    left = [person_id for person_id in people if person_id > after]
    for at in range(0, len(left), A_BATCH):
        if not _step(portal, assignment_id, left[at : at + A_BATCH], after):
            return
        after = left[min(at + A_BATCH, len(left)) - 1]
        yield len(people) - len(left) + min(at + A_BATCH, len(left)), len(people)
    with portal.db.write() as conn:  # pages say that it is under way
        now = assignments.find(conn, assignment_id)
        if now is not None and now.sync_after == after:
            assignments.set_sync(conn, assignment_id, None)


def keep_in_step(portal: Portal) -> None:
    """What time and waiting changes ask for; called at regular times, by any process."""
    _look_at_levels(portal)
    with portal.db.read() as conn:
        waiting = assignments.waiting(conn)
    for assignment_id in waiting:
        for _ in bring_into_step(portal, assignment_id):
            pass
    while _moved(portal) or _come_round(portal):
        pass


# Private functions


def _concerned(conn: Connection, found: Assignment) -> list[int]:
    """Ids of those who may match and those who have something of it, ascending."""
    people = set(obligations.holders(conn, found.id))
    if found.ended_at is None:
        named = only_named(found.audience)
        within = audiences.people_below(conn, found.unit_path or "/") if named is None else named
        people.update(within)
    return sorted(people)


def _step(portal: Portal, assignment_id: int, people: list[int], after: int) -> bool:
    """One batch; False when somebody else has gone on or begun anew."""
    with portal.db.write() as conn:
        assignment = assignments.find(conn, assignment_id)
        if assignment is None or assignment.sync_after != after:
            return False
        settle(conn, portal, assignment, people, terms_changed=assignment.sync_terms)
        assignments.set_sync(conn, assignment_id, people[-1])
        return True


def _moved(portal: Portal) -> bool:
    """Deal with a batch of people who moved; False when there are none."""
    with portal.db.read() as conn:
        people = obligations.moved(conn, A_BATCH)
    if not people:
        return False
    with portal.db.write() as conn:
        for assignment in assignments.active(conn):
            settle(conn, portal, assignment, people)
        obligations.forget_moved(conn, people)
    return True


def _come_round(portal: Portal) -> bool:
    """Begin the next cycle of a batch of people; False when there are none."""
    with portal.db.read() as conn:
        rows = obligations.coming_round(conn, moment_of(portal).today, A_BATCH)
    if not rows:
        return False
    moved = 0
    for assignment_id, each in groupby(rows, key=lambda row: row["assignment_id"]):
        people = [row["person_id"] for row in each]
        with portal.db.write() as conn:
            assignment = assignments.find(conn, assignment_id)
            assert assignment is not None
            moved += settle(conn, portal, assignment, people)
    return moved > 0


def _look_at_levels(portal: Portal) -> None:
    """Levels change with every answer; who is below the level of a post is decided once a day."""
    today = moment_of(portal).today.isoformat()
    with portal.db.read() as conn:
        if settings.find(conn, _LEVELS_SEEN) == today:
            return
    with portal.db.write(bump=False) as conn:
        settings.store(conn, _LEVELS_SEEN, today)
        for assignment in assignments.active(conn):
            if asks_for_levels(assignment.audience) and assignment.sync_after is None:
                assignments.set_sync(conn, assignment.id, NOT_BEGUN)
