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


def is_shown(path: str, root: str, staff: Mapping[str, int]) -> bool:
    """Whether the figures of the unit at ``path`` are shown to somebody who manages ``root``.

    ``staff``: how many people belong to each unit of the subtree of ``root``, by path, without
    those below it. Raises ValueError when ``path`` is not within ``root``.
    """
    if not path.startswith(root):
        raise ValueError(f"{path} is not within {root}")
    if sum(staff.values()) < SMALL:
        return False
    here = root
    while here != path:
        groups = groups_below(here, staff)
        step = path[len(here) :].split("/", 1)[0]
        here = f"{here}{step}/"
        if here in hidden(groups):
            return False
        if groups.get(here, 0) == 0:
            return False
    return True


def groups_below(path: str, staff: Mapping[str, int]) -> dict[str, int]:
    """People by child unit of ``path`` (with everything below it) and of ``path`` itself."""
    found: dict[str, int] = {}
    for unit, count in staff.items():
        if unit.startswith(path):
            step = unit[len(path) :].split("/", 1)[0]
            key = f"{path}{step}/" if step else path
            found[key] = found.get(key, 0) + count
    return found
