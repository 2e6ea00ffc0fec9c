"""One cited article: which statute, since when, and where in the library it is taught."""

from __future__ import annotations

import re

import streamlit as st

from portal.core.catalogue import Catalogue
from portal.core.courses import Prose
from portal.core.statutes import Statute
from portal.web import places, render, session
from portal.web.session import t


def page() -> None:
    """``?law=<short title>&article=<number>``."""
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
    _facts(statute)
    _taught(catalogue, statute, article)


def article_label(article: str) -> str:
    """``291-2`` as ``第291条之2`` or ``Article 291-2``."""
    number, _, sub = article.partition("-")
    return (
        t("statute.article_inserted", n=number, sub=sub)
        if sub
        else t("statute.article_n", n=number)
    )


def _facts(statute: Statute) -> None:
    st.write(f"《{statute.title}》")
    state = t("statute.in_force") if statute.in_force else t("statute.not_in_force")
    st.write(
        t("statute.facts", state=state, effective=statute.effective, articles=statute.articles)
    )
    if statute.replaced_by:
        st.warning(t("statute.replaced", law=statute.replaced_by))
    st.caption(t("statute.read_official"))


def _taught(catalogue: Catalogue, statute: Statute, article: str) -> None:
    st.header(t("statute.taught"))
    modules = [
        module
        for module in catalogue.modules.values()
        if any(
            f"《{statute.short}》" in segment.text.zh
            for section in module.sections
            for segment in section.segments
            if isinstance(segment, Prose)
        )
    ]
    for module in modules[:10]:
        places.link("module", render.label(module.title.in_(session.locale())), m=module.id)
    questions = sum(
        1
        for question in catalogue.questions.values()
        if any(c.law == statute.short and article in ("", c.article) for c in question.laws)
    )
    if not modules and not questions:
        st.caption(t("statute.not_taught"))
    elif questions:
        st.caption(t("statute.questions", n=questions))
