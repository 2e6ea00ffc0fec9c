"""For trainers: questions of other programs in, our own out."""

from __future__ import annotations

from hashlib import sha256

import streamlit as st

from portal.actions import question_exchange
from portal.actions.errors import Refused
from portal.exchange.questions import Imported, Note
from portal.web import data, downloads, feedback, places, render, session, views
from portal.web.session import t

FORMATS = ("", "sheet", "gift", "moodle", "aiken", "qti")
OUT = ("moodle", "gift", "qti")
SHOWN = 5
NOTES_SHOWN = 30
NAMED = 3  # ids that are named


def page() -> None:
    """Two views: in (look, report, keep as a draft) and out."""
    st.title(t("nav.exchange"))
    view = views.choose(
        t("exchange.view"), ["in", "out"], lambda name: t(f"exchange.{name}"), key="exchange-view"
    )
    try:
        if view == "out":
            _out()
        else:
            _in()
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))


def _in() -> None:
    st.caption(t("exchange.in_intro"))
    given = st.file_uploader(
        t("exchange.file"),
        type=["xlsx", "csv", "txt", "gift", "xml", "zip"],
        key="exchange-file",
    )
    form = st.selectbox(
        t("exchange.format"),
        FORMATS,
        format_func=lambda name: t(f"exchange.format_{name or 'auto'}"),
        key="exchange-format",
    )
    if given is None:
        return
    content = given.getvalue()
    found = data.personal(
        ("exchange", session.person().id, sha256(content).hexdigest(), form),
        lambda: question_exchange.look(
            session.portal(), session.person(), given.name, content, str(form)
        ),
    )
    _report(found)
    if found.questions:
        _known(found, sha256(content).hexdigest())
        _preview(found)
        _keep(found)


def _report(found: Imported) -> None:
    lost = sum(note.lost for note in found.notes)
    with st.container(horizontal=True):
        st.metric(t("exchange.carried"), len(found.questions))
        st.metric(t("exchange.lost"), lost)
        st.metric(t("exchange.changed"), len(found.notes) - lost)
    if not found.questions:
        st.error(t("exchange.none"))
    if not found.notes:
        return
    st.header(t("exchange.report"))
    ordered = sorted(found.notes, key=lambda note: (not note.lost, note.number))
    everything = len(ordered) <= NOTES_SHOWN or st.toggle(t("exchange.all_notes", n=len(ordered)))
    shown = ordered if everything else ordered[:NOTES_SHOWN]
    st.markdown("\n".join(f"- {_note(note)}" for note in shown))


def _known(found: Imported, digest: str) -> None:
    """That some are here already, and that an import writes the Chinese edition alone."""
    portal, me = session.portal(), session.person()
    ours = data.personal(
        ("exchange known", me.id, digest, portal.library.catalogue.fingerprint),
        lambda: question_exchange.known(portal, me, found.questions),
    )
    if not ours:
        return
    ids = t("common.list_separator").join(f"#{key}" for key in list(ours)[:NAMED])
    words = t("exchange.known", n=len(ours), ids=render.escape(ids))
    english = sum(ours.values())
    st.warning(f"{words} {t('exchange.known_english', n=english)}" if english else words)


def _note(note: Note) -> str:
    key = note.code[1:] if note.code.startswith("@") else f"exchange.note.{note.code}"
    words = render.escape(t(key, **{"row": note.number, **note.args}))
    if not note.number:
        return words
    place = t("exchange.place", number=note.number, title=note.title)
    sign = t("exchange.missing") if note.lost else ""
    return f"**{render.escape(place)}** {sign}{words}"


def _preview(found: Imported) -> None:
    st.header(t("exchange.preview"))
    for question in found.questions[:SHOWN]:
        with st.container(border=True):
            st.markdown(f"**{render.label(question.title.zh)}**")
            render.show(feedback.stem(question))
            render.show(feedback.key(question))
            if question.explanation:
                render.show(feedback.reasons(question))
    if len(found.questions) > SHOWN:
        st.caption(t("exchange.more_questions", n=len(found.questions) - SHOWN))


def _keep(found: Imported) -> None:
    st.header(t("exchange.keep"))
    courses = session.portal().library.catalogue.courses
    if not courses:
        st.info(t("exchange.no_courses"))
        return
    with st.form("exchange-keep"):
        course = st.selectbox(
            t("exchange.course"),
            list(courses),
            format_func=lambda key: courses[key].title.in_(session.locale()),
        )
        kind = st.radio(
            t("exchange.kind"),
            ["pool", "quiz", "exam"],
            format_func=lambda name: t(f"exchange.kind_{name}"),
            horizontal=True,
        )
        title = st.text_input(t("exchange.title"), max_chars=100)
        name = st.text_input(t("exchange.name"), value="imported", max_chars=40)
        if not st.form_submit_button(t("exchange.keep_button"), type="primary"):
            return
    path = question_exchange.keep(
        session.portal(),
        session.person(),
        str(course),
        name.strip(),
        str(kind),
        title or t("exchange.untitled"),
        found.questions,
    )
    st.success(t("exchange.kept", n=len(found.questions), path=render.escape(path)))
    st.caption(t("exchange.chinese_only"))
    places.link("workspace", t("exchange.open_draft"), f=path)


def _out() -> None:
    st.caption(t("exchange.out_intro"))
    catalogue = session.portal().library.catalogue
    quizzes = {one.id: one for one in catalogue.quizzes.values() if one.question_ids}
    if not quizzes:
        st.info(t("exchange.none"))
        return
    quiz_id = st.selectbox(
        t("exchange.quiz"),
        list(quizzes),
        format_func=lambda key: f"{quizzes[key].title.in_(session.locale())} · {key}",
        key="exchange-quiz",
    )
    form = st.radio(
        t("exchange.format"),
        OUT,
        format_func=lambda name: t(f"exchange.format_{name}"),
        horizontal=True,
        key="exchange-out",
    )
    if quiz_id not in quizzes or form not in OUT:
        return
    locale = session.locale()
    notes = question_exchange.losses(
        session.portal(), session.person(), quiz_id, form, locale
    ).notes
    st.warning(t("exchange.with_keys"))
    downloads.link(
        "question_bank", t("exchange.download"), quiz=quiz_id, format=form, language=locale
    )
    if notes:
        st.header(t("exchange.report"))
        st.markdown("\n".join(f"- {_note(note)}" for note in notes[:NOTES_SHOWN]))
    places.link("items", t("exchange.to_items"), q=quiz_id)
