"""Does the profile say what it knows? A simulated year, against what is true in the simulation.

    python -m tests.benchmarks.capability_simulation [--seed N] [--people 3000] [--units 160]

The generating model is not the filter's: people belong to units of very different sizes whose means
differ and stay, six traits correlate, abilities drift while nobody looks, items have difficulties
that their author's level only hints at and unequal discriminations. Question kinds, levels and the
number of items are those of the portal's own library; a guess is worth what the kind gives (a
multiple choice in part). One answer in eight goes to an item met before, and a remembered answer is
right whatever the ability: ``--sticks`` is how often an answer is remembered on the same day (0.5).
``--together`` lets whole units drift as well, which the model leaves out; ``--shift`` puts the
whole staff so many logits above (or below) the prior that everybody starts from.

The filter begins with the author's levels and calibrates items as it goes, like the portal does:
in nightly batches over the log. Truth is the ability at the end. Reported are the share of people
whose true S(θ) lies in the 80 % and 95 % bands, the error of the score at 16 to 22 responses a
capability beside percent correct and Beta-Binomial on the same answers (both corrected for
guessing), and the share of units whose band holds the mean of their members' true scores: as the
capability map works them out (around the staff's own centre), and by one unit's equation alone.
"""

from __future__ import annotations

import argparse
import math
import random
import secrets
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from portal.core import capability as model
from portal.core.capability_centre import Use, origin
from portal.core.capability_groups import people_of
from portal.core.capability_guessing import multiple_choice
from portal.core.capability_log import BLANK, Event, Profile, apply, at_time

START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 240
EACH = 108  # items a capability
LEVELS = (0.13, 0.33, 0.36, 0.13, 0.05)  # 1..5
MULTIPLE = multiple_choice(4, 2)
GUESSING = {0.25: 0.52, 0.5: 0.08, MULTIPLE: 0.10, 0.0: 0.30}  # single, true/false, multiple, typed
ZEAL = (0.0, 0.0, 0.5, 1.0, 1.6)  # how much people answer, as a multiple; two of five not at all
LEVEL_NOISE = 0.7  # of an item's difficulty around its author's level: s² = 0.49


@dataclass
class Item:
    k: int
    level: int
    b: float
    a: float
    c: float
    known: model.ItemState = field(init=False)

    def __post_init__(self) -> None:
        self.known = model.item_start(self.level)


@dataclass
class Result:
    """Shares 0..1 and errors in points."""

    cover80: float
    cover95: float
    unit80: float
    unit_bias: float  # mean error of units' scores, points
    plain_unit80: float  # by the equation alone, around the prior's mean
    naive_unit80: float
    unit80_small: float  # of units under 20 people
    unit80_large: float
    rmse: float
    percent_correct: float  # corrected for guessing, 0..100
    beta_binomial: float  # the same, shrunk towards everybody's mean
    responses: float  # a capability
    rows: int

    @property
    def good(self) -> bool:
        """Whether every figure is within what is promised."""
        return (
            0.76 <= self.cover80 <= 0.86
            and 0.93 <= self.cover95 <= 0.98
            and 0.78 <= self.unit80 <= 0.88
            and self.rmse <= 13.3
            and self.rmse < min(self.percent_correct, self.beta_binomial)
        )


def items_of(rng: random.Random, each: int) -> list[Item]:
    made = []
    for k in range(6):
        for _ in range(each):
            level = rng.choices((1, 2, 3, 4, 5), LEVELS)[0]
            b = rng.gauss(model.item_start(level).b, LEVEL_NOISE)
            c = rng.choices(tuple(GUESSING), tuple(GUESSING.values()))[0]
            made.append(Item(k, level, b, rng.lognormvariate(0.0, 0.2), c))
    return made


def simulate(
    seed: int,
    *,
    people: int,
    units: int,
    a_capability: int = 19,
    sticks: float = 0.5,
    together: bool = False,
    shift: float = 0.0,
) -> Result:
    """One simulated time of ``DAYS`` days; the same seed gives the same result."""
    rng = random.Random(seed)
    numbers = np.random.default_rng(seed)
    items = items_of(rng, EACH)
    by_capability = [[i for i, item in enumerate(items) if item.k == k] for k in range(6)]
    # units from 3 people to a few hundred, their means N(0, 0.16), the people around them 0.84
    sizes = np.clip(np.round(numbers.lognormal(2.4, 0.9, units)), 3, 400).astype(int)
    sizes = np.maximum(3, np.round(sizes * people / sizes.sum()).astype(int))
    correlation = np.full((6, 6), 0.5) + 0.5 * np.eye(6)
    unit_of = np.repeat(np.arange(units), sizes)
    n = len(unit_of)
    unit_means = numbers.multivariate_normal(np.zeros(6), 0.16 * correlation, units)
    own = numbers.multivariate_normal(np.zeros(6), 0.84 * correlation, n)
    profiles: list[Profile] = [BLANK] * n
    met: list[dict[int, int]] = [{} for _ in range(n)]
    tallies = np.zeros((n, 6, 2))
    starts = [item.known.b for item in items]
    used = np.zeros((len(items), 2))  # Σ w, Σ w·b
    # how much each one answers differs: from next to nothing to twice as much
    plans: list[list[tuple[int, int]]] = [[] for _ in range(DAYS)]
    for person in range(n):
        zeal = rng.choice(ZEAL)
        for k in range(6):
            count = numbers.poisson(a_capability * zeal * rng.choice((0.5, 1.0, 1.5)))
            for day in rng.choices(range(DAYS), k=count):
                plans[day].append((person, k))
    rows = 0
    for day in range(DAYS):
        if together:
            unit_means = _drift(unit_means, numbers, 0.16 * correlation)
        own = _drift(own, numbers, 0.84 * correlation)
        theta = unit_means[unit_of] + own + shift
        now = START + timedelta(days=day)
        log = []
        for person, k in plans[day]:
            index = _chosen(rng, by_capability[k], met[person])
            item = items[index]
            gap = day - met[person][index] if index in met[person] else None
            x = _answer(rng, item, theta[person, k], gap, sticks)
            met[person][index] = day
            w = model.repeat_weight(gap)
            state = at_time(profiles[person], now).state
            log.append((index, x, state.mean[k], state.cov[k][k], w))
            event = Event(now, k, x, item.c, item.known.b, item.known.s2, w, gap is None)
            profiles[person] = apply(profiles[person], event)
            used[index] += (w, w * item.known.b)
            tallies[person, k] += ((x - item.c) / (1 - item.c), 1)  # corrected for guessing
        for index, x, m, v, w in log:  # the night: items learn from the day's log
            items[index].known = model.item_respond(items[index].known, x, m, v, items[index].c, w)
        rows += len(log)
    end = START + timedelta(days=DAYS)
    uses = [
        Use(str(n), item.k, start, weight, weighted)
        for n, (item, start, (weight, weighted)) in enumerate(
            zip(items, starts, used.tolist(), strict=True)
        )
    ]
    return _judge(profiles, theta, tallies, unit_of, end, rows, a_capability, uses)


# Private functions


def _drift(traits, numbers, spread):
    """A day passes: an Ornstein-Uhlenbeck process whose covariance stays ``spread``."""
    f = math.exp(-1 / 1000)
    steps = numbers.multivariate_normal(np.zeros(6), spread, len(traits))
    return f * traits + math.sqrt(1 - f * f) * steps


def _chosen(rng: random.Random, pool: list[int], met: dict[int, int]) -> int:
    """One in eight answers goes to an item met before."""
    again = [index for index in pool if index in met]
    fresh = [index for index in pool if index not in met]
    if again and (not fresh or rng.random() < 1 / 8):
        return rng.choice(again)
    return rng.choice(fresh)


def _answer(rng: random.Random, item: Item, theta: float, gap: int | None, sticks: float) -> float:
    """3PL with a discrimination; a remembered answer is right whatever the ability."""
    if gap is not None and rng.random() < sticks * math.exp(-gap / 60):
        return 1.0
    p = 1 / (1 + math.exp(-item.a * (theta - item.b)))
    if rng.random() < p:
        return 1.0
    if item.c == MULTIPLE:  # of 15 subsets, one earns 1, four earn ½
        return rng.choices((1.0, 0.5, 0.0), (1, 4, 10))[0]
    return float(rng.random() < item.c)


def _judge(profiles, theta, tallies, unit_of, end, rows, a_capability, uses) -> Result:
    inside80 = inside95 = counted = 0
    errors, percent, beta = [], [], []
    seen = tallies[..., 1] > 0
    rate = tallies[..., 0].sum() / tallies[..., 1].sum()
    strength = _strength(tallies)
    states = [at_time(profile, end).state for profile in profiles]
    truth = np.vectorize(model.score)(theta)
    for person, state in enumerate(states):
        for k in range(6):
            m, v = state.mean[k], state.cov[k][k]
            low, high = model.band(m, v)
            inside80 += low <= truth[person, k] <= high
            low, high = model.band(m, v, 1.96)
            inside95 += low <= truth[person, k] <= high
            counted += 1
            right, answers = tallies[person, k]
            if abs(answers - a_capability) <= 3 and seen[person, k]:
                errors.append(model.score(m) - truth[person, k])
                percent.append(min(100.0, max(0.0, 100 * right / answers)) - truth[person, k])
                shrunk = (right + strength * rate) / (answers + strength)
                beta.append(100 * shrunk - truth[person, k])
    return Result(
        inside80 / counted,
        inside95 / counted,
        *_units(states, truth, unit_of, uses),
        _rms(errors),
        _rms(percent),
        _rms(beta),
        float(tallies[..., 1].mean()),
        rows,
    )


def _units(states, truth, unit_of, uses) -> tuple[float, float, float, float, float, float]:
    """Shares of (unit, capability) covered, and the mean error: the fields of ``Result`` from
    ``unit80`` to ``unit80_large``."""
    groups = [np.flatnonzero(unit_of == unit) for unit in np.unique(unit_of)]
    cov = np.array([state.cov for state in states])
    found = origin(np.array([state.mean for state in states]), cov, groups, uses)
    nothing = np.full(len(states), np.nan)
    inside, errors, plain, naive, large = [], [], [], [], []
    for k in range(6):
        people = people_of(
            found.mean[:, k],
            cov[:, k, k],
            nothing,
            groups,
            shift=float(found.shift[k]),
            shift_variance=float(found.shift_variance[k]),
            centre_variance=float(found.centre_variance[k]),
        )
        for members in groups:
            true = truth[members, k].mean()
            estimate = people.group(members).estimate
            low, high = estimate.band()
            inside.append(low <= true <= high)
            errors.append(estimate.score - true)
            given = [(states[i].mean[k], states[i].cov[k][k]) for i in members]
            low, high = model.unit(given).band()
            plain.append(low <= true <= high)
            mean = np.mean([model.score(m) for m, _ in given])
            sd = math.sqrt(sum((model.slope(m) ** 2) * v for m, v in given)) / len(given)
            naive.append(abs(mean - true) <= 1.2816 * sd)
            large.append(len(members) >= 20)
    covered, is_large = np.array(inside), np.array(large)
    return (
        float(covered.mean()),
        float(np.mean(errors)),
        float(np.mean(plain)),
        float(np.mean(naive)),
        float(covered[~is_large].mean()) if (~is_large).any() else math.nan,
        float(covered[is_large].mean()) if is_large.any() else math.nan,
    )


def _strength(tallies) -> float:
    """Beta-Binomial's a + b by moments over people with answers enough."""
    right, answers = tallies[..., 0].ravel(), tallies[..., 1].ravel()
    some = answers >= 5
    p = right[some] / answers[some]
    mean, n = p.mean(), answers[some].mean()
    between = max(p.var() - mean * (1 - mean) / n, 1e-4)
    return float(max(mean * (1 - mean) / between - 1, 0.5))


def _rms(errors) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--units", type=int, default=160)
    parser.add_argument("--sticks", type=float, default=0.5, help="remembered on the same day")
    parser.add_argument(
        "--together", action="store_true", help="whole units drift too, which the model leaves out"
    )
    parser.add_argument(
        "--shift", type=float, default=0.0, help="where the staff stands, in logits (0)"
    )
    given = parser.parse_args()
    seed = secrets.randbelow(2**31) if given.seed is None else given.seed
    found = simulate(
        seed,
        people=given.people,
        units=given.units,
        sticks=given.sticks,
        together=given.together,
        shift=given.shift,
    )
    print(f"seed {seed}: {found.rows} responses, {found.responses:.1f} a person and capability")
    print("| figure | found | wanted |\n| --- | --- | --- |")
    for name, shown, wanted in (
        ("80 % bands cover", f"{found.cover80:.1%}", "76–86 %"),
        ("95 % bands cover", f"{found.cover95:.1%}", "93–98 %"),
        ("80 % bands of units cover", f"{found.unit80:.1%}", "78–88 %"),
        ("  of units under 20 people", f"{found.unit80_small:.1%}", "—"),
        ("  of larger units", f"{found.unit80_large:.1%}", "—"),
        ("  mean error of units, points", f"{found.unit_bias:+.1f}", "—"),
        ("the same by the equation alone", f"{found.plain_unit80:.1%}", "—"),
        ("the same by naive averaging", f"{found.naive_unit80:.1%}", "—"),
        ("RMSE at 16 to 22 responses", f"{found.rmse:.1f}", "≤ 13.3, the lowest"),
        ("percent correct", f"{found.percent_correct:.1f}", "—"),
        ("Beta-Binomial", f"{found.beta_binomial:.1f}", "—"),
    ):
        print(f"| {name} | {shown} | {wanted} |")
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main())
