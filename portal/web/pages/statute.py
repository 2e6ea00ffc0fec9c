"""One cited article: its text where it was imported, which statute, since when, where taught."""

from __future__ import annotations

import re
from datetime import date

import streamlit as st

from portal.actions import statute_texts
from portal.core.catalogue import Catalogue
from portal.core.citations import article_label as full_label
from portal.core.law_places import places_citing
from portal.core.statutes import Statute
from portal.web import data, places, render, session
from portal.web.session import t

_SHOWN = 10
_PAGES = {"course": ("course", "c"), "module": ("module", "m"), "drill": ("drill", "d")}


def page() -> None:
    """``?law=<short title>&article=<number>&paragraph=<款>``."""
    law = st.query_params.get("law", "")[:100]
    article = st.query_params.get("article", "")[:20]
    if not re.fullmatch(r"[0-9]{1,4}(-[0-9]{1,2})?", article):
        article = ""
    catalogue = session.portal().library.catalogue
    versions = catalogue.statutes.by_name.get(law)
    if not versions:
        st.title(t("statute.title"))
        st.info(t("statute.unknown", law=render.escape(law)))
        return
    statute = versions[0]
    st.title(f"《{statute.short}》" if session.locale() == "zh" else statute.english)
    if article:
        st.header(t("statute.article", article=article_label(article)))
    if article:
        _text(statute, article)
    _facts(statute, article)
    _taught(catalogue, statute, article)


def article_label(article: str) -> str:
    """``291-2`` as ``第291条之2`` or ``Article 291-2``."""
    number, _, sub = article.partition("-")
    return (
        t("statute.article_inserted", n=number, sub=sub)
        if sub
        else t("statute.article_n", n=number)
    )


def _text(statute: Statute, article: str) -> None:
    """The article as it was imported, the cited 款 marked; or that it was not imported."""
    found = statute_texts.find_article(session.portal(), statute, article)
    if found is None:
        st.info(t("statute_text.none"))
        return
    if found.headings:
        st.caption(render.escape(" › ".join(found.headings)))
    numbered = max(one.number for one in found.paragraphs) > 1
    cited = places.number("paragraph") if numbered else None
    current = 0
    for one in found.paragraphs:
        current = one.number or current
        with st.container(border=cited is not None and current == cited):
            if numbered and one.number:
                mark = t("statute_text.paragraph", n=one.number)
                places.link(
                    "statute",
                    f"{mark} · {t('statute_text.cited')}" if cited == one.number else mark,
                    key=f"paragraph-{one.number}",
                    law=statute.short,
                    article=article,
                    paragraph=str(one.number),
                )
            render.show_plain(one.text)
    imported = session.day(date.fromisoformat(found.imported_on))
    effective = session.day(date.fromisoformat(statute.effective))
    st.caption(t("statute_text.version", effective=effective, imported=imported))
    with st.container(horizontal=True):
        for number, words in ((found.before, "earlier"), (found.after, "later")):
            if number is not None:
                label = t(f"statute_text.{words}", article=full_label(number, session.locale()))
                places.link("statute", label, key=words, law=statute.short, article=number)


def _facts(statute: Statute, article: str) -> None:
    st.write(f"《{statute.title}》")
    state = t("statute.in_force") if statute.in_force else t("statute.not_in_force")
    effective = session.day(date.fromisoformat(statute.effective)) if statute.effective else "—"
    st.write(t("statute.facts", state=state, effective=effective, articles=statute.articles))
    if statute.replaced_by:
        st.warning(t("statute.replaced", law=statute.replaced_by))
    if not article:
        st.caption(t("statute_text.open_article"))


def _taught(catalogue: Catalogue, statute: Statute, article: str) -> None:
    """Modules and drills that cite the article (without one, the statute), and how many questions
    do."""
    st.header(t("statute.taught_article" if article else "statute.taught"))
    everything = data.personal(
        ("citing", catalogue.fingerprint, statute.short),
        lambda: places_citing(catalogue, statute.short, catalogue.statutes),
    )
    found = [one for one in everything if not article or article in one.articles]
    shown = [one for one in found if one.kind in _PAGES]
    for one in shown[:_SHOWN]:
        page, key = _PAGES[one.kind]
        places.link(page, render.label(one.title.in_(session.locale())), **{key: one.id})
    questions = sum(one.kind == "question" for one in found)
    if questions:
        st.caption(t("statute.questions", n=questions))
    elif not shown:
        st.caption(t("statute.not_taught"))
    if article and len(everything) > len(found):
        places.link("statute", t("statute.whole"), key="whole", law=statute.short)
