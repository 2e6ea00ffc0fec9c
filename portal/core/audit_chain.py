"""The hash chain over the audit log: each entry is sealed with the seal of the one before it.

``seal`` is SHA-256 over a canonical JSON array of the previous seal and the entry as it is stored.
So a stored seal stands for the whole log up to its entry. What the chain shows by itself: an entry
that was changed, removed or put in between. What it cannot show by itself: the newest entries cut
off, or everything from some entry on written anew with new seals. The portal keeps the newest head
in a row beside the log (``walk(…, tip)``), which shows that; against somebody who changes that row
too, a ``Head`` has to be kept elsewhere and compared later (``walk(…, kept)``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

GENESIS = "0" * 64  # what the first entry is sealed with

FaultKind = Literal["changed", "missing", "not_kept"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is stored; ``detail`` is the JSON text itself, ``at`` the ISO text."""

    id: int
    at: str
    actor_id: int | None
    action: str
    target: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry and its seal, to be written down: ``1042:9f3c…``. ``0:`` is an empty log."""

    id: int = 0
    seal: str = GENESIS

    def __str__(self) -> str:
        return f"{self.id}:{self.seal}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at the entries ``first`` to ``last``.

    ``changed``: the entry, or the one before it, does not say what was sealed. ``missing``: entries
    are gone. ``not_kept``: the entry of the head that was kept is gone or has another seal.
    """

    kind: FaultKind
    first: int
    last: int


@dataclass(slots=True)
class Walk:
    """How far the log has been checked; ``wrong`` counts all faults, ``faults`` holds the first."""

    head: Head = field(default_factory=Head)
    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    wrong: int = 0
    met_kept: bool = False

    MOST = 50

    def note(self, fault: Fault) -> None:
        """Add a fault."""
        self.wrong += 1
        if len(self.faults) < self.MOST:
            self.faults.append(fault)


def seal(previous: str, entry: Entry) -> str:
    """The seal of ``entry`` after the seal ``previous``, as 64 hexadecimal digits."""
    content = [
        previous,
        entry.id,
        entry.at,
        entry.actor_id,
        entry.action,
        entry.target,
        entry.detail,
        entry.address,
    ]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def walk(
    batches: Iterable[Iterable[tuple[Entry, str]]],
    kept: Head | None = None,
    tip: Head | None = None,
) -> Iterator[Walk]:
    """Check entries (with their stored seals, in order of id) batch by batch.

    ``tip``: the newest entry by what is kept beside the log, from before the first batch was read.
    Yields the state after each batch, the same object every time; the last one is the result.
    """
    state = Walk(met_kept=kept is None or kept.id == 0)
    for batch in batches:
        for entry, stored in batch:
            _check(state, entry, stored, kept)
            if tip is not None and tip.id == entry.id and tip.seal != stored:
                state.note(Fault("changed", entry.id, entry.id))
        yield state
    if tip is not None and tip.id > state.head.id:
        state.note(Fault("missing", state.head.id + 1, tip.id))
    if kept is not None and not state.met_kept:
        state.note(Fault("not_kept", kept.id, kept.id))
    yield state


def parse_head(text: str) -> Head | None:
    """``"1042:9f3c…"`` as somebody has kept it, or None when it is not of that form."""
    number, _, digits = text.strip().lower().partition(":")
    fits = len(digits) == len(GENESIS) and not digits.strip("0123456789abcdef")
    if not (number.isascii() and number.isdigit() and len(number) < 16 and fits):
        return None
    return Head(int(number), digits)


def _check(state: Walk, entry: Entry, stored: str, kept: Head | None) -> None:
    expected = state.head.id + 1
    if entry.id != expected:
        # what follows a gap cannot fit: it was sealed with an entry that is not there
        state.note(Fault("missing", expected, entry.id - 1))
    elif stored != seal(state.head.seal, entry):
        state.note(Fault("changed", entry.id, entry.id))
    if kept is not None and kept.id == entry.id and kept.seal == stored:
        state.met_kept = True
    state.head = Head(entry.id, stored)
    state.entries += 1
