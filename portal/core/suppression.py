"""Which groups' figures are hidden so that no figure stands for a few people.

A group of fewer than ``SMALL`` people is hidden. Its figures must not follow from the others
either: the whole minus the groups that are shown is what the hidden ones have together. So, as
long as the hidden groups are one alone, or together fewer than ``SMALL`` people, the smallest
group that is still shown is hidden as well (complementary suppression; Hundepool et al.,
Statistical Disclosure Control, 2012, ch. 4). Below a hidden unit everything is hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALL = 5  # people
_NOBODY: Mapping[str, int] = {}

Key = TypeVar("Key", bound=Hashable)


def hidden(people: Mapping[Key, int]) -> frozenset[Key]:
    """The groups to hide, of ``people`` by group, which make up a whole that is shown.

    A group without anybody has nothing to hide and hides nobody: it is left out of account.
    """
    found = {key for key, count in people.items() if 0 < count < SMALL}
    shown = sorted(
        (key for key, count in people.items() if count >= SMALL),
        key=lambda key: (people[key], str(key)),
    )
    while found and shown and (len(found) < 2 or sum(people[key] for key in found) < SMALL):
        found.add(shown.pop(0))
    return frozenset(found)


def is_shown(
    path: str, root: str, staff: Mapping[str, int], left: Mapping[str, int] = _NOBODY
) -> bool:
    """Whether the figures of the unit at ``path`` are shown to somebody who manages ``root``.

    ``staff``: how many people belong to each unit of the subtree of ``root``, by path, without
    those below it; ``left`` as in ``groups_to_guard``. Raises ValueError when ``path`` is not
    within ``root``.
    """
    if not path.startswith(root):
        raise ValueError(f"{path} is not within {root}")
    if sum(staff.values()) < SMALL:
        return False
    here = root
    while here != path:
        step = path[len(here) :].split("/", 1)[0]
        guarded = groups_to_guard(here, staff, left)
        here = f"{here}{step}/"
        if here in hidden(guarded):
            return False
        if guarded.get(here, 0) == 0:
            return False
    return True


def groups_to_guard(
    path: str, staff: Mapping[str, int], left: Mapping[str, int] = _NOBODY
) -> dict[str, int]:
    """People by group as ``groups_below``; of a group to which nobody belongs, those who did.

    What was done in a unit stays there, so the sum of the whole still holds it when everybody has
    gone. ``left``: by path of a unit that nobody belongs to, how many people ever did, where they
    left results and were fewer than ``SMALL``.
    """
    there, gone = groups_below(path, staff), groups_below(path, left)
    return {key: there.get(key, 0) or gone.get(key, 0) for key in {**there, **gone}}


def groups_below(path: str, staff: Mapping[str, int]) -> dict[str, int]:
    """People by child unit of ``path`` (with everything below it) and of ``path`` itself."""
    found: dict[str, int] = {}
    for unit, count in staff.items():
        if unit.startswith(path):
            key = child_towards(unit, path)
            found[key] = found.get(key, 0) + count
    return found


def child_towards(unit: str, path: str) -> str:
    """The child of ``path`` on the way down to ``unit``; ``path`` for itself."""
    step = unit[len(path) :].split("/", 1)[0]
    return f"{path}{step}/" if step else path


def branch(unit: str, path: str, root: str) -> str:
    """The largest group that ``unit`` lies in and that decides about ``path``, seen from ``root``.

    ``is_shown`` gives the same over units as over the sums of their branches, which are few.
    """
    if unit.startswith(path):
        return path
    here = root
    while unit.startswith(below := child_towards(path, here)):
        here = below
    return child_towards(unit, here)
