"""What publishing one file does to those who learn from it, asked before it is published.

``impact`` is the one place where the publish dialog asks. It says which questions and modules
come, change and go; what stands on them (attempts, certificates) and what to do about it is
answered by steps that are added to ``STEPS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.actions.portal import Portal
from portal.content.parsing import Row
from portal.content.tree import english_of, is_english


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of the dialog: a locale key and what fills its placeholders.

    ``asks``: somebody has to decide before the file may be published.
    """

    key: str
    args: Mapping[str, object] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Impact:
    """``added``, ``changed`` and ``removed`` are ids of questions; ``remarks`` what steps say."""

    path: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a decision is still open."""
        return any(remark.asks for remark in self.remarks)


Step = Callable[[Portal, Impact, str, str | None], tuple[Remark, ...]]
# each gets the portal, the impact so far, the old text ("" for a new file) and the new one (None:
# deleted), and answers with its remarks
STEPS: list[Step] = []


def impact(portal: Portal, path: str, old: str, new: str | None) -> Impact:
    """What changes for learners when ``path`` goes from ``old`` to ``new`` (None: is deleted)."""
    if is_english(path):
        return Impact(path)  # an edition only adds words
    before, after = _versions(portal, path, old or None), _versions(portal, path, new)
    found = Impact(
        path,
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(i for i in before.keys() & after.keys() if before[i] != after[i])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )
    remarks = tuple(remark for step in STEPS for remark in step(portal, found, old, new))
    return Impact(path, found.added, found.changed, found.removed, remarks)


# Private functions


def _versions(portal: Portal, path: str, text: str | None) -> dict[str, str]:
    """Versions of the questions in ``text`` by id."""
    if text is None:
        return {}
    # without its edition: English words are no part of what is asked here
    row = portal.library.check({path: text, english_of(path): None}).rows.get(path, Row(path))
    return {fact.id: version for fact, version in zip(row.facts, row.versions, strict=True)}
