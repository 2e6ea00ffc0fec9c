"""The open change of a course: what it holds, handing it in, judging it, publishing it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.actions import content_changes, content_drafts, publishing
from portal.actions.content_changes import ChangeView, FileChange
from portal.actions.errors import Refused
from portal.actions.publishing import Published
from portal.core.content_templates import left_to_replace
from portal.core.people import Person
from portal.core.problem_texts import describe, severity_of
from portal.core.times import parse_iso
from portal.web import places, render, session
from portal.web.session import t
from portal.web.workspace import clash, impact, preview

_MOST_PROBLEMS = 10


def show(found: ChangeView) -> None:
    """Everything about the change, and the next step for the person who looks."""
    with st.container(border=True):
        change = found.change
        st.header(t("workspace.change"))
        st.write(t(f"workspace.state_{change['state']}"))
        names = t("common.list_separator").join(row["name"] for row in found.authors)
        st.caption(t("workspace.written_by", names=render.escape(names)))
        if change["note"]:
            st.info(render.escape(change["note"]))
        _reviews(found)
        _errors(found)
        for file in found.files:
            _file(found, file)
        _left_to_replace(found)
        _step(found)


def report(done: Published, course: str) -> None:
    """What learners get now, after a publication, and the way to it."""
    st.toast(t("workspace.published_briefly"))  # whoever pressed the button is further down
    with st.container(border=True):
        st.success(t("workspace.published", n=len(done.paths)))
        numbers = {"added": done.added, "changed": done.changed, "removed": done.removed}
        st.write(t("workspace.learners_get", **numbers))
        for key, names in (("new_modules", done.new_modules), ("gone_modules", done.gone_modules)):
            if names:
                words = t("common.list_separator").join(map(_module_title, names))
                st.write(t(f"workspace.{key}", names=render.escape(words)))
        if done.held_back:
            words = render.escape(t("common.list_separator").join(done.held_back))
            st.warning(t("workspace.held_back", names=words))
        if done.commit:
            st.caption(t("workspace.commit", id=done.commit[:10]))
        elif done.git_said:
            st.warning(t("workspace.git_refused", detail=render.escape(done.git_said)))
        if course in session.portal().library.catalogue.courses:
            places.link("course", t("workspace.see_course"), c=course)


# Private functions


def _reviews(found: ChangeView) -> None:
    for row in found.reviews[:3]:
        words = t(
            f"workspace.review_{row['verdict']}",
            who=render.escape(row["name"]),
            when=session.day_and_time(parse_iso(row["at"])),
        )
        comment = f"  \n{render.escape(row['comment'])}" if row["comment"] else ""
        st.markdown(f"{words}{comment}")


def _module_title(module_id: str) -> str:
    module = session.portal().library.catalogue.modules.get(module_id)
    return module.title.in_(session.locale()) if module else module_id


def _errors(found: ChangeView) -> None:
    if not found.checked.new:
        return
    st.error(t("workspace.has_errors", n=len(found.checked.new)))
    for at, problem in enumerate(found.checked.new[:_MOST_PROBLEMS]):
        message, hint = describe(problem, session.locale())
        where = t("workspace.where", path=problem.path, n=problem.line)
        places.link("workspace", where, key=f"{at}", f=problem.path, line=str(problem.line))
        said = (render.escape_around_code(message), render.escape_around_code(hint))
        st.caption(" ".join(said))


def _file(found: ChangeView, file: FileChange) -> None:
    added = sum(line.sign == "+" for line in file.lines)
    removed = sum(line.sign == "-" for line in file.lines)
    label = t(
        f"workspace.file_{file.deed}",
        path=render.escape(file.path),
        added=added,
        removed=removed,
        kb=-(-file.size // 1024),
    )
    with st.expander(label):
        if file.deed == "asset":
            course = file.path.split("/")[1]
            name = file.path.split("/", 2)[2]
            render.show(f"![]({name})", course, f"{preview.FILES}/{course}")
        else:
            views = [t("workspace.view_diff"), t("workspace.view_preview")]
            diff, seen = st.tabs(views)
            with diff:
                clash.lines(file.lines)
            with seen:
                preview.show(found.checked.rows, file.path, 1)
            for problem in found.checked.of(file.path)[:_MOST_PROBLEMS]:
                message, _ = describe(problem, session.locale())
                words = t(
                    f"workspace.where_{severity_of(problem)}", n=problem.line, code=problem.code
                )
                st.caption(f"{words} {render.escape_around_code(message)}")
        if file.deed != "deleted" and file.deed != "asset":
            places.link("workspace", t("workspace.open_file"), key="change", f=file.path)
        _discard(file.path)


def _left_to_replace(found: ChangeView) -> None:
    """Words of a template that nobody has replaced: learners would read them."""
    left = {file.path: lines for file in found.files if (lines := left_to_replace(file.new))}
    if left:
        st.warning(t("workspace.template_left", n=sum(map(len, left.values()))))
    for path, lines in left.items():
        where = t("workspace.where", path=path, n=lines[0])
        places.link("workspace", where, key="template", f=path, line=str(lines[0]))


def _discard(path: str) -> None:
    if st.checkbox(t("workspace.discard_sure"), key=f"discard-sure-{path}"):
        st.button(
            t("workspace.discard"),
            key=f"discard-{path}",
            on_click=_quietly,
            args=(lambda portal, me: content_drafts.discard(portal, me, path),),
        )


def _step(found: ChangeView) -> None:
    """The one next step."""
    state = found.change["state"]
    if state in ("draft", "returned"):
        _submit(found)
    elif state == "review" and found.may_review:
        _judge(found)
    elif state == "review":
        st.info(t("workspace.waits"))
    if state in ("review", "approved") and st.button(t("workspace.withdraw"), key="withdraw"):
        content_changes.withdraw(session.portal(), session.person(), found.change["id"])
        st.rerun()
    if found.may_publish:
        _publish(found)


def _submit(found: ChangeView) -> None:
    words = st.text_area(
        t("workspace.note"),
        value=found.change["note"],
        key=f"note-{found.change['id']}",
        max_chars=2000,
        placeholder=t("workspace.note_example"),
        height=100,
    )
    if st.button(t("workspace.submit"), type="primary", disabled=bool(found.checked.new)):
        _do(lambda portal, me: content_changes.submit(portal, me, found.change["id"], words or ""))


def _judge(found: ChangeView) -> None:
    change_id = found.change["id"]
    key = f"seen-{change_id}-{found.change['submitted_at']}"
    if session.recall(key) is None:
        seen = content_changes.seen_digest(session.portal(), session.person(), change_id)
        session.remember(key, seen)
    comment = st.text_area(
        t("workspace.comment"), key=f"comment-{change_id}", max_chars=2000, height=100
    )
    with st.container(horizontal=True):
        for verdict, kind in (("approved", "primary"), ("returned", "secondary")):
            if st.button(t(f"workspace.judge_{verdict}"), type=kind):  # type: ignore[arg-type]
                seen = session.recall(key)
                session.forget(key)
                _do(_verdict(change_id, verdict, comment or "", seen))


def _verdict(change_id: int, verdict: str, comment: str, seen: str) -> Callable[..., None]:
    return lambda portal, me: content_changes.review(portal, me, change_id, verdict, comment, seen)


def _publish(found: ChangeView) -> None:
    st.markdown(f"**{t('workspace.before_publishing')}**")
    impacts = publishing.impacts(session.portal(), session.person(), found.change["id"])
    impact.show(found.change["id"], impacts)
    if found.change["state"] != "approved":
        st.warning(t("workspace.alone"))
    asks = any(one.asks for one in impacts)
    if st.button(t("workspace.publish"), type="primary", disabled=asks):
        try:
            done = publishing.publish(session.portal(), session.person(), found.change["id"])
        except Refused as refused:
            st.error(t(refused.key, **refused.args_by_name))
            return
        session.remember("workspace.published", done)
        st.rerun()


def _do(deed: Callable[..., None]) -> None:
    """A step of the change; what is refused is said in place."""
    try:
        deed(session.portal(), session.person())
    except Refused as refused:
        st.error(t(refused.key, **refused.args_by_name))
        return
    st.rerun()


def _quietly(deed: Callable[..., None]) -> None:
    me: Person = session.arrive()
    try:
        deed(session.portal(), me)
    except Refused as refused:
        st.toast(t(refused.key, **refused.args_by_name))
