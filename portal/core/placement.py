"""Which question a placement asks next. Eighteen place a person overall; they diagnose nothing.

The capability with the fewest questions so far comes next (ties: the one least known), and of it
one of the five unused questions that tell most at what is known of the person now. Questions that
can be guessed are asked only when the others are used up, and those of an earlier placement only
when there are no others of their kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import pi, sqrt

from portal.core.capability import CAPABILITIES, State
from portal.core.capability_scale import sigmoid

ITEMS = 18
AMONG = 5  # drawn from the so many most informative
AGAIN_MONTHS = 6  # months after which a placement may be taken again


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the pool: difficulty ``b`` with variance ``s2``, guessing chance ``c``.

    ``met``: an earlier placement of the person asked it.
    """

    question_id: str
    capability: str
    b: float
    s2: float
    c: float
    met: bool = False


def information(m: float, item: Item) -> float:
    """What an answer to ``item`` tells about somebody whose capability is ``m``: D²/(P(1 − P)).

    Rule 3 of the filter (``core.capability.respond``) with w = 1; for c = 0 it is κ² q (1 − q)
    (Birnbaum 1968).
    """
    kappa = 1 / sqrt(1 + 3 * item.s2 / pi**2)
    q = sigmoid(kappa * (m - item.b))
    p = item.c + (1 - item.c) * q
    d = (1 - item.c) * q * (1 - q) * kappa
    return d * d / (p * (1 - p)) if 0 < p < 1 else 0.0


def next_item(
    asked: Mapping[str, int], state: State, unused: Sequence[Item], seed: int
) -> Item | None:
    """The next question, or None when nothing is left. ``asked`` counts them by capability."""
    among = [item for item in unused if item.capability in CAPABILITIES]
    if not among:
        return None
    k = min(
        {CAPABILITIES.index(item.capability) for item in among},
        key=lambda k: (asked.get(CAPABILITIES[k], 0), -state.cov[k][k], k),
    )
    of_it = [item for item in among if item.capability == CAPABILITIES[k]]
    unguessable = [item for item in of_it if item.c == 0] or of_it
    new = [item for item in unguessable if not item.met] or unguessable
    best = sorted(new, key=lambda item: (-information(state.mean[k], item), item.question_id))
    return min(
        best[:AMONG], key=lambda item: sha256(f"{seed}/{item.question_id}".encode()).digest()
    )


def may_begin_at(last: datetime | None) -> datetime | None:
    """When the next placement may begin after one that ended ``last``; None: at any time."""
    if last is None:
        return None
    month = last.month - 1 + AGAIN_MONTHS
    return last.replace(year=last.year + month // 12, month=month % 12 + 1, day=min(last.day, 28))
