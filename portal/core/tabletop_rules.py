"""Who decides in a room, what votes come to, and what the clock does: decisions, not records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from portal.core.drill_run import (
    BEARINGS,
    GRACE,
    LATENCY,
    Arrived,
    Fault,
    option_at_timeout,
)
from portal.core.drill_walks import open_options
from portal.core.drills import Decision, Role
from portal.core.tabletop import Room, Table, Vote


def open_decision(table: Table, room: Room) -> Decision | None:
    """The decision that waits to be taken; None outside play."""
    if room.phase != "play" or room.state is None:
        return None
    return table.play.steps.decisions.get(room.state.step)


def is_by_vote(room: Room, decision: Decision) -> bool:
    """Whether the decision is voted on: the room votes, or the drill gives it to no role."""
    return room.by_vote or not decision.roles


def deciders(room: Room, decision: Decision) -> frozenset[int]:
    """Who decides or votes. A role that nobody holds falls to the command, then to everybody."""
    everybody = frozenset(room.members)
    if is_by_vote(room, decision):
        return everybody
    return _holders(room, decision.roles) or _holders(room, ("command",)) or everybody


def breaks_tie(room: Room, person_id: int) -> bool:
    """Whether the person may decide between the options of a tie."""
    return person_id in room.leads or "command" in room.members.get(person_id, ())


def reads(room: Room, person_id: int, arrived: Arrived) -> bool:
    """Whether an inject is pushed to the person: it is for everybody, for one of the person's
    roles, or for roles that nobody holds."""
    roles = arrived.inject.roles
    if not roles or person_id in room.leads:
        return True
    return person_id in (_holders(room, roles) or frozenset(room.members))


def tally(votes: Mapping[int, Vote]) -> list[tuple[int, int]]:
    """(option, votes) with the most first, the author's order among equals."""
    counts = Counter(vote.option for vote in votes.values() if vote.option >= 0)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def leaders(votes: Mapping[int, Vote]) -> tuple[int, ...]:
    """The options with the most votes: one, or those of a tie; none without votes."""
    counted = tally(votes)
    return tuple(option for option, n in counted if n == counted[0][1])


def check_open(table: Table, room: Room, step: int, option: int | None, now: datetime) -> Decision:
    """The open decision, if ``step`` is still open and ``option`` can be chosen.

    Raises ``Fault``: ``over``, ``moved_on``, ``not_open``, ``late``.
    """
    decision = open_decision(table, room)
    if decision is None or room.state is None:
        raise Fault("over")
    if step != room.step:
        raise Fault("moved_on")
    if option is not None:
        available = {at for at, _ in open_options(decision, room.state.values)}
        if option not in available:
            raise Fault("not_open")
    deadline = table.deadline(room)
    if deadline is not None and now >= deadline + LATENCY:
        raise Fault("late")
    return decision


def check_choice(
    table: Table, room: Room, step: int, option: int, person_id: int, now: datetime
) -> Decision:
    """The open decision, if the participant may take it alone. Raises ``Fault``: as
    ``check_open``, ``paused``, ``not_yours``."""
    decision = check_open(table, room, step, option, now)
    if room.tie:
        if not breaks_tie(room, person_id) or option not in room.tie:
            raise Fault("not_yours")
        return decision
    if is_by_vote(room, decision) or person_id not in deciders(room, decision):
        raise Fault("not_yours")
    if room.paused_at is not None:
        raise Fault("paused")
    return decision


def check_vote(
    table: Table, room: Room, step: int, option: int, person_id: int, now: datetime
) -> Decision:
    """The open decision, if the participant may vote now; pauses are for talking, so one may vote
    in them. ``option`` -1 is an argument without a vote, for anybody. Raises ``Fault``."""
    decision = check_open(table, room, step, None if option < 0 else option, now)
    if person_id not in room.members:
        raise Fault("not_yours")
    if option >= 0 and (room.tie or not is_by_vote(room, decision)):
        raise Fault("not_yours")
    return decision


def outcome(room: Room, decision: Decision) -> tuple[str, dict[str, object]]:
    """Kind and body of the entry that closes a vote: a choice, or a tie. Raises ``Fault``
    ``no_votes``."""
    leading = leaders(room.votes)
    if not leading:
        raise Fault("no_votes")
    if len(leading) > 1:
        return "tie", {"options": list(leading), "step": room.step}
    body = {"decision": decision.id, "option": leading[0], "step": room.step, "way": "vote"}
    return "choose", body


def fallen_due(table: Table, room: Room, now: datetime) -> tuple[str, dict[str, object]] | None:
    """Kind and body of what the clock does by ``now``: it closes a vote, or decides itself."""
    decision, deadline = open_decision(table, room), table.deadline(room)
    if decision is None or deadline is None or room.state is None or now < deadline + LATENCY:
        return None
    if is_by_vote(room, decision) and leaders(room.votes):
        return outcome(room, decision)
    option = option_at_timeout(decision, room.state.values)
    return "timeout", {"decision": decision.id, "option": option, "step": room.step}


def due_at(table: Table, room: Room) -> datetime | None:
    """When ``fallen_due`` has to be asked again; None: not before something else happens."""
    deadline = table.deadline(room) if room.phase == "play" else None
    return None if deadline is None else deadline + LATENCY


def away(room: Room, seen_at: datetime | None, now: datetime) -> timedelta:
    """How much time is given back because nobody at all was there (the server, the network).

    One participant who is cut off stops nothing: the others go on.
    """
    if room.phase != "play" or room.state is None or room.paused_at is not None:
        return timedelta()
    since = max(filter(None, (seen_at, room.state.began_at, room.state.last_at)))
    return now - since + BEARINGS if now - since > GRACE else timedelta()


def concerns_all(kind: str, phase: str) -> bool:
    """Whether an entry changes what participants see, or only what the facilitator does."""
    if kind in ("vote", "comment", "rate", "plan", "unplan", "lead", "hold"):
        return False
    return kind not in ("join", "leave", "remark") or phase == "lobby"


# Private functions


def _holders(room: Room, roles: tuple[Role, ...]) -> frozenset[int]:
    return frozenset(key for key, held in room.members.items() if held & set(roles))
