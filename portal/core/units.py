"""The five levels of units, and which changes of the tree make sense.

Every function that judges a change returns the key of a refusal (``error.…``), or None when it may
be done. A level may be left out (a county directly above a community), never turned round.
"""

from __future__ import annotations

from dataclasses import dataclass

UNIT_KINDS = ("city", "county", "street", "community", "grid")  # from the top down


@dataclass(frozen=True, slots=True)
class Unit:
    """``path`` holds every unit above and the unit itself: ``/1/4/9/``."""

    id: int
    parent_id: int | None
    path: str
    kind: str
    name: str
    closed: bool = False


def judge_place(kind: str, parent: Unit | None) -> str | None:
    """Whether a unit of ``kind`` may stand below ``parent``, or at the top."""
    if kind not in UNIT_KINDS:
        return "error.unit_kind"
    if parent is None:
        return None
    if parent.closed:
        return "error.unit_closed"
    return None if UNIT_KINDS.index(parent.kind) < UNIT_KINDS.index(kind) else "error.unit_kind"


def judge_move(unit: Unit, parent: Unit | None) -> str | None:
    """Whether ``unit``, with all below it, may go below ``parent``."""
    if unit.closed:
        return "error.unit_closed"
    if parent is not None and parent.path.startswith(unit.path):
        return "error.unit_cycle"
    if (parent.id if parent else None) == unit.parent_id:
        return "error.unit_there_already"
    return judge_place(unit.kind, parent)


def judge_merge(unit: Unit, into: Unit) -> str | None:
    """Whether ``unit`` may be merged into ``into``: two open units of one level."""
    if unit.id == into.id:
        return "error.merge_itself"
    if unit.closed or into.closed:
        return "error.unit_closed"
    return None if unit.kind == into.kind else "error.merge_kind"


def judge_close(unit: Unit, people: int, open_children: int) -> str | None:
    """Whether ``unit`` may be closed: nobody works there, nothing is open below it."""
    if unit.closed:
        return "error.unit_closed"
    if open_children:
        return "error.unit_has_units"
    return "error.unit_has_people" if people else None


def judge_reopen(unit: Unit, parent: Unit | None) -> str | None:
    """Whether ``unit`` may be opened again where it stood."""
    if not unit.closed:
        return "error.unit_open"
    return judge_place(unit.kind, parent)


def path_below(parent: Unit | None, unit_id: int) -> str:
    """The path of a unit that stands below ``parent``."""
    return f"{parent.path if parent else '/'}{unit_id}/"
