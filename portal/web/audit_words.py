"""The entries of the audit log in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.core.audience import BadRule, read_rule
from portal.core.due import BadTerms, read_due, read_recurrence
from portal.core.times import parse_iso
from portal.web import render, session, text
from portal.web.assigning import wording
from portal.web.session import t

_NAMED = {"role": "people.role_", "kind": "people.kind_", "method": "session_method."}
_NAMED |= {"wanted": "audit_wanted."}
_NAMED |= dict.fromkeys(("deed", "outcome", "passes", "state", "stage", "verdict"), "audit_value.")
_DAYS = frozenset({"day", "due_on", "effective"})


def line(row: dict[str, Any]) -> str:
    """An entry as ``actions.audit.read_audit`` gives it: what, who, when, and the facts."""
    who = row["actor_name"] or t("audit.system")
    where = [session.day_and_time(parse_iso(row["at"])), who, row["actor_staff_no"], row["address"]]
    facts = " · ".join(render.escape(str(one)) for one in where if one)
    detail = " · ".join(_facts(row))
    words = (
        f"- **{render.escape(action(row['action']))}** {render.escape(_target(row))}  \n  {facts}"
    )
    return f"{words}  \n  {render.escape(detail)}" if detail else words


def action(name: str) -> str:
    """What was done."""
    return _word(f"audit_action.{name}", name)


# Private functions


def _target(row: dict[str, Any]) -> str:
    if row["target_name"]:
        return str(row["target_name"])
    kind, _, what = row["target"].partition(":")
    return f"{_word(f'audit_kind.{kind}', kind)} {what}".strip() if kind else ""


def _facts(row: dict[str, Any]) -> Iterator[str]:
    """What there is to say, each with its name; what was left empty is left out."""
    given = dict(row["detail"])
    terms = given.pop("due", None), given.pop("recurrence", None)
    if isinstance(terms[0], dict):
        given["due"] = _terms(*terms)
    elif terms[0]:
        given["due"] = terms[0]
    if "audience" in given:
        given["audience"] = _audience(given["audience"], row["names"])
    for key, value in given.items():
        if value not in ("", None, []):
            yield _detail(key, value)


def _terms(due: Any, recurrence: Any) -> Any:
    """Until when and how often, as the assignment's page says it."""
    try:
        return wording.when(read_due(due), read_recurrence(recurrence))
    except BadTerms:
        return due


def _audience(rule: Any, names: dict[str, str]) -> Any:
    """For whom, with the names that the log's reader is given."""
    try:
        read = read_rule(rule)
    except BadRule:
        return rule
    return wording.spoken(
        read,
        unit=lambda key: names.get(f"unit:{key}", f"#{key}"),
        person=lambda key: names.get(f"person:{key}", f"#{key}"),
        course=lambda key: _item(f"course:{key}"),
    )


def _detail(key: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    value = t("common.list_separator").join(_value(key, one) for one in values)
    return f"{_word(f'audit_detail.{key}', key)}{t('common.colon')}{value}"


def _value(key: str, value: Any) -> str:
    """Keys of posts, roles, kinds and ways of signing in by their names."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return t("audit.yes") if value else t("audit.no")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    if key in _DAYS:
        return _day(str(value))
    if key in ("item", "items"):
        return _item(str(value))
    if key in ("post", "posts"):
        posts = session.portal().library.catalogue.capabilities.posts
        names = {post.key: post.name.in_(session.locale()) for post in posts}
        return names.get(value, str(value))
    if key == "report":
        return _word(f"report.{value}.title", _word(f"audit_value.{value}", str(value)))
    prefix = _NAMED.get(key)
    return _word(f"{prefix}{value}", str(value)) if prefix else str(value)


def _day(value: str) -> str:
    try:
        return session.day(date.fromisoformat(value[:10]))
    except ValueError:
        return value


def _item(value: str) -> str:
    """``quiz:first-response/basics`` by its title, while it has one."""
    kind, _, key = value.partition(":")
    catalogue = session.portal().library.catalogue
    shelves = {"course": catalogue.courses, "quiz": catalogue.quizzes, "drill": catalogue.drills}
    found: Any = shelves.get(kind, {}).get(key)  # each of them has a title
    return f"{found.title.in_(session.locale())} ({key})" if found else value


def _word(key: str, otherwise: str) -> str:
    """The word for ``key``, or the name itself where a later version has brought a new one."""
    return t(key) if key in text.messages(session.locale()) else otherwise
