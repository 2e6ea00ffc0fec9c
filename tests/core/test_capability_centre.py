"""Units stand where their staff stands, although everybody's prior stands elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from portal.core.capability_centre import Use, origin
from portal.core.capability_groups import people_of

R = np.full((6, 6), 0.5) + 0.5 * np.eye(6)
CENTRE = np.array([0.9, 0.8, -0.7, 0.0, 1.1, 0.4])
NOTHING = np.zeros(6)


def staff(count: int = 3000, seed: int = 4):
    """People around CENTRE; everybody is observed in four of the six, more or less exactly."""
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal(CENTRE, R, count)
    m, cov = np.zeros((count, 6)), np.zeros((count, 6, 6))
    precision, y = np.zeros((count, 6)), np.zeros((count, 6))
    for n in range(count):
        for k in rng.permutation(6)[:4]:
            precision[n, k] = rng.uniform(0.5, 8.0)
            y[n, k] = rng.normal(theta[n, k], 1 / np.sqrt(precision[n, k]))
        cov[n], m[n] = posterior(NOTHING, precision[n], y[n])
    return theta, precision, y, m, cov


def posterior(centre, precision, y):
    """Gaussian conditioning, written out: the filter without guessing and without time."""
    cov = np.linalg.inv(np.linalg.inv(R) + np.diag(precision))
    return cov, cov @ (np.linalg.inv(R) @ centre + precision * y)


def groups_of(count: int, groups: int):
    return np.array_split(np.arange(count), groups)


def test_the_centre_is_found_and_people_stand_as_if_it_had_been_their_prior() -> None:
    theta, precision, y, m, cov = staff()
    found = origin(m, cov, groups_of(len(m), 40), ())
    assert found.shift == pytest.approx(theta.mean(axis=0), abs=0.08)
    for n in (0, 7, 99):
        _, mean = posterior(found.shift, precision[n], y[n])
        assert found.mean[n] + found.shift == pytest.approx(mean, abs=1e-9)
    assert (found.centre_variance > 0).all() and (found.centre_variance < 0.01).all()


def test_a_unit_is_read_on_the_scale_again() -> None:
    theta, _, _, m, cov = staff()
    groups = groups_of(len(m), 40)
    found = origin(m, cov, groups, ())
    nobody = np.full(len(m), np.nan)
    errors, plain = [], []
    for k in range(6):
        moved = people_of(
            found.mean[:, k], cov[:, k, k], nobody, groups, shift=float(found.shift[k])
        )
        alone = people_of(m[:, k], cov[:, k, k], nobody, groups)
        for members in groups:
            errors.append(moved.group(members).estimate.mu - theta[members, k].mean())
            plain.append(alone.group(members).estimate.mu - theta[members, k].mean())
    by_capability = np.abs(np.reshape(errors, (6, -1)).mean(axis=1))
    assert (by_capability < 0.1).all()
    assert (np.abs(np.reshape(plain, (6, -1)).mean(axis=1)) > 0.2).any(), "what it mends"


def test_items_that_moved_together_are_led_back_to_their_levels() -> None:
    _, _, _, m, cov = staff(200)
    groups = groups_of(200, 25)
    uses = [
        Use("a", 1, 0.8, 10.0, 10 * 0.5),  # 0.3 easier than its author said, in ten answers
        Use("b", 1, 0.0, 30.0, 30 * -0.4),
        Use("a", 1, -0.8, 20.0, 20 * -1.1),  # the same question, edited: not one more witness
    ]
    still, moved = origin(m, cov, groups, ()), origin(m, cov, groups, uses)
    assert moved.shift - still.shift == pytest.approx([0, 0.35, 0, 0, 0, 0])
    assert moved.shift_variance == pytest.approx([0, 0.49 / 2, 0, 0, 0, 0])
    nobody = np.full(200, np.nan)
    wide, narrow = (
        people_of(still.mean[:, 1], cov[:, 1, 1], nobody, groups, shift_variance=variance)
        .group(np.arange(200))
        .estimate.variance
        for variance in (0.1, 0.0)
    )
    assert wide > narrow + 0.1 * 15**2, "about 20 points a logit"


def test_a_few_groups_say_nothing_of_a_whole_staff() -> None:
    _, _, _, m, cov = staff(190)
    found = origin(m, cov, groups_of(190, 19), [Use("a", 1, 0.0, 9.0, 9.0)])
    assert (found.mean == m).all() and not found.shift.any() and not found.shift_variance.any()
    silent = np.broadcast_to(R, (190, 6, 6))
    many = origin(np.zeros((190, 6)), silent, groups_of(190, 38), ())
    assert not many.shift.any(), "groups without evidence do not count"
