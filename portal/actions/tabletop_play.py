"""What participants of a room do: decide, vote, say why, and look back. Each is one transaction."""

from __future__ import annotations

from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.actions.tabletop_table import caught_up, taking_part
from portal.core import tabletop_rules as rules
from portal.core.people import Person
from portal.core.tabletop import WORDS_LIMIT
from portal.core.typed import typed_line

MOST_REMARKS = 300  # of one room
MOST_REMARKS_EACH = 20  # with a name


def vote(portal: Portal, actor: Person, run_id: int, step: int, option: int, words: str) -> None:
    """Vote, with an argument; the last vote before closing counts. ``option`` -1: only say.

    Raises NotAllowed, Refused: ``error.drill_late``, ``error.drill_moved_on``,
    ``error.drill_not_open``, ``error.drill_over``, ``error.tabletop_not_yours``,
    ``error.tabletop_words``.
    """
    words = checked_words(words, needed=option < 0)
    with caught_up(taking_part(portal, actor, run_id)) as sitting:
        rules.check_vote(sitting.table, sitting.room, step, option, actor.id, sitting.now)
        before = sitting.room.votes.get(actor.id)
        if before is None or (before.option, before.words) != (option, words):
            sitting.add("vote", actor.id, step=step, option=option, words=words)


def decide(portal: Portal, actor: Person, run_id: int, step: int, option: int, words: str) -> None:
    """Take the open decision in one's role (or break a tie, as command).

    Raises as ``vote``, and Refused ``error.tabletop_paused``.
    """
    words = checked_words(words)
    with caught_up(taking_part(portal, actor, run_id)) as sitting:
        decision = rules.check_choice(
            sitting.table, sitting.room, step, option, actor.id, sitting.now
        )
        way = "vote" if sitting.room.tie else "role"
        sitting.choose(actor.id, step, decision.id, option, way, words)


def remark(
    portal: Portal, actor: Person, run_id: int, text: str, *, is_good: bool, named: bool
) -> None:
    """Say in the hot wash what went well or what to change. Without a name none is stored.

    Raises NotAllowed, Refused ``error.tabletop_words``, ``error.tabletop_full``,
    ``error.tabletop_no_wash``.
    """
    text = checked_words(text, needed=True)
    with taking_part(portal, actor, run_id) as sitting:
        room = sitting.room
        if room.phase != "wash":
            raise Refused("error.tabletop_no_wash")
        own = sum(one.person_id == actor.id for one in room.remarks)
        if len(room.remarks) >= MOST_REMARKS or own >= MOST_REMARKS_EACH:
            raise Refused("error.tabletop_full")
        sitting.add("remark", actor.id if named else None, is_good=is_good, text=text)


def checked_words(words: str, *, needed: bool = False, limit: int = WORDS_LIMIT) -> str:
    """``words`` without blanks around. Raises Refused ``error.tabletop_words``."""
    words = typed_line(words)
    if len(words) > limit or (needed and not words):
        raise Refused("error.tabletop_words", n=limit)
    return words
