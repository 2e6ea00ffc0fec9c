"""What an edit of a question changed, as far as it concerns those who answered it.

Only the Chinese edition is compared: it is the one that grading reads where both are there, and
an English edition only adds words.
"""

from __future__ import annotations

from typing import Literal, assert_never

from portal.core.capabilities import Bilingual
from portal.core.questions import (
    Body,
    Choice,
    Cloze,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Short,
)

Change = Literal["kind", "key", "options", "points", "wording", "law", "capability", "level"]
CHANGES: tuple[Change, ...] = (
    "kind",
    "key",
    "options",
    "points",
    "wording",
    "law",
    "capability",
    "level",
)


def what_changed(old: Question, new: Question) -> tuple[Change, ...]:
    """What is different between two versions, what matters most first; empty when nothing is.

    ``kind``: another type of question. ``key``: another answer is right (of an essay: another
    rubric). ``options``: what there is to choose from, order or match.
    """
    same_kind = old.body.kind == new.body.kind
    found = {
        "kind": not same_kind,
        "key": same_kind and _key_differs(old.body, new.body),
        "options": same_kind and _offered(old.body) != _offered(new.body),
        "points": old.points != new.points,
        "wording": _words(old) != _words(new),
        "law": old.laws != new.laws,
        "capability": old.capability != new.capability,
        "level": old.level != new.level,
    }
    return tuple(change for change in CHANGES if found[change])


def changes_the_key(old: Question, new: Question) -> bool:
    """Whether an answer that was right may be wrong by the new version, or the other way round."""
    return not {"kind", "key"}.isdisjoint(what_changed(old, new))


# Private functions


def _key_differs(old: Body, new: Body) -> bool:
    match old, new:
        case Choice(), Choice():
            return _right_ones_differ(old.options, new.options)
        case Short(), Short():
            return set(old.accepted) != set(new.accepted)
        case Numeric(), Numeric():
            return (old.low, old.high, old.unit.zh) != (new.low, new.high, new.unit.zh)
        case Ordering(), Ordering():
            before, after = _texts(old.items), _texts(new.items)
            # the same steps in another order; other steps are another matter (options)
            return before != after and (
                sorted(before) == sorted(after) or len(before) != len(after)
            )
        case Matching(), Matching():
            before_pairs, after_pairs = _pairs(old), _pairs(new)
            same_lefts = before_pairs.keys() == after_pairs.keys()
            same_rights = set(_texts(old.rights)) == set(_texts(new.rights))
            if same_lefts and same_rights:
                return before_pairs != after_pairs
            return old.key != new.key
        case Cloze(), Cloze():
            return [_gap_key(gap) for gap in old.gaps] != [_gap_key(gap) for gap in new.gaps]
        case Essay(), Essay():
            return [(row.points, row.text.zh) for row in old.rubric] != [
                (row.points, row.text.zh) for row in new.rubric
            ]
    return True


def _right_ones_differ(old: tuple[Option, ...], new: tuple[Option, ...]) -> bool:
    """By text where both offer the same, else by place: a right option that was only reworded
    stands where it stood."""
    before = {option.text.zh.strip(): option.correct for option in old}
    after = {option.text.zh.strip(): option.correct for option in new}
    if before.keys() == after.keys() and len(before) == len(old) == len(new):
        return before != after
    if len(old) == len(new):
        return [option.correct for option in old] != [option.correct for option in new]
    shared = before.keys() & after.keys()
    right_kept = {text for text in before if before[text]} == {
        text for text in after if after[text]
    }
    return not right_kept or any(before[text] != after[text] for text in shared)


def _gap_key(gap: Gap) -> object:
    return gap.choices[gap.right].zh if gap.choices else frozenset(gap.accepted)


def _pairs(body: Matching) -> dict[str, str]:
    return {
        left.zh.strip(): body.rights[at].zh.strip()
        for left, at in zip(body.lefts, body.key, strict=True)
    }


def _offered(body: Body) -> object:
    """What a person chooses from, apart from order."""
    match body:
        case Choice():
            return sorted(option.text.zh.strip() for option in body.options)
        case Ordering():
            return sorted(_texts(body.items))
        case Matching():
            return sorted(_texts(body.lefts)), sorted(_texts(body.rights))
        case Cloze():
            return [sorted(_texts(gap.choices)) for gap in body.gaps]
        case Short() | Numeric() | Essay():
            return None
    assert_never(body)


def _texts(words: tuple[Bilingual, ...]) -> list[str]:
    return [one.zh.strip() for one in words]


def _words(question: Question) -> object:
    body = question.body
    options = body.options if isinstance(body, Choice) else ()
    feedback = sorted(_text(option.feedback) for option in options if option.feedback)
    return (
        question.title.zh,
        question.stem.zh,
        _text(question.explanation),
        _text(question.hint),
        feedback,
    )


def _text(words: Bilingual | None) -> str:
    return words.zh if words else ""
