"""What was marked or answered since: one link each, until it is opened."""

from __future__ import annotations

from collections.abc import Iterable

from portal.actions.notifications import Notification
from portal.core.times import parse_iso
from portal.web import places, render, session
from portal.web.session import t

_LONGEST = 120  # characters of an answer; the rest stands where the link leads


def show(told: Iterable[Notification]) -> None:
    """Each as a link to the result or to the answers on the record page."""
    for one in told:
        day = session.day(parse_iso(one.at))
        if one.kind == "doubt":
            places.link("capability", t("news.doubt"), note=t("news.see_answer", day=day))
            continue
        title = render.label(one.title.in_(session.locale()))
        if one.kind == "report":
            words = one.answer[:_LONGEST] + "…" * (len(one.answer) > _LONGEST)
            outcome = t(f"reporting.outcome_{one.outcome}")
            note = t("news.answered", day=day, outcome=outcome, words=render.label(words))
            places.link("record", t("news.report", title=title), note=note)
        else:
            note = t("news.see_mark" if one.kind == "essay" else "news.see_answer", day=day)
            label = t(f"news.{one.kind}", title=title)
            places.link("quiz", label, note=note, a=str(one.about))
