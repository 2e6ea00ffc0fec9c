"""What an assignment is: items, an audience, days, a reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.core.audience import Rule
from portal.core.due import Due, Recurrence

ItemKind = Literal["course", "quiz", "drill"]
MAX_ITEMS = 20
LONGEST_TITLE = 80
LONGEST_REASON = 300
NOT_BEGUN = -1  # as sync_after: everybody is still to be looked at


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be learned; ``id`` is a key of the catalogue."""

    kind: ItemKind
    id: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """``unit_id`` and ``unit_path`` are the reach: nobody outside is matched; None is everywhere.

    ``changed_at`` is when audience, items or days were last changed. ``sync_after`` is None when
    the obligations are in step, else people up to this id have been dealt with; ``sync_terms``
    says that this is because audience, items or days were changed.
    """

    id: int
    unit_id: int | None
    unit_path: str | None
    title: str
    reason: str  # shown to those who are asked
    items: tuple[Item, ...]
    audience: Rule
    due: Due
    recurrence: Recurrence
    required: bool
    credit_earlier: bool
    created_by: int | None
    created_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    sync_after: int | None
    sync_terms: bool = False
