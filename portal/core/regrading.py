"""Grading an old answer by a newer version of its question, and what becomes of a pass.

An answer is carried over only where it means the same: options, steps and cells are told apart by
their Chinese text, whatever their order. Where the newer version offers other choices, nobody can
say what the person would have chosen, and the answer is not regraded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from portal.core.capabilities import Bilingual
from portal.core.grading import Grade, grade
from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Matching,
    Numeric,
    Ordering,
    Question,
    Response,
    Short,
)

Obstacle = Literal["kind", "options", "essay"]  # why answers cannot be carried over


def obstacle(old: Question, new: Question) -> Obstacle | None:
    """Why answers to ``old`` cannot be graded by ``new``; None when they can."""
    match old.body, new.body:
        case Essay(), Essay():
            return "essay"  # a trainer marks it, by the rubric that the person saw
        case Choice(), Choice():
            texts = [[o.text.zh.strip() for o in body.options] for body in (old.body, new.body)]
            if {old.body.kind, new.body.kind} not in ({"single"}, {"multiple"}, {"truefalse"}):
                return "kind"
            return None if _places(*texts) is not None else "options"
        case (Short(), Short()) | (Numeric(), Numeric()):
            return None
        case Ordering(), Ordering():
            return None if _of(old.body.items, new.body.items) is not None else "options"
        case Matching(), Matching():
            lefts = _of(old.body.lefts, new.body.lefts)
            rights = _of(old.body.rights, new.body.rights)
            return None if lefts is not None and rights is not None else "options"
        case Cloze(), Cloze():
            return None if _same_gaps(old.body, new.body) else "options"
    return "kind"


def regrade(old: Question, new: Question, response: Response | None) -> Grade:
    """The grade of ``response``, which was given to ``old``, by the key of ``new``.

    Raises ValueError where ``obstacle`` finds one.
    """
    if obstacle(old, new) is not None:
        raise ValueError(f"answers to {old.id} cannot be carried over")
    given = grade(old, response)
    if not given.answered or response is None:
        return given
    return grade(new, carry(old, new, response))


def carry(old: Question, new: Question, response: Response) -> Response:
    """The answer to ``old`` as an answer to ``new``; trusts ``obstacle``."""
    match old.body, new.body:
        case Choice(), Choice():
            texts = [[o.text.zh.strip() for o in body.options] for body in (old.body, new.body)]
            return _moved(response, _places(*texts))
        case Ordering(), Ordering():
            return _moved(response, _of(old.body.items, new.body.items))
        case Matching(), Matching():
            lefts = _of(old.body.lefts, new.body.lefts)
            rights = _of(old.body.rights, new.body.rights)
            assert lefts is not None and rights is not None and isinstance(response, list)
            moved: list[int | None] = [None] * len(response)
            for at, chosen in enumerate(response):
                moved[lefts[at]] = rights[chosen] if isinstance(chosen, int) else None
            return cast(Response, moved)
    return response


def carry_order(old: Question, new: Question, order: Sequence[int]) -> tuple[int, ...]:
    """The order of the options of ``old``, as places in ``new``; trusts ``obstacle``."""
    if isinstance(old.body, Choice) and order:
        return tuple(cast(list[int], carry(old, new, list(order))))
    return tuple(order)


def passed_after(before: bool | None, derived: bool | None, *, take: bool) -> bool | None:
    """Whether an attempt counts as passed after its score was derived anew.

    A pass that people rely on is kept unless a trainer decided to take it; a gain is given.
    """
    if before and not derived and not take:
        return True
    return derived


# Private functions


def _moved(response: Response, places: list[int] | None) -> Response:
    assert places is not None and isinstance(response, list)
    return [places[at] for at in response if isinstance(at, int)]


def _of(old: Sequence[Bilingual], new: Sequence[Bilingual]) -> list[int] | None:
    return _places([one.zh.strip() for one in old], [one.zh.strip() for one in new])


def _places(old: list[str], new: list[str]) -> list[int] | None:
    """Where each old text stands among the new ones; None unless they are the same texts.

    Equal texts cannot be told apart, unless nothing has moved.
    """
    if old == new:
        return list(range(len(old)))
    if sorted(old) != sorted(new) or len(set(old)) != len(old):
        return None
    return [new.index(text) for text in old]


def _same_gaps(old: Cloze, new: Cloze) -> bool:
    """Entries are text: a drop-down must still offer what was chosen, a typed gap stay typed."""
    return len(old.gaps) == len(new.gaps) and all(
        sorted(one.zh for one in before.choices) == sorted(one.zh for one in after.choices)
        for before, after in zip(old.gaps, new.gaps, strict=True)
    )
