"""What the distribution of a question's answers over ability says: correlation, curve, choosers.

Answers are summed in narrow bins of ability (a tenth of the latent scale) or, where no ability is
known, of the rest score's share (a twentieth). Thirds and quintiles are made of whole bins, so that
a page reads some dozens of rows and not ten million answers; a group holds what lies nearest to its
share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

ABILITY_BIN = 0.1
REST_BINS = 20
EVERYBODY = -1  # the choice that stands for all who met the question


@dataclass(frozen=True, slots=True)
class Bin:
    """Sums over the persons of one bin; ``choice`` is the position of an option or EVERYBODY."""

    choice: int
    at: int
    persons: int
    fraction: float
    ability: float
    ability_squares: float = 0.0
    fraction_squares: float = 0.0
    product: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Persons of about equal ability: how many, and the mean share of the marks they got."""

    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Choosers:
    """Who chose an option: how many, their mean ability, and their share in each third of
    ability, the least able first (None for an empty third)."""

    option: int
    n: int
    mean_ability: float
    by_third: tuple[float | None, float | None, float | None]


def ability_bin(ability: float) -> int:
    """The bin of a latent ability; abilities beyond ±6 share the outermost."""
    return floor(max(-6.0, min(6.0, ability)) / ABILITY_BIN)


def rest_bin(share: float) -> int:
    """The bin of a rest score's share, 0..1 of what could be had."""
    return max(0, min(REST_BINS - 1, floor(share * REST_BINS)))


def persons(bins: Sequence[Bin]) -> int:
    """How many met the question."""
    return sum(one.persons for one in bins if one.choice == EVERYBODY)


def correlation(bins: Sequence[Bin]) -> float | None:
    """corr(share of the marks, ability) over everybody; None without spread in either."""
    everybody = [one for one in bins if one.choice == EVERYBODY]
    n = persons(everybody)
    if n < 2:
        return None
    x, a = _sum(everybody, "fraction"), _sum(everybody, "ability")
    xx = n * _sum(everybody, "fraction_squares") - x * x
    aa = n * _sum(everybody, "ability_squares") - a * a
    tiny = 1e-9 * n * n
    if xx <= tiny or aa <= tiny:
        return None
    found = (n * _sum(everybody, "product") - x * a) / sqrt(xx) / sqrt(aa)
    return max(-1.0, min(1.0, found))


def characteristic(bins: Sequence[Bin], groups: int = 5) -> tuple[Group, ...]:
    """Share right by ability, the least able group first; groups that are empty are left out."""
    everybody = [one for one in bins if one.choice == EVERYBODY]
    rank = _ranks(everybody, groups)
    found = []
    for group in range(groups):
        inside = [one for one in everybody if rank[one.at] == group]
        n = sum(one.persons for one in inside)
        if n:
            found.append(Group(n, _sum(inside, "fraction") / n))
    return tuple(found)


def choosers(bins: Sequence[Bin], options: int) -> tuple[Choosers, ...]:
    """Who chose each of the ``options`` options."""
    everybody = [one for one in bins if one.choice == EVERYBODY]
    rank = _ranks(everybody, 3)
    thirds = [0, 0, 0]
    for one in everybody:
        thirds[rank[one.at]] += one.persons
    found = []
    for option in range(options):
        mine = [one for one in bins if one.choice == option]
        n = sum(one.persons for one in mine)
        counts = [0, 0, 0]
        for one in mine:
            counts[rank.get(one.at, 0)] += one.persons
        shares = tuple(
            count / third if third else None for count, third in zip(counts, thirds, strict=True)
        )
        mean = _sum(mine, "ability") / n if n else 0.0
        found.append(Choosers(option, n, mean, shares))  # type: ignore[arg-type]
    return tuple(found)


# Private functions


def _sum(bins: Sequence[Bin], name: str) -> float:
    return float(sum(getattr(one, name) for one in bins))


def _ranks(everybody: Sequence[Bin], groups: int) -> dict[int, int]:
    """The group of each bin, by where its middle person stands."""
    n = sum(one.persons for one in everybody)
    ranks: dict[int, int] = {}
    below = 0
    for one in sorted(everybody, key=lambda one: one.at):
        middle = (below + one.persons / 2) / n
        ranks[one.at] = min(groups - 1, int(middle * groups))
        below += one.persons
    return ranks
