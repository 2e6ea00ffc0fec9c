"""After a group's drill: ratings, comments, one improvement plan; closing makes it count."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from portal.actions import drill_finish
from portal.actions.audit import note
from portal.actions.drill_finish import Participant, course_for
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.actions.tabletop_play import checked_words
from portal.actions.tabletop_table import Sitting, leading
from portal.core.drill_scores import score_objectives
from portal.core.drills import RATINGS
from portal.core.people import Person
from portal.core.tabletop_proofs import WEIGHT, proofs
from portal.store import drill_results, progress, tabletop

MOST_PLANS = 30
FARTHEST = timedelta(days=730)  # a due date beyond is a slip of the hand
NAME_LIMIT = 40


def rate(portal: Portal, actor: Person, run_id: int, taken: int, rating: str, reason: str) -> None:
    """Rate a decision otherwise than its option is, with a reason; back to it needs none.

    Raises NotAllowed, Refused ``error.tabletop_no_wash``, ``error.tabletop_words``.
    """
    with leading(portal, actor, run_id) as sitting:
        _check_taken(sitting, taken)
        if rating not in RATINGS:
            raise Refused("error.tabletop_no_wash")
        state = sitting.room.state
        assert state is not None  # in the wash
        one = state.taken[taken]
        given = sitting.play.steps.decisions[one.decision_id].options[one.option].rating
        words = checked_words(reason, needed=rating != given)
        if (rating, words) != (one.rated or given, sitting.room.reasons.get(taken, "")):
            sitting.add("rate", actor.id, taken=taken, rating=rating, words=words)


def comment(portal: Portal, actor: Person, run_id: int, taken: int, words: str) -> None:
    """Write what one observed of a decision; ``taken`` -1: of the whole. "" takes it back.

    Raises NotAllowed, Refused ``error.tabletop_no_wash``, ``error.tabletop_words``.
    """
    words = checked_words(words)
    with leading(portal, actor, run_id) as sitting:
        _check_taken(sitting, taken, least=-1)
        if words != sitting.room.comments.get(taken, ""):
            sitting.add("comment", actor.id, taken=taken, words=words)


def plan(
    portal: Portal,
    actor: Person,
    run_id: int,
    objective: str,
    text: str,
    owner_id: int | None,
    owner: str,
    due_on: date,
) -> None:
    """Add a line to the improvement plan, owned by a participant or by somebody named.

    Raises NotAllowed, Refused: ``error.tabletop_no_wash``, ``error.tabletop_words``,
    ``error.tabletop_owner``, ``error.tabletop_due``, ``error.tabletop_full``.
    """
    text, owner = checked_words(text, needed=True), checked_words(owner, limit=NAME_LIMIT)
    with leading(portal, actor, run_id) as sitting:
        room = sitting.room
        _check_taken(sitting, -1, least=-1)
        if objective not in {one.key for one in sitting.play.drill.objectives}:
            raise Refused("error.tabletop_no_wash")
        if owner_id is None and not owner:
            raise Refused("error.tabletop_owner")
        if owner_id is not None and owner_id not in room.members:
            raise Refused("error.tabletop_owner")
        today = sitting.now.astimezone(ZoneInfo(portal.settings.tz)).date()
        if not today <= due_on <= today + FARTHEST:
            raise Refused("error.tabletop_due")
        if len(room.plans) >= MOST_PLANS:
            raise Refused("error.tabletop_full")
        name = "" if owner_id is not None else owner
        line = (objective, text, owner_id, name, due_on)
        known = {(p.objective, p.text, p.owner_id, p.owner, p.due_on) for p in room.plans}
        if line not in known:  # a second click
            sitting.add(
                "plan",
                actor.id,
                objective=objective,
                text=text,
                owner_id=owner_id,
                owner=name,
                due_on=due_on.isoformat(),
            )


def unplan(portal: Portal, actor: Person, run_id: int, number: int) -> None:
    """Take a line out of the plan. Raises NotAllowed, Refused ``error.tabletop_no_wash``."""
    with leading(portal, actor, run_id) as sitting:
        _check_taken(sitting, -1, least=-1)
        if any(one.number == number for one in sitting.room.plans):
            sitting.add("unplan", actor.id, number=number)


def close(portal: Portal, actor: Person, run_id: int) -> None:
    """Close the room: the run is finished, ratings and evidence count, the plan is opened, and
    what this retest has mended is closed. A second click does nothing. Raises NotAllowed."""
    with leading(portal, actor, run_id) as sitting:
        if sitting.room.phase != "wash":
            return
        sitting.add("close", actor.id)
        room, state = sitting.room, sitting.room.state
        assert state is not None  # it was in the wash
        participants = [
            Participant(row["person_id"], row["unit_id"], proofs(sitting.table, room, key))
            for row in tabletop.people_of(sitting.conn, run_id)
            if (key := row["person_id"]) in room.members
        ]
        drill_finish.finish(
            sitting.conn,
            portal,
            sitting.run,
            sitting.play,
            state,
            participants,
            weight=WEIGHT,
            closed_at=sitting.now,
        )
        _close_actions(sitting)
        _open_actions(sitting, actor)
        note(portal, sitting.conn, actor, "closed_drill_room", f"drill-run:{run_id}")
        progress.touch_revision(sitting.conn)


# Private functions


def _check_taken(sitting: Sitting, taken: int, least: int = 0) -> None:
    state = sitting.room.state
    if sitting.room.phase != "wash" or state is None or not least <= taken < len(state.taken):
        raise Refused("error.tabletop_no_wash")


def _close_actions(sitting: Sitting) -> None:
    state, run = sitting.room.state, sitting.run
    assert state is not None  # it was in the wash
    for score in score_objectives(sitting.play.drill, state.taken):
        if score.rating in ("P", "S"):
            drill_results.close_group_actions(
                sitting.conn,
                unit_id=run.unit_id,
                drill_id=run.drill_id,
                objective=score.objective.key,
                run_id=run.id,
                at=sitting.now,
            )


def _open_actions(sitting: Sitting, actor: Person) -> None:
    """The plan as actions; who is only named has them through the one who closed the room."""
    state, run, drill = sitting.room.state, sitting.run, sitting.play.drill
    assert state is not None  # it was in the wash
    for line in sitting.room.plans:
        shown = [
            one.decision_id
            for one in state.taken
            if line.objective in drill.decision(one.decision_id).objectives
        ]
        capability = drill.objective(line.objective).capability
        drill_results.add_action(
            sitting.conn,
            run_id=run.id,
            drill_id=run.drill_id,
            objective=line.objective,
            capability=capability,
            decisions=dict.fromkeys(shown),
            person_id=actor.id if line.owner_id is None else line.owner_id,
            unit_id=run.unit_id,
            course_id=course_for(sitting.portal.library.catalogue, drill, capability),
            due_on=line.due_on,
            at=sitting.now,
            text=line.text,
            owner_name=line.owner,
            is_group=True,
        )
