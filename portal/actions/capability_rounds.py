"""Working out the figures of units again: after something changed, and once a night.

Everybody's mean and variance are read once; each unit's subtree is then a slice. Bands are as of
now: they widen while nobody practises.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from portal.actions import calibration
from portal.actions.portal import Portal
from portal.core.capabilities import CapabilityModel
from portal.core.capability import CAPABILITIES, FORGETTING_DAYS, SIX, prior
from portal.core.capability_centre import Use, origin
from portal.core.capability_groups import Array, Index, People, people_of
from portal.core.capability_log import ENOUGH_ANSWERS
from portal.core.capability_scale import LEVEL_THETA
from portal.core.times import iso, parse_iso
from portal.store import capability, capability_map, settings
from portal.store.database import Connection, Row

_STAMP = "capability_map.stamp"
_MEANS = slice(0, SIX)
_R = np.array(prior().cov)
_PACKED = np.zeros((SIX, SIX), dtype=np.intp)  # where the covariance's numbers lie, as packed
_NUMBERS = SIX + SIX * (SIX + 1) // 2  # means, and the upper triangle of the covariance
_PACKED[np.triu_indices(SIX)] = np.arange(SIX, _NUMBERS)
_PACKED = np.maximum(_PACKED, _PACKED.T)


@dataclass(frozen=True, slots=True)
class Tree:
    """Units with the people of their subtrees, as positions in ``person_ids``."""

    person_ids: list[int]
    below: dict[int, Index]  # unit id -> everybody in the subtree, each once
    own: dict[int, Index]  # unit id -> those posted at the unit itself


def refresh(portal: Portal, pause: timedelta = timedelta(0)) -> bool:
    """Work the figures out again when anything has been written since; True when it did.

    Not within ``pause`` of the last time: several processes serve one database.
    """
    with portal.db.read() as conn:
        stamp = json.loads(settings.find(conn, _STAMP) or "{}")
        now = portal.now()
        if stamp.get("revision") == _revision(conn) and stamp.get("day") == now.date().isoformat():
            return False
        if "at" in stamp and now - parse_iso(stamp["at"]) < pause:
            return False
        rows = list(_unit_rows(conn, portal.library.catalogue.capabilities, now))
    with portal.db.write() as conn:
        capability_map.replace_units(conn, rows)
        made = {
            "revision": _revision(conn) + 1,  # this write moves it on as well
            "day": now.date().isoformat(),
            "at": iso(now),
        }
        settings.store(conn, _STAMP, json.dumps(made))
    return True


def refresh_effects(portal: Portal) -> None:
    """Work out what courses moved; reads every completion, so once a night is enough.

    Whose capability was not known by direct answers before the course is not compared: what the
    other capabilities lend is no "before".
    """
    with portal.db.read() as conn:
        tree = _tree(conn)
        completed = capability_map.completions(conn, ENOUGH_ANSWERS)
    rows = list(_effect_rows(tree, completed))
    with portal.db.write() as conn:
        capability_map.replace_effects(conn, rows)


def nightly(portal: Portal) -> bool:
    """Calibrate questions, then work out what courses moved; True when this call did it.

    Once a night, from a cursor: a round that was killed is gone on with at the next call, and two
    processes that begin one together do no harm.
    """
    night = calibration.night_of(portal)
    if night is None:
        return False
    calibration.calibrate(portal)
    refresh_effects(portal)
    calibration.note_night(portal, night)
    return True


def as_of(conn: Connection) -> datetime | None:
    """When the figures were worked out last."""
    stamp = json.loads(settings.find(conn, _STAMP) or "{}")
    return parse_iso(stamp["at"]) if "at" in stamp else None


# Private functions


def _revision(conn: Connection) -> int:
    return int(conn.value("SELECT number FROM revision WHERE id = 1"))


def _tree(conn: Connection) -> Tree:
    """Units in the order of their paths: a subtree is then a slice of the postings."""
    staff = capability_map.staff(conn)
    person_ids = sorted({row["person_id"] for row in staff})
    position = {person_id: at for at, person_id in enumerate(person_ids)}
    by_unit: dict[int, list[int]] = {}
    for row in staff:
        if row["main"]:
            by_unit.setdefault(row["unit_id"], []).append(position[row["person_id"]])
    units = sorted(
        capability_map.units(conn),
        key=lambda row: [int(step) for step in row["path"].strip("/").split("/")],
    )
    below: dict[int, list[int]] = {}
    own: dict[int, Index] = {}
    for unit in units:
        members = by_unit.get(unit["id"], [])
        own[unit["id"]] = np.unique(np.array(members, dtype=np.intp))
        for above in unit["path"].strip("/").split("/"):
            below.setdefault(int(above), []).extend(members)
    return Tree(
        person_ids,
        {key: np.unique(np.array(found, dtype=np.intp)) for key, found in below.items() if found},
        own,
    )


def _unit_rows(conn: Connection, model: CapabilityModel, now: datetime) -> Iterator[dict[str, Any]]:
    tree = _tree(conn)
    if not tree.person_ids:
        return
    m, cov, answers = _states(conn, tree.person_ids, now)
    needed = _needed(conn, tree.person_ids, model)
    groups = [members for members in tree.own.values() if len(members)]
    enough = answers >= ENOUGH_ANSWERS
    from_here = origin(m, cov, groups, _uses(conn))
    for k, key in enumerate(CAPABILITIES):
        people = people_of(
            from_here.mean[:, k],
            cov[:, k, k],
            needed[:, k],
            groups,
            shift=float(from_here.shift[k]),
            shift_variance=float(from_here.shift_variance[k]),
            centre_variance=float(from_here.centre_variance[k]),
        )
        measured = enough[:, k]
        for unit_id, members in tree.below.items():
            group = people.group(members)
            yield {
                "unit_id": unit_id,
                "capability": key,
                "members": len(members),
                "measured": int(measured[members].sum()),
                "own_measured": int(measured[tree.own[unit_id]].sum()),
                "score": group.estimate.score,
                "variance": group.estimate.variance,
                "needed": group.needed,
                "below": group.below,
            }


def _states(conn: Connection, person_ids: list[int], now: datetime) -> tuple[Array, Array, Index]:
    """Means, covariances as of now, and answers: a row a person, a column a capability."""
    position = {person_id: at for at, person_id in enumerate(person_ids)}
    rows = [row for row in capability_map.states(conn) if row["person_id"] in position]
    where = np.array([position[row["person_id"]] for row in rows], dtype=np.intp)
    days = [max((now - parse_iso(row["at"])).total_seconds() / 86400.0, 0.0) for row in rows]
    numbers = np.frombuffer(b"".join(row["filter"] for row in rows), "<f8").reshape(-1, _NUMBERS)
    m = np.zeros((len(person_ids), SIX))
    cov = np.broadcast_to(_R, (len(person_ids), SIX, SIX)).copy()
    answers = np.zeros((len(person_ids), SIX), dtype=np.intp)
    if rows:
        m[where] = numbers[:, _MEANS]
        f = np.exp(-np.array(days) / FORGETTING_DAYS)[:, None, None]
        cov[where] = _R - f * f * (_R - numbers[:, _PACKED])
        answers[where] = [json.loads(row["answers"]) for row in rows]
    return m, cov, answers


def _uses(conn: Connection) -> Iterator[Use]:
    for row in capability.item_uses(conn):
        yield Use(
            row["item_id"],
            CAPABILITIES.index(row["capability"]),
            row["start"],
            row["weight"],
            row["weighted_b"],
        )


def _needed(conn: Connection, person_ids: list[int], model: CapabilityModel) -> Array:
    """θ of the level that each one's posts need, the highest of several; NaN where none does."""
    position = {person_id: at for at, person_id in enumerate(person_ids)}
    by_post = {
        post.key: np.array(
            [
                LEVEL_THETA[level - 1] if 1 <= (level := post.needs.get(key, 0)) <= 5 else np.nan
                for key in CAPABILITIES
            ]
        )
        for post in model.posts
    }
    needed = np.full((len(person_ids), SIX), np.nan)
    for row in capability_map.staff(conn):
        if row["post"] in by_post:
            at = position[row["person_id"]]
            needed[at] = np.fmax(needed[at], by_post[row["post"]])
    return needed


def _effect_rows(tree: Tree, completed: list[Row]) -> Iterator[dict[str, Any]]:
    """Before and after, over the people of each unit of whom both is known."""
    position = {person_id: at for at, person_id in enumerate(tree.person_ids)}
    by_course: dict[str, list[Row]] = {}
    for row in completed:
        if row["person_id"] in position:
            by_course.setdefault(row["course_id"], []).append(row)
    count = len(tree.person_ids)
    for course_id, rows in by_course.items():
        at = np.array([position[row["person_id"]] for row in rows])
        took = np.zeros(count, dtype=bool)
        took[at] = True
        before, after = (
            People(*_spread(count, at, rows, mean, variance), np.full(count, np.nan))
            for mean, variance in (("first_mean", "first_variance"), ("mean", "variance"))
        )
        for unit_id, members in tree.below.items():
            those = members[took[members]]
            if not len(those):
                continue
            first, then = before.group(those).estimate, after.group(those).estimate
            yield {
                "unit_id": unit_id,
                "course_id": course_id,
                "people": len(those),
                "own_people": int(took[tree.own[unit_id]].sum()),
                "before": first.score,
                "before_variance": first.variance,
                "after": then.score,
                "after_variance": then.variance,
            }


def _spread(
    count: int, at: Index, rows: list[Row], mean: str, variance: str
) -> tuple[Array, Array]:
    m, v = np.zeros(count), np.ones(count)
    m[at] = [row[mean] for row in rows]
    v[at] = [row[variance] for row in rows]
    return m, v
