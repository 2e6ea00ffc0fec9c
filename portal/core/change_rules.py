"""How a change to the content goes from draft to published, and who may take which step.

States: ``draft`` → ``review`` → ``approved`` → ``published``; a reviewer may send it back
(``returned``), its authors may take it back, and writing on makes it a draft again. What is
published is what was approved: the digest of all drafts must still be the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Literal

Rule = Literal["second", "own"]  # who reviews: another person, or a lone trainer alone


def digest_of(drafts: Iterable[tuple[str, str, str | None]]) -> str:
    """One hash over (path, deed, content hash) of every draft of a change."""
    digest = sha256()
    for path, deed, content in sorted(drafts, key=lambda one: one[0]):
        digest.update(f"{path}\0{deed}\0{content}\n".encode())
    return digest.hexdigest()


def may_review(reviewer: int, authors: Collection[int], rule: str) -> bool:
    """Whether this person may judge the change: not one's own, unless the setting relaxes it."""
    return rule == "own" or reviewer not in authors


def may_publish(state: str, approved: str | None, digest: str, rule: str) -> bool:
    """Whether a change in ``state``, whose last approval covers the digest ``approved`` (None: no
    approval), may be published now."""
    if state == "approved":
        return approved == digest
    return rule == "own" and state in ("draft", "review", "returned")
