"""What a form says when it could not be carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.actions.errors import Refused
from portal.actions.password_rules import WeakPassword


@dataclass(frozen=True, slots=True)
class Problem:
    """A message's key and what fills its placeholders."""

    key: str
    args: Mapping[str, object] = field(default_factory=dict)


def problems_of(refused: Refused) -> list[Problem]:
    """Every reason: a weak password may break several rules at once."""
    keys = refused.keys if isinstance(refused, WeakPassword) else (refused.key,)
    return [Problem(key, refused.args_by_name) for key in keys]
