"""Below the editor: a citation looked up and inserted, a picture uploaded and inserted."""

from __future__ import annotations

import re

import streamlit as st

from portal.actions import content_uploads, statute_texts
from portal.actions.errors import Refused
from portal.core.numerals import chinese_numeral
from portal.core.statutes import Statute, StatuteRegistry
from portal.web import render, session
from portal.web.session import t
from portal.web.workspace import desk

_FOUND = 12
_SHOWN_CHARS = 400
_REFUSED = "workspace.image-refused"
_ARTICLE = re.compile(r"[1-9][0-9]{0,3}(-[1-9][0-9]?)?")


def show(path: str) -> None:
    """Two drawers."""
    with st.expander(t("workspace.insert_citation")):
        _citation(path)
    with st.expander(t("workspace.insert_image")):
        _image(path)


def search(registry: StatuteRegistry, words: str) -> list[Statute]:
    """Statutes in force whose names hold every one of ``words``, shortest name first."""
    wanted = [word for word in words.lower().split() if word]
    seen: dict[str, Statute] = {}
    for versions in registry.by_name.values():
        for statute in versions:
            names = " ".join([statute.title, statute.short, statute.english, *statute.aliases])
            if statute.in_force and all(word in names.lower() for word in wanted):
                seen[statute.title] = statute
    return sorted(seen.values(), key=lambda one: (len(one.short), one.short))


def citation(statute: Statute, article: str) -> str:
    """``《人民调解法》第三十三条``, as people write it."""
    number, _, inserted = article.partition("-")
    after = f"之{chinese_numeral(int(inserted))}" if inserted else ""
    return f"《{statute.short}》第{chinese_numeral(int(number))}条{after}"


# Private functions


def _citation(path: str) -> None:
    _by_name(path)
    _by_words(path)


def _by_name(path: str) -> None:
    """A statute by its name, then the number of the article."""
    registry = session.portal().library.catalogue.statutes
    words = st.text_input(
        t("workspace.statute_words"),
        key="workspace.statute",
        placeholder=t("workspace.statute_example"),
        max_chars=60,
    )
    found = search(registry, words or "") if (words or "").strip() else []
    if (words or "").strip() and not found:
        st.info(t("workspace.statute_none"))
    if not found:
        return
    english = session.locale() == "en"
    statute = st.selectbox(
        t("workspace.statute_which", n=len(found)),
        found[:_FOUND],
        format_func=lambda one: f"《{one.short}》{f' {one.english}' if english else ''}",
    )
    if statute is None:
        return
    article = st.text_input(
        t("workspace.statute_article", n=statute.articles),
        key="workspace.article",
        placeholder=t("workspace.article_example"),
        max_chars=7,
    )
    given = (article or "").strip()
    fits = bool(_ARTICLE.fullmatch(given)) and statute.has_article(given)
    if given and not fits:
        st.warning(t("workspace.statute_no_article", n=statute.articles))
    st.button(
        t("workspace.insert"),
        key="workspace.insert-citation",
        disabled=not fits,
        on_click=_put,
        args=(path, citation(statute, given) if fits else ""),
    )


def _by_words(path: str) -> None:
    """Articles of imported texts by their words."""
    words = st.text_input(
        t("statute_text.search"),
        key="workspace.article-words",
        placeholder=t("statute_text.search_help"),
        max_chars=60,
    )
    if not (words or "").strip():
        return
    found = statute_texts.search_articles(session.portal(), session.person(), words or "")
    if not found:
        st.info(t("statute_text.search_none"))
        return
    by_citation = {citation(statute, row["article"]): row for statute, row in found}
    chosen = st.selectbox(
        t("statute_text.search_found", n=len(by_citation)),
        list(by_citation),
        key="workspace.article-found",
    )
    if chosen not in by_citation:
        return
    render.show_plain(by_citation[chosen]["body"][:_SHOWN_CHARS])
    st.button(
        t("workspace.insert"),
        key="workspace.insert-article",
        on_click=_put,
        args=(path, chosen),
    )


def _put(path: str, text: str) -> None:
    desk.put(path, text, block=False)


def _image(path: str) -> None:
    turn = session.recall("workspace.image-turn", 0)
    given = st.file_uploader(
        t("workspace.image_file"),
        type=["png", "jpg", "jpeg", "gif", "webp", "svg"],
        key=f"workspace.image-{turn}",
    )
    words = st.text_input(
        t("workspace.image_alternative"),
        key=f"workspace.alternative-{turn}",
        placeholder=t("workspace.image_example"),
        max_chars=200,
    )
    said = st.container()  # beside the field that it is about, in sight when the button is pressed
    pressed = st.button(t("workspace.image_insert"), disabled=given is None)
    if pressed and given is not None:
        _take_over(path, given.name, given.getvalue(), words or "")
    # stays until the next try: the editor reruns this part whenever somebody types
    if session.recall(_REFUSED):
        said.error(session.recall(_REFUSED))


def _take_over(path: str, name: str, content: bytes, words: str) -> None:
    session.forget(_REFUSED)
    try:
        text = content_uploads.upload(
            session.portal(), session.person(), path, name, content, words
        )
    except Refused as refused:
        session.remember(_REFUSED, t(refused.key, **refused.args_by_name))
        return
    desk.put(path, text, block=True)
    session.remember("workspace.image-turn", session.recall("workspace.image-turn", 0) + 1)
    st.toast(t("workspace.image_done"))
    st.rerun()
