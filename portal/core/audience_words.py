"""An audience as a sentence that a manager can check by reading it, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from portal.core.audience import (
    AllOf,
    AnyOf,
    BelowLevel,
    Everyone,
    HoldsPost,
    InUnit,
    Named,
    PassedBefore,
    Rule,
)

SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class Names:
    """How units, posts, capabilities and people are called, in the reader's language."""

    unit: Callable[[int], str]
    post: Callable[[str], str]
    capability: Callable[[str], str]
    person: Callable[[int], str]
    course: Callable[[str], str] = str


def sentence(rule: Rule, names: Names, locale: str) -> str:
    """``在望江街道（含下级），并且岗位是网格员`` / ``in Wangjiang Street (and below), and …``."""
    return _clause(rule, names, locale == "en", nested=False)


# Private functions


def _clause(rule: Rule, names: Names, english: bool, *, nested: bool) -> str:
    match rule:
        case Everyone():
            return "everybody" if english else "所有人员"
        case InUnit(unit_id):
            unit = names.unit(unit_id)
            return f"in {unit} (and below)" if english else f"在{unit}（含下级）"
        case HoldsPost(post):
            name = names.post(post)
            return f"in the post “{name}”" if english else f"岗位是{name}"
        case BelowLevel(capability, unmeasured):
            return _below(names.capability(capability), unmeasured, english)
        case Named(person_ids):
            return _people(person_ids, names, english)
        case PassedBefore(course, before):
            return _passed(names.course(course), before[:10], english)
        case AllOf(rules):
            joint = ", and " if english else "，并且"
        case AnyOf(rules):
            joint = ", or " if english else "，或者"
        case _:
            assert_never(rule)
    text = joint.join(_clause(one, names, english, nested=len(rules) > 1) for one in rules)
    if not nested or len(rules) == 1:
        return text
    return f"({text})" if english else f"（{text}）"


def _passed(course: str, day: str, english: bool) -> str:
    if english:
        return f"completed “{course}” by {day}"
    return f"{day}前已学完《{course}》"


def _below(capability: str, unmeasured: bool, english: bool) -> str:
    if english:
        return f"below the level of the post in {capability}" + (
            ", or not measured yet" if unmeasured else ""
        )
    return f"{capability}低于岗位要求" + ("或还测不出" if unmeasured else "")


def _people(person_ids: tuple[int, ...], names: Names, english: bool) -> str:
    shown = [names.person(one) for one in person_ids[:SHOWN_NAMES]]
    left = len(person_ids) - len(shown)
    if english:
        return "named: " + ", ".join(shown) + (f" and {left} more" if left else "")
    return "指定人员：" + "、".join(shown) + (f"等{len(person_ids)}人" if left else "")
