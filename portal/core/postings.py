"""Which posts somebody holds, which of them is the main one, and who counts as staff of a unit.

Everybody with a present posting has exactly one **main** posting: there the person belongs, there
results count, there managers see the person. Other postings are held beside it, part-time, and
only say which courses are meant. So a person with two posts counts once.

**Staff** of a unit are the people whose main posting lies in its subtree, whose account is not
disabled, and whose main post is not that of a trainer. A trainer's post gives way as main to any
other, so that a grid worker who also trains is counted, and somebody who only trains is not.
The role of a trainer (what somebody may do here) is another thing and counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

TRAINER_POST = "trainer"  # reserved: may be held whatever capabilities.toml says


@dataclass(frozen=True, slots=True)
class Posting:
    """A post held in a unit."""

    unit_id: int
    post: str
    main: bool = False


def settle_main(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The same postings, without repeats, with exactly one main: the one marked, else the first.

    One that is no trainer's comes before one that is.
    """
    distinct: dict[tuple[int, str], Posting] = {}
    for one in postings:
        known = distinct.get((one.unit_id, one.post))
        distinct[one.unit_id, one.post] = one if known is None or one.main else known
    held = list(distinct.values())
    if not held:
        return ()
    main = min(held, key=lambda one: (one.post == TRAINER_POST, not one.main))
    return tuple(replace(one, main=one is main) for one in held)


def all_in(unit_id: int, posts: Sequence[str]) -> tuple[Posting, ...]:
    """Posts in one unit, the first of them the main one."""
    return settle_main(Posting(unit_id, post) for post in posts)


def changes(
    held: Iterable[Posting], wanted: Iterable[Posting]
) -> tuple[tuple[Posting, ...], tuple[Posting, ...]]:
    """(to end, to begin). What is in both goes on; one that becomes main ends and begins anew."""
    before, after = tuple(held), tuple(wanted)
    return (
        tuple(one for one in before if one not in after),
        tuple(one for one in after if one not in before),
    )
