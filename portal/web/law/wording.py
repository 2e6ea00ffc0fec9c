"""Changes of law in words: what changed, where it is cited, by article."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.actions.law_reviewing import Place
from portal.core.citations import article_label
from portal.web import session
from portal.web.session import t

Row = dict[str, Any]
PAGE_OF = {"course": ("course", "c"), "module": ("module", "m"), "drill": ("drill", "d")}
SHOWN_ARTICLES = 12


def what(change: Row) -> str:
    """``《…法》：2012 年文本 119 条 → 2025 年文本 144 条，2026年1月1日起施行``. Plain text."""
    since = ""
    if change["new_effective"]:
        since = t("laws.since", day=session.day(date.fromisoformat(change["new_effective"])))
    return t(
        f"laws.what_{change['kind']}",
        old=_version(change["old_version"], change["old_effective"]),
        old_articles=change["old_articles"],
        new=_version(change["new_version"], change["new_effective"]),
        new_articles=change["new_articles"],
        successor=_successor(change),
        since=since,
    )


def articles(place: Place) -> str:
    """The articles cited, each with what became of it where a table says so. Plain text."""
    if not place.articles:
        return t("laws.named_alone")
    words = [_article(place, article) for article in place.articles[:SHOWN_ARTICLES]]
    left = len(place.articles) - SHOWN_ARTICLES
    if left > 0:
        words.append(t("laws.more_articles", n=left))
    return t("common.list_separator").join(words)


def title(place: Place) -> str:
    """Kind and title. Plain text."""
    return t(f"laws.kind_{place.kind}", title=place.title.in_(session.locale()))


# Private functions


def _article(place: Place, article: str) -> str:
    locale = session.locale()
    label = article_label(article, locale)
    known = place.suggested.get(article)
    if known is None:
        return label
    if not known.new:
        return t("laws.dropped", article=label)
    new = article_label(known.new, locale)
    remark = t("laws.remark", remark=known.remark) if known.remark else ""
    return t("laws.renumbered", article=label, new=new) + remark


def _version(version: str, effective: str) -> str:
    return version or effective[:4] or "?"


def _successor(change: Row) -> str:
    if change["kind"] != "repealed":
        return ""
    if change["new_short"] == change["short"]:
        return t("laws.no_successor")
    return t("laws.successor", law=change["new_short"])
