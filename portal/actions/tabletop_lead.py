"""What the facilitators of a room do while it plays. Each is one transaction; what has been done
already, by another tab or another facilitator, moves nothing."""

from __future__ import annotations

from collections.abc import Sequence

from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.actions.tabletop_play import checked_words
from portal.actions.tabletop_table import Sitting, caught_up, leading
from portal.core import tabletop_rules as rules
from portal.core.drills import ROLES
from portal.core.people import Person
from portal.core.tabletop import NEWS_LIMIT
from portal.store import drill_runs


def begin(portal: Portal, actor: Person, run_id: int) -> None:
    """Let it begin. Raises NotAllowed, Refused ``error.tabletop_nobody``."""
    with leading(portal, actor, run_id) as sitting:
        if sitting.room.phase == "lobby":
            if not sitting.room.members:
                raise Refused("error.tabletop_nobody")
            sitting.add("begin", actor.id)


def set_ways(portal: Portal, actor: Person, run_id: int, *, by_vote: bool, by_hand: bool) -> None:
    """How the room decides, and whether news comes by the clock or by hand. Raises NotAllowed."""
    with leading(portal, actor, run_id) as sitting:
        room = sitting.room
        if room.phase in ("lobby", "play") and (by_vote, by_hand) != (room.by_vote, room.by_hand):
            sitting.add("set", actor.id, by_vote=by_vote, by_hand=by_hand)


def pause(portal: Portal, actor: Person, run_id: int) -> None:
    """Let the clock stand still: no news by itself, no time-out. Raises NotAllowed."""
    with leading(portal, actor, run_id) as sitting:
        sitting.catch_up()
        if sitting.room.phase == "play" and sitting.room.paused_at is None:
            sitting.add("pause", actor.id, step=sitting.room.step)


def resume(portal: Portal, actor: Person, run_id: int) -> None:
    """Let the clock go on. Raises NotAllowed, Refused ``error.tabletop_tie``: first decide."""
    with leading(portal, actor, run_id) as sitting:
        if sitting.room.tie:
            raise Refused("error.tabletop_tie")
        if sitting.room.phase == "play":
            sitting.go_on()


def release(portal: Portal, actor: Person, run_id: int, step: int, inject: int) -> None:
    """Let an inject come now. ``inject``: its position among the step's. Raises NotAllowed."""
    with leading(portal, actor, run_id) as sitting:
        if _waits(sitting, step, inject):
            sitting.add("release", actor.id, step=step, inject=inject)


def hold(portal: Portal, actor: Person, run_id: int, step: int, inject: int) -> None:
    """Keep an inject back until it is released. Raises NotAllowed."""
    with leading(portal, actor, run_id) as sitting:
        if _waits(sitting, step, inject) and inject not in sitting.room.held:
            sitting.add("hold", actor.id, step=step, inject=inject)


def own_news(
    portal: Portal, actor: Person, run_id: int, step: int, text: str, roles: Sequence[str]
) -> None:
    """Let news of one's own come, to everybody or to ``roles``; it stays in the log.

    Raises NotAllowed, Refused ``error.tabletop_words``, ``error.drill_moved_on``.
    """
    text = checked_words(text, needed=True, limit=NEWS_LIMIT)
    with leading(portal, actor, run_id) as sitting:
        if sitting.room.phase != "play" or sitting.room.step != step:
            raise Refused("error.drill_moved_on")
        if not any(one.inject.text.zh == text for one in sitting.room.own):  # a second click
            to = [role for role in ROLES if role in roles]
            sitting.add("own", actor.id, step=step, text=text, roles=to)


def close_vote(portal: Portal, actor: Person, run_id: int, step: int) -> None:
    """Count the votes: the most decide, a tie is left to the facilitator or the command.

    Raises NotAllowed, Refused: ``error.tabletop_no_votes``, and as a choice.
    """
    with caught_up(leading(portal, actor, run_id)) as sitting:
        room = sitting.room
        decision = rules.check_open(sitting.table, room, step, None, sitting.now)
        if room.tie:
            return
        kind, body = rules.outcome(room, decision)
        if kind == "choose":
            sitting.go_on()
        sitting.add(kind, None, **body)


def decide(portal: Portal, actor: Person, run_id: int, step: int, option: int, reason: str) -> None:
    """Decide for the room, with a reason; none is needed between the options of a tie.

    Raises NotAllowed, Refused: ``error.tabletop_words``, and as a choice.
    """
    with caught_up(leading(portal, actor, run_id)) as sitting:
        room = sitting.room
        decision = rules.check_open(sitting.table, room, step, option, sitting.now)
        among = option in room.tie
        words = checked_words(reason, needed=not among)
        way = "vote" if among else "lead"
        sitting.choose(actor.id, step, decision.id, option, way, words)


def stop(portal: Portal, actor: Person, run_id: int) -> None:
    """End the room before its end: nothing is rated. Raises NotAllowed."""
    with leading(portal, actor, run_id) as sitting:
        if sitting.room.phase != "closed":
            sitting.add("stop", actor.id)
            drill_runs.end(sitting.conn, run_id, at=sitting.now, outcome="stopped")


# Private functions


def _waits(sitting: Sitting, step: int, inject: int) -> bool:
    room = sitting.room
    if room.phase != "play" or room.step != step:
        return False
    return inject in dict(sitting.table.waiting(room, sitting.now))
