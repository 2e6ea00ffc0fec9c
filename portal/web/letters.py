"""The texts of reminders and digests, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from portal.actions.assignments import title_of
from portal.actions.mailing import Digest
from portal.actions.obligations import moment_of
from portal.actions.portal import Portal
from portal.core.assignments import Item
from portal.exchange.mail import Letter
from portal.web import dates
from portal.web.text import translate

Row = dict[str, Any]


def reminder(portal: Portal, rows: Sequence[Row]) -> Letter:
    """One person's reminder of everything in ``rows``."""
    first = rows[0]
    locale = first["locale"]
    lines = [f"- {what(portal, row, locale)}" for row in rows]
    text = translate(
        locale,
        "letter.reminder",
        name=first["name"],
        lines="\n".join(lines),
        link=_link(portal, locale),
    )
    return Letter(first["email"] or "", translate(locale, "letter.subject", n=len(rows)), text)


def digest(portal: Portal, one: Digest) -> Letter:
    """A manager's week."""
    locale = one.to["locale"]
    figures = one.figures
    rate = "—" if figures.rate is None else f"{figures.rate:.0%}"
    text = translate(
        locale,
        "letter.digest",
        name=one.to["name"],
        unit=_unit(one.to, locale),
        asked=figures.asked,
        done=figures.done,
        rate=rate,
        overdue=figures.overdue,
        soon=figures.soon,
        overdue_list=name_list(portal, one.overdue, locale) or translate(locale, "letter.nobody"),
        soon_list=name_list(portal, one.soon, locale) or translate(locale, "letter.nobody"),
        link=_link(portal, locale),
    )
    subject = translate(locale, "letter.digest_subject", unit=_unit(one.to, locale))
    return Letter(one.to["email"] or "", subject, text)


def name_list(portal: Portal, rows: Sequence[Row], locale: str) -> str:
    """Units, and below each the names with what is due: to be pasted into a chat."""
    parts = []
    by_unit = sorted(rows, key=lambda row: (row["unit_path"], row["staff_no"], row["id"]))
    for _, each in groupby(by_unit, key=lambda row: row["unit_path"]):
        of_unit = list(each)
        parts.append(_unit(of_unit[0], locale))
        for row in of_unit:
            parts.append(f"  {row['name']}{_sign(locale)}{what(portal, row, locale)}")
    return "\n".join(parts)


def what(portal: Portal, row: Row, locale: str) -> str:
    """``突发事件先期处置，已逾期 3 天（2026年11月23日到期）``."""
    title = title_of(portal, Item(row["item_kind"], row["item_id"]))
    name = title.in_(locale) if title else row["item_id"]
    if not row["due_on"]:
        return name
    return translate(locale, "letter.what", title=name, when=when(portal, row, locale))


def when(portal: Portal, row: Row, locale: str) -> str:
    """``已逾期 3 天（2026年11月23日到期）``, of a row that has a day."""
    due = date.fromisoformat(row["due_on"])
    left = (due - moment_of(portal).today).days
    key = "letter.late" if left < 0 else ("letter.today" if left == 0 else "letter.due")
    if abs(left) == 1:
        key += "_one"
    day = dates.day(due, locale, portal.settings.tz)
    return translate(locale, key, n=abs(left), day=day)


# Private functions


def _sign(locale: str) -> str:
    return translate(locale, "common.colon")


def _unit(row: Row, locale: str) -> str:
    english = row["unit_name_en"] if locale == "en" else None
    return str(english or row["unit_name"])


def _link(portal: Portal, locale: str) -> str:
    return portal.settings.base_url or translate(locale, "letter.no_link")
