"""What a group's decisions prove of one person.

A decision that a group talked through proves less about each than one taken alone. It counts for
somebody who took it in a role, with the rating of the decision, and for everybody who voted, with
the rating of one's *own* vote, whatever came of it. Nothing is proved by the clock, by a
facilitator who overrode the room, or by having sat there.
"""

from __future__ import annotations

from portal.core.drills import Rating
from portal.core.tabletop import Room, Table

WEIGHT = 0.5  # of a decision taken alone, in the update of the capability profile


def proofs(table: Table, room: Room, person_id: int) -> list[tuple[int, Rating]]:
    """(number of the decision on the run, rating) of what the person decided or voted."""
    found: list[tuple[int, Rating]] = []
    if room.state is None:
        return found
    for at, (taken, how) in enumerate(zip(room.state.taken, room.decided, strict=True)):
        options = table.play.steps.decisions[taken.decision_id].options
        vote = how.votes.get(person_id)
        decided = how.way == "role" and how.person_id == person_id
        if decided or (vote is not None and vote.option == taken.option):
            found.append((at, taken.rated or options[taken.option].rating))
        elif vote is not None and 0 <= vote.option < len(options):
            found.append((at, options[vote.option].rating))
    return found
