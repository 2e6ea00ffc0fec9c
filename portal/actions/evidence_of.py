"""When people passed an item, as evidence for their obligations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from portal.actions.portal import Portal
from portal.core.assignments import Item
from portal.core.obligations import Evidence
from portal.store import audiences
from portal.store.database import Connection


def evidence_of(
    conn: Connection, portal: Portal, item: Item, person_ids: Sequence[int]
) -> dict[int, Evidence]:
    """Evidence by person; who has none is left out."""
    match item.kind:
        case "quiz":
            found = audiences.passes(conn, item.id, person_ids)
            return {person_id: Evidence(at) for person_id, at in found.items()}
        case "course":
            return _course(conn, portal, item.id, person_ids)
        case "drill":  # done when it was played to its end: gaps are in the improvement plan
            found = audiences.drills_finished(conn, item.id, person_ids)
            return {person_id: Evidence(at) for person_id, at in found.items()}
    assert_never(item.kind)


# Private functions


def _course(
    conn: Connection, portal: Portal, course_id: str, person_ids: Sequence[int]
) -> dict[int, Evidence]:
    """Completions and, for those who completed it, when its parts were last done again.

    The parts are the quizzes that the course asks for or, where it asks for none, its modules.
    """
    done = audiences.completions(conn, course_id, person_ids)
    course = portal.library.catalogue.courses.get(course_id)
    if course is None:
        return {person_id: Evidence(at) for person_id, at in done.items()}
    again: dict[str, Mapping[int, datetime]]
    if course.pass_quizzes:
        again = {
            quiz_id: {
                person_id: at[-1]
                for person_id, at in audiences.passes(conn, quiz_id, list(done)).items()
            }
            for quiz_id in course.pass_quizzes
        }
    else:
        again = {key: audiences.seen(conn, key, list(done)) for key in course.pass_modules}
    return {
        person_id: Evidence(at, _parts(again, person_id), course.valid_months)
        for person_id, at in done.items()
    }


def _parts(again: Mapping[str, Mapping[int, datetime]], person_id: int) -> dict[str, datetime]:
    """The last time of each part; nothing unless there is one for all of them."""
    if not all(person_id in each for each in again.values()):
        return {}
    return {key: each[person_id] for key, each in again.items()}
