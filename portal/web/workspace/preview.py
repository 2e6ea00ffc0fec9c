"""A file as the learner will see it, from what is being written; nothing tried here is recorded."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from portal.content.parsing import Row
from portal.content.tree import chinese_of, is_english
from portal.core.content_json import (
    course_from_json,
    module_from_json,
    question_from_json,
    quiz_from_json,
)
from portal.core.courses import Module, Prose, Section
from portal.core.drawing import option_order
from portal.core.grading import grade
from portal.core.questions import Question
from portal.core.quizzes import Quiz
from portal.web import feedback, inputs, render, session
from portal.web.session import t
from portal.web.workspace import drill_preview, parts

FILES = "/draft-files"  # pictures of drafts, and published ones


def show(rows: Mapping[str, Row], path: str, line: int) -> None:
    """The part of the file that ``line`` belongs to, a section or a question, in the language of
    the edition ``path``; ``line`` counts in the Chinese file."""
    with session.speaking("en" if is_english(path) else "zh"):
        _show(rows.get(chinese_of(path) if is_english(path) else path), line)


# Private functions


def _show(row: Row | None, line: int) -> None:
    if row is not None and row.kind == "drill":
        drill = drill_preview.find(row.value, row.path)
        if drill is not None:
            drill_preview.show(drill, line, f"{FILES}/{drill.course}")
        return
    if row is None or not row.kind or not row.value:
        st.info(t("workspace.preview_unreadable"))
        return
    course = row.path.split("/")[1]
    base = f"{FILES}/{course}"
    questions = {
        fact.id: question_from_json(item, path=row.path, line=fact.line)
        for fact, item in zip(row.facts, row.items, strict=True)
    }
    match row.kind:
        case "course":
            whole = course_from_json(row.value)
            st.header(render.label(whole.title.in_(session.locale())))
            render.show(whole.intro.in_(session.locale()), course, base)
        case "module":
            _module(module_from_json(row.value), questions, line, base)
        case "quiz":
            _quiz(quiz_from_json(row.value), questions, line, base)


def _module(module: Module, questions: Mapping[str, Question], line: int, base: str) -> None:
    locale = session.locale()
    if not module.sections:
        st.info(t("workspace.preview_empty"))
        return
    titles = [section.title.in_(locale) for section in module.sections]
    begins = [_line_of(section, questions) for section in module.sections]
    at = max((n for n, begin in enumerate(begins) if begin <= line + 2), default=0)
    chosen = parts.chosen(t("workspace.section"), parts.numbered(titles), at, module.path)
    section = module.sections[chosen]
    st.header(render.label(section.title.in_(locale)))
    for segment in section.segments:
        if isinstance(segment, Prose):
            render.show(segment.text.in_(locale), module.course, base)
        elif segment.question_id in questions:
            _try(questions[segment.question_id], base)


def _quiz(quiz: Quiz, questions: Mapping[str, Question], line: int, base: str) -> None:
    locale = session.locale()
    st.header(render.label(quiz.title.in_(locale)))
    shown = [questions[name] for name in quiz.question_ids if name in questions]
    if quiz.intro.in_(locale).strip():
        render.show(quiz.intro.in_(locale), quiz.course, base)
    if not shown:
        st.info(t("workspace.preview_drawn" if quiz.draw else "workspace.preview_empty"))
        return
    titles = [question.title.in_(locale) for question in shown]
    at = max((n for n, question in enumerate(shown) if question.line <= line), default=0)
    chosen = parts.chosen(t("workspace.question"), parts.numbered(titles), at, quiz.path)
    _try(shown[chosen], base)


def _line_of(section: Section, questions: Mapping[str, Question]) -> int:
    """Where the first part of a section stands in the Chinese file."""
    for segment in section.segments:
        if isinstance(segment, Prose):
            return segment.line
        if segment.question_id in questions:
            return questions[segment.question_id].line
    return 0


def _try(question: Question, base: str) -> None:
    """A question as the learner meets it."""
    with st.container(border=True):
        st.caption(f"#{render.escape(question.id)} · {t('workspace.try_note')}")
        render.show(feedback.stem(question), question.course, base)
        order = option_order(question, seed=0, shuffle=False)
        shape = f"{question.body.kind}{len(order)}"
        slot = inputs.Slot(f"try-{session.locale()}-{question.id}-{shape}")
        response = inputs.ask(question, slot, order, session.recall(f"{slot.key}-now"))
        session.remember(f"{slot.key}-now", response)
        if st.toggle(t("workspace.show_answer"), key=f"{slot.key}-answer"):
            given = grade(question, response)
            if given.fraction is not None:
                points = f"{given.fraction * question.points:g}"
                st.caption(t("workspace.would_score", points=points))
            render.show(feedback.answers(question, order, response), question.course, base)
            render.show(feedback.reasons(question), question.course, base)
