"""For trainers: everything that is wrong in the published content, by file and line."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from portal.core.catalogue import Catalogue
from portal.core.content_paths import is_source
from portal.core.problem_texts import describe, severity_of
from portal.core.problems import Problem
from portal.web import places, render, session
from portal.web.session import t

SHOWN = 10


def page() -> None:
    """Numbers, then the files with problems; each leads to its place in the workspace."""
    st.title(t("content.title"))
    catalogue = session.portal().library.catalogue
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
        if is_source(path):
            places.link("workspace", path, f=path, line=str(found[0].line))
        else:
            st.markdown(f"**{render.escape(path)}**")
        lines = []
        for problem in found[:20]:
            message, hint = describe(problem, session.locale())
            where = t("content.line", n=problem.line)
            words = f"{render.escape_around_code(message)} `{problem.code}`"
            lines.append(f"- **{where}** {words}  \n  {render.escape_around_code(hint)}")
        st.markdown("\n".join(lines))
        if len(found) > 20:
            st.caption(t("content.more", n=len(found) - 20))
