"""For trainers: what is wrong in the content, by file and line, and a preview as a learner."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from portal.core.catalogue import Catalogue
from portal.core.courses import Module, Prose
from portal.core.drawing import option_order
from portal.core.grading import grade
from portal.core.problem_texts import describe, severity_of
from portal.core.problems import Problem
from portal.core.quizzes import Quiz
from portal.web import feedback, inputs, places, render, session
from portal.web.session import t

SHOWN = 10


def page() -> None:
    """Two views: problems, and a preview of any module or quiz."""
    st.title(t("content.title"))
    catalogue = session.portal().library.catalogue
    view = st.segmented_control(
        t("content.view"),
        ["problems", "preview"],
        format_func=lambda name: t(f"content.{name}"),
        default="problems",
        required=True,
        label_visibility="collapsed",
        key="content-view",
    )
    if view == "preview":
        _preview(catalogue)
    else:
        _problems(catalogue)


def _problems(catalogue: Catalogue) -> None:
    errors = [p for p in catalogue.problems if severity_of(p) == "error"]
    warnings = [p for p in catalogue.problems if severity_of(p) == "warning"]
    with st.container(horizontal=True):
        st.metric(t("content.courses"), len(catalogue.courses))
        st.metric(t("content.questions"), len(catalogue.questions))
        st.metric(t("content.errors"), len(errors))
        st.metric(t("content.warnings"), len(warnings))
    if not catalogue.problems:
        st.success(t("content.no_problems"))
        return
    chosen = errors if errors else warnings
    if errors and warnings:
        which = st.pills(
            t("content.show"),
            ["error", "warning"],
            format_func=lambda name: t(f"content.{name}s"),
            default="error",
            required=True,
            key="content-severity",
        )
        chosen = errors if which == "error" else warnings
    files = [(path, list(found)) for path, found in groupby(sorted(chosen), key=lambda p: p.path)]
    everything = len(files) <= SHOWN or st.toggle(t("content.all_files", n=len(files)))
    for path, found in files if everything else files[:SHOWN]:
        _file(path, found)


def _file(path: str, found: list[Problem]) -> None:
    with st.container(border=True):
        st.markdown(f"**{render.escape(path)}**")
        lines = []
        for problem in found[:20]:
            message, hint = describe(problem, session.locale())
            where = t("content.line", n=problem.line)
            words = f"{render.escape(message)} `{problem.code}`"
            lines.append(f"- **{where}** {words}  \n  {render.escape(hint)}")
        st.markdown("\n".join(lines))
        if len(found) > 20:
            st.caption(t("content.more", n=len(found) - 20))


def _preview(catalogue: Catalogue) -> None:
    if not catalogue.courses:
        st.info(t("content.nothing_to_preview"))
        return
    locale = session.locale()
    course_id = st.selectbox(
        t("content.course"),
        list(catalogue.courses),
        format_func=lambda key: catalogue.courses[key].title.in_(locale),
        key="preview-course",
    )
    course = catalogue.courses[course_id]
    things: dict[str, Module | Quiz] = {module.id: module for module in course.modules}
    things |= {quiz.id: quiz for quiz in catalogue.quizzes.values() if quiz.course == course_id}
    if not things:
        st.info(t("content.nothing_to_preview"))
        return
    chosen = st.selectbox(
        t("content.part"),
        list(things),
        format_func=lambda key: things[key].title.in_(locale),
        key=f"preview-{course_id}",
    )
    st.caption(t("content.preview_note"))
    thing = things[chosen]
    if isinstance(thing, Module):
        _preview_module(catalogue, thing)
    else:
        _preview_quiz(catalogue, thing)


def _preview_module(catalogue: Catalogue, module: Module) -> None:
    titles = {section.slug: section.title.in_(session.locale()) for section in module.sections}
    slug = st.selectbox(
        t("content.section"),
        list(titles),
        format_func=titles.__getitem__,
        key=f"preview-{module.id}",
    )
    section = next(s for s in module.sections if s.slug == slug)
    st.header(render.label(section.title.in_(session.locale())))
    for segment in section.segments:
        if isinstance(segment, Prose):
            render.show(segment.text.in_(session.locale()), module.course)
        else:
            _try(catalogue, segment.question_id)


def _preview_quiz(catalogue: Catalogue, quiz: Quiz) -> None:
    ids = [i for i in quiz.question_ids if i in catalogue.questions]
    if not ids:
        st.info(t("content.drawn_from_pools"))
        places.link("quiz", t("content.open_quiz"), q=quiz.id)
        return
    chosen = st.selectbox(
        t("content.question"),
        ids,
        format_func=lambda i: (
            f"{ids.index(i) + 1}. {catalogue.questions[i].title.in_(session.locale())}"
        ),
        key=f"preview-{quiz.id}",
    )
    _try(catalogue, chosen)


def _try(catalogue: Catalogue, question_id: str) -> None:
    """A question as the learner meets it; nothing that is tried here is recorded."""
    question = catalogue.questions.get(question_id)
    if question is None:
        return
    with st.container(border=True):
        st.caption(f"#{question.id} · {question.path}:{question.line}")
        render.show(feedback.stem(question), question.course)
        order = option_order(question, seed=0, shuffle=False)
        slot = inputs.Slot(f"try-{question.id}")
        response = inputs.ask(question, slot, order, session.recall(f"{slot.key}-now"))
        session.remember(f"{slot.key}-now", response)
        if st.toggle(t("content.show_answer"), key=f"{slot.key}-answer"):
            given = grade(question, response)
            if given.fraction is not None:
                st.caption(t("content.would_score", points=f"{given.fraction * question.points:g}"))
            render.show(feedback.answers(question, order, response), question.course)
            render.show(feedback.reasons(question), question.course)
