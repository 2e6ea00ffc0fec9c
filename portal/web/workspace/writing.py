"""The editor beside its preview.

It is no fragment of the page: the browser sends what was typed together with the press of a button
that follows at once, and a press that travels with a fragment's change would be lost.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import content_changes, content_drafts, content_making
from portal.actions.content_drafts import Opened
from portal.actions.errors import Refused
from portal.content.checking import Checked
from portal.content.tree import chinese_of, is_english
from portal.core.content_snippets import MENUS, snippet
from portal.core.problem_texts import describe, severity_of
from portal.core.problems import Problem
from portal.web import places, session
from portal.web.session import t
from portal.web.workspace import clash, desk, editor, inserting, preview
from portal.web.workspace.desk import Desk

_IDS = 40


def show(opened: Opened) -> None:
    """The editor for a file, its problems, its preview, and what helps while writing."""
    path = opened.path
    key = f"workspace.editor:{path}"
    try:
        now = desk.take(desk.open_desk(path), session.recall(key))
    except Refused as refused:
        st.error(t(refused.key, **refused.args_by_name))
        return
    desk.keep(now)
    checked = content_drafts.check(session.portal(), session.person(), path, now.text)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        with st.container():  # always there: what comes and goes must not move the editor
            if now.clash is not None:
                clash.show(now, now.clash)
        data = _data(now, checked, _under_review(opened))
        sent = editor.mount(key, data, lambda: _take(path))
        _elsewhere(path, checked)
        inserting.show(path)
    with right:
        st.caption(t("workspace.preview"))
        preview.show(checked.rows, path, _chinese_line(now))
    after = desk.take(now, sent)
    if after is not now:  # what arrived with a fresh page
        desk.keep(after)
        st.rerun()


def withdraw_button(opened: Opened) -> None:
    """While the change is under review: the way back to writing."""
    if opened.change is None or not _under_review(opened):
        return
    st.info(t(f"workspace.{opened.change['state']}_note"))
    if st.button(t("workspace.withdraw")):
        content_changes.withdraw(session.portal(), session.person(), opened.change["id"])
        st.rerun()


# Private functions


def _take(path: str) -> None:
    """Save what was typed before anything else of the run: it may be leaving this page."""
    session.arrive()
    desk.keep(desk.take(desk.open_desk(path), session.recall(f"workspace.editor:{path}")))


def _elsewhere(path: str, checked: Checked) -> None:
    """Errors that other files of the course have, or get because of this one."""
    others = [one for one in checked.new if one.path != path]
    if not others:
        return
    st.caption(t("workspace.elsewhere", n=len(others)))
    for at, one in enumerate(others[:3]):
        where = t("workspace.where", path=one.path, n=one.line)
        places.link("workspace", where, key=f"elsewhere{at}", f=one.path, line=str(one.line))


def _under_review(opened: Opened) -> bool:
    return opened.change is not None and opened.change["state"] in ("review", "approved")


def _data(now: Desk, checked: Checked, readonly: bool) -> dict[str, Any]:
    """What the component is given; see ``editor.js``."""
    problems = sorted(checked.of(now.path), key=lambda one: (severity_of(one), one.line))
    return {
        "doc": desk.name_of(now),
        "text": now.text,
        "rev": now.rev,
        "seen": now.seen,
        "token": now.token,
        "readonly": readonly,
        "clash": now.clash is not None or bool(now.refused),
        "status": t("workspace.status_review") if readonly else desk.status(now),
        "problems": [_problem(one) for one in problems],
        "sum": _sum(problems),
        "menus": _menus("en" if is_english(now.path) else "zh"),
        "ids": _ids(now.path),
        "insert": now.insert,
        "go": now.go,
        "words": {
            name: t(f"workspace.editor_{name}")
            for name in ("label", "typing", "saving", "offline", "recovered")
        },
    }


def _problem(problem: Problem) -> dict[str, Any]:
    message, hint = describe(problem, session.locale())
    severity = severity_of(problem)
    return {
        "line": problem.line,
        "severity": severity,
        "where": t(f"workspace.where_{severity}", n=problem.line, code=problem.code),
        "message": message,
        "hint": hint,
    }


def _sum(problems: list[Problem]) -> str:
    errors = sum(severity_of(one) == "error" for one in problems)
    if not problems:
        return t("workspace.sum_none")
    return t("workspace.sum", errors=errors, warnings=len(problems) - errors)


def _menus(locale: str) -> list[dict[str, Any]]:
    return [
        {
            "label": t(f"workspace.menu_{menu}"),
            "items": [
                {
                    "label": t(f"workspace.snippet_{key}"),
                    "text": snippet(key, locale),
                    "block": True,
                }
                for key in keys
            ],
        }
        for menu, keys in MENUS.items()
    ]


def _ids(path: str) -> list[str]:
    """Free question ids, asked for once a page: the editor skips those in its own text."""
    course = path.split("/")[1]
    key = f"workspace.ids:{course}"
    known: list[str] = session.recall(key, [])
    if not known:
        known = content_making.free_ids(session.portal(), session.person(), course, _IDS)
        session.remember(key, known)
    return known


def _chinese_line(now: Desk) -> int:
    """The line of the Chinese file that is shown. An edition has the same headings in order."""
    if not is_english(now.path):
        return now.line
    nth = sum(line.startswith("#") for line in now.text.split("\n")[: now.line])
    source = content_drafts.open_file(session.portal(), session.person(), chinese_of(now.path)).text
    heads = [at for at, line in enumerate(source.split("\n"), 1) if line.startswith("#")]
    return heads[min(nth, len(heads)) - 1] if nth and heads else 1
