"""Putting an audience together: groups of people, each by unit, post and level, and names.

What the form knows is and-groups joined by or: somebody matches who fits one group altogether, or
is named. That is enough for what managers say, and reads as they say it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from portal.actions.audience import joined, named, people_named
from portal.actions.errors import Refused
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
from portal.web import render, session, unit_picker
from portal.web.assigning import wording
from portal.web.session import t

MOST_GROUPS = 5
_WHOM = ("all", "some")
_NUMBERS = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Group:
    """One group as the form holds it; nothing chosen: everybody."""

    unit_id: int | None = None
    posts: tuple[str, ...] = ()
    capability: str | None = None
    unmeasured: bool = False
    passed: PassedBefore | None = None  # kept as it is: made from a change of law


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which units one may choose: the path of the uppermost ("" for everywhere) and the rows
    of the open ones by id."""

    path: str
    units: Mapping[int | None, dict[str, Any]]


def choose(scope: Scope, unit_id: int | None, key: str, start: Rule | None) -> Rule:
    """The widgets; returns the rule as it is now.

    Raises Refused for unknown staff numbers, and for a unit that was looked for and not chosen.
    """
    whom = st.radio(
        t("assign.whom"),
        _WHOM,
        index=_WHOM.index("all" if start in (None, Everyone()) else "some"),
        format_func=lambda one: t(f"assign.whom_{one}"),
        captions=[t(f"assign.whom_{one}_means") for one in _WHOM],
        key=f"{key}-whom",
    )
    return _some(scope, unit_id, key, start) if whom == "some" else Everyone()


def read(rule: Rule | None) -> tuple[list[Group], tuple[int, ...]]:
    """A stored rule as groups and names; the form can show every rule it made."""
    rules = rule.rules if isinstance(rule, AnyOf) else ((rule,) if rule is not None else ())
    names = tuple(i for one in rules if isinstance(one, Named) for i in one.person_ids)
    return [_read(one) for one in rules if not isinstance(one, Named)], names


def rule_of(group: Group) -> Rule:
    """A group as a rule."""
    rules: list[Rule] = []
    if group.unit_id is not None:
        rules.append(InUnit(group.unit_id))
    if group.posts:
        rules.append(joined([HoldsPost(post) for post in group.posts], any_of=True))
    if group.capability:
        rules.append(BelowLevel(group.capability, group.unmeasured))
    if group.passed is not None:
        rules.append(group.passed)
    return joined(rules, any_of=False) if rules else Everyone()


# Private functions


def _some(scope: Scope, unit_id: int | None, key: str, start: Rule | None) -> Rule:
    groups, numbers = read(start)
    count = session.recall(f"{key}-groups", max(1, len(groups)))
    rules = []
    for n in range(count):
        if n:
            st.markdown(t("assign.or"))
        group = groups[n] if n < len(groups) else Group()
        rules.append(_group(scope, f"{key}-{n}", group))
    with st.container(horizontal=True):
        if count < MOST_GROUPS and st.button(t("assign.add_group"), key=f"{key}-more"):
            session.remember(f"{key}-groups", count + 1)
            st.rerun()
        if count > 1 and st.button(t("assign.drop_group"), key=f"{key}-fewer"):
            session.remember(f"{key}-groups", count - 1)
            st.rerun()
    rule = _with_names(rules, unit_id, key, numbers, bool(numbers) and not groups)
    if any(_is_unclear(f"{key}-{n}", one) for n, one in enumerate(rules)):
        raise Refused("error.unit_unclear")
    return rule


def _read(rule: Rule) -> Group:
    group: dict[str, Any] = {}
    for one in rule.rules if isinstance(rule, AllOf) else (rule,):
        match one:
            case InUnit(unit_id):
                group["unit_id"] = unit_id
            case HoldsPost(post):
                group["posts"] = (post,)
            case AnyOf(posts):
                group["posts"] = tuple(each.post for each in posts if isinstance(each, HoldsPost))
            case BelowLevel(capability, unmeasured):
                group["capability"], group["unmeasured"] = capability, unmeasured
            case PassedBefore():
                group["passed"] = one
            case _:
                pass
    return Group(**group)


def _group(scope: Scope, key: str, start: Group) -> Rule:
    model = session.portal().library.catalogue.capabilities
    locale = session.locale()
    posts = {post.key: post.name.in_(locale) for post in model.posts}
    capabilities = {one.key: one.name.in_(locale) for one in model.capabilities}
    with st.container(border=True):
        unit_id = unit_picker.pick(
            t("assign.unit"),
            f"{key}-unit",
            within=scope.path,
            start=scope.units.get(start.unit_id),
            empty=t("assign.any_unit"),
        )
        held = st.multiselect(
            t("assign.posts"),
            list(posts),
            default=[post for post in start.posts if post in posts],
            format_func=lambda one: posts.get(one, one),
            placeholder=t("assign.any_post"),
            key=f"{key}-posts",
        )
        capability = st.selectbox(
            t("assign.below"),
            list(capabilities),
            index=list(capabilities).index(start.capability)
            if start.capability in capabilities
            else None,
            format_func=lambda one: capabilities.get(one, one),
            placeholder=t("assign.any_level"),
            key=f"{key}-capability",
        )
        unmeasured = capability is not None and st.checkbox(
            t("assign.unmeasured"), value=start.unmeasured, key=f"{key}-unmeasured"
        )
        if start.passed is not None:
            st.caption(render.escape(wording.audience(start.passed)))
    return rule_of(Group(unit_id, tuple(held), capability, unmeasured, start.passed))


def _is_unclear(key: str, rule: Rule) -> bool:
    """Whether a unit was looked for and not chosen; it must not become "any unit"."""
    return unit_picker.is_unclear(f"{key}-unit", _read(rule).unit_id)


def _with_names(
    rules: list[Rule], unit_id: int | None, key: str, start: tuple[int, ...], named_alone: bool
) -> Rule:
    portal, me = session.portal(), session.person()
    known = people_named(portal, me, Named(start)) if start else {}
    by_name = st.toggle(t("assign.by_name"), value=bool(start), key=f"{key}-by-name")
    if not by_name:
        return joined(rules, any_of=True)
    text = st.text_area(
        t("assign.numbers"),
        value="\n".join(row["staff_no"] for row in known.values()),
        help=t("assign.numbers_help"),
        key=f"{key}-numbers",
        max_chars=40_000,
    )
    only = st.checkbox(t("assign.only_named"), value=named_alone, key=f"{key}-only")
    numbers = [part for part in _NUMBERS.split(text or "") if part]
    if not numbers:
        return joined(rules, any_of=True)
    people = named(portal, me, unit_id, numbers)
    found = [row["name"] for row in people_named(portal, me, people).values()]
    st.caption(render.escape(t("assign.named", names=t("common.list_separator").join(found[:10]))))
    return people if only else joined([*rules, people], any_of=True)
