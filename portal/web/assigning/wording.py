"""Assignments in words: what, for whom, until when, how often."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from portal.actions import assignments, units
from portal.actions.audience import people_named
from portal.core.assignments import Assignment, Item
from portal.core.audience import Rule
from portal.core.audience_words import Names, sentence
from portal.core.due import (
    AfterJoining,
    AfterMatch,
    Due,
    NoDue,
    Once,
    OnDate,
    Recurrence,
    Rolling,
    Yearly,
)
from portal.web import data, session, unit_way
from portal.web.session import t

Row = dict[str, Any]
T = TypeVar("T")


def title(one: Assignment) -> str:
    """The assignment's own title, or the titles of what is assigned. Plain text."""
    return one.title or t("common.list_separator").join(item_title(item) for item in one.items)


def item_title(item: Item) -> str:
    """In the reader's language; the id of what is not offered any more."""
    found = assignments.title_of(session.portal(), item)
    if found is None:
        return t("assign.gone", item=item.id)
    return found.in_(session.locale())


def kept(key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """What ``make`` says to this reader, until anything changes."""
    portal, reader = session.portal(), session.person()
    scope = (reader.id, reader.managed_paths, reader.role_names, reader.locale)
    fingerprint = portal.library.catalogue.fingerprint
    return data.figures((*key, *scope, session.today(), fingerprint), make)


def audience(rule: Rule) -> str:
    """The rule as a sentence, with the names that the reader may see. Plain text."""
    return kept(("audience", rule), lambda: _audience(rule))


def spoken(
    rule: Rule,
    unit: Callable[[int], str],
    person: Callable[[int], str],
    course: Callable[[str], str],
) -> str:
    """The rule as a sentence in the reader's language, with names that the caller knows."""
    model = session.portal().library.catalogue.capabilities
    locale = session.locale()
    posts = {post.key: post.name.in_(locale) for post in model.posts}
    capabilities = {one.key: one.name.in_(locale) for one in model.capabilities}
    known = Names(
        unit=unit,
        post=lambda key: posts.get(key, key),
        capability=lambda key: capabilities.get(key, key),
        person=person,
        course=course,
    )
    return sentence(rule, known, locale)


def _audience(rule: Rule) -> str:
    people = people_named(session.portal(), me(), rule)
    known = kept(("unit names",), _unit_names)
    return spoken(
        rule,
        unit=lambda unit_id: known.get(unit_id, t("assign.other_unit")),
        person=lambda key: people[key]["name"] if key in people else t("assign.somebody"),
        course=lambda key: item_title(Item("course", key)),
    )


def _unit_names() -> dict[int, str]:
    return {row["id"]: unit_name(row) for row in units.list_units(session.portal(), me())}


def when(rule: Due, recurrence: Recurrence) -> str:
    """Until when, and how often. Plain text."""
    match rule:
        case NoDue():
            due = t("assign.due_none")
        case OnDate(day):
            due = t("assign.due_date", day=session.day(day))
        case AfterJoining(days):
            due = t("assign.due_joining", n=days)
        case AfterMatch(days):
            due = t("assign.due_match", n=days)
    match recurrence:
        case Once():
            return due
        case Yearly():
            return t("assign.every_year", due=due)
        case Rolling(months):
            return t("assign.every_months", due=due, n=months)


def unit_name(row: Any) -> str:
    """The name of a unit's row."""
    return unit_way.in_locale(row["name"], row["name_en"])


def unit_of(row: Any) -> str:
    """The name of the unit in a row about a person."""
    return unit_way.in_locale(row["unit_name"], row["unit_name_en"])


def me() -> Any:
    """Who reads."""
    return session.person()
