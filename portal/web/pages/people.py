"""For administrators: units, people, roles. The first thing a fresh portal needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portal.actions import accounts
from portal.actions import people as actions
from portal.actions.errors import Refused
from portal.actions.units import UNIT_KINDS
from portal.web import render, session
from portal.web.session import t

A_PAGE = 20
GRANTABLE = ("trainer", "manager", "administrator", "auditor")


def page() -> None:
    """Three views: people, a new person, units."""
    st.title(t("nav.people"))
    _notice()
    units = actions.list_units(session.portal(), session.person())
    view = st.segmented_control(
        t("people.view"),
        ["list", "add", "units"],
        format_func=lambda name: t(f"people.view_{name}"),
        default="list" if units else "units",
        required=True,
        label_visibility="collapsed",
        key="people-view",
    )
    if view == "units":
        _units(units)
    elif not units:
        st.info(t("people.units_first"))
    elif view == "add":
        _add(units)
    else:
        _list(units)


def _notice() -> None:
    """What the last action did: an initial password is shown once and kept nowhere."""
    said = session.recall("people-notice")
    if said:
        kind, words, secret = said
        {"done": st.success, "refused": st.warning}[kind](words)
        if secret:
            st.code(secret, language=None)
        session.forget("people-notice")


def _do(action: Callable[[], Any], done: str, **args: object) -> None:
    """Run ``action`` and say in the next run what came of it.

    Callbacks run before the page's own look-up: ``action`` asks who is signed in when it runs.
    """
    try:
        result = action()
    except Refused as refused:
        session.remember("people-notice", ("refused", t(refused.key, **refused.args_by_name), ""))
        return
    secret = result if isinstance(result, str) else getattr(result, "initial_password", "")
    words = {name: render.escape(str(value)) for name, value in args.items()}
    session.remember("people-notice", ("done", t(done, **words), secret))


def _unit_name(unit: dict[str, Any]) -> str:
    name = unit["name_en"] if session.locale() == "en" and unit["name_en"] else unit["name"]
    depth = str(unit["path"]).count("/") - 2
    return "　" * depth + str(name)


def _pick_unit(label: str, units: list[dict[str, Any]], key: str) -> int | None:
    names = {unit["id"]: _unit_name(unit) for unit in units if unit["closed_at"] is None}
    chosen: int | None = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda unit_id: names.get(unit_id, ""),
        placeholder=t("question.choose"),
        key=key,
    )
    return chosen


def _list(units: list[dict[str, Any]]) -> None:
    with st.container(horizontal=True):
        query = st.text_input(t("people.search"), key="people-query", max_chars=50)
        unit_id = _pick_unit(t("people.in_unit"), units, "people-unit")
    offset = session.recall("people-offset", 0)
    if session.recall("people-asked") != (query, unit_id):
        session.remember("people-asked", (query, unit_id))
        session.remember("people-offset", 0)
        offset = 0
    found = actions.list_people(
        session.portal(), session.person(), unit_id, query, limit=A_PAGE, offset=offset
    )
    st.caption(t("people.found", n=found.total))
    for row in found.rows:
        _row(row, units)
    with st.container(horizontal=True):
        if offset and st.button(t("quiz.previous_page")):
            session.remember("people-offset", max(0, offset - A_PAGE))
            st.rerun()
        if offset + A_PAGE < found.total and st.button(t("quiz.next_page")):
            session.remember("people-offset", offset + A_PAGE)
            st.rerun()


def _unit_of(row: dict[str, Any]) -> str:
    english = row["unit_name_en"] if session.locale() == "en" else None
    return str(english or row["unit_name"] or "—")


def _row(row: dict[str, Any], units: list[dict[str, Any]]) -> None:
    state = t("people.is_disabled") if row["disabled"] else ""
    facts = [
        row["staff_no"],
        _unit_of(row),
        *_posts(row["posts"]),
        *_roles(row["roles"]),
        state,
    ]
    opened = session.recall("people-open") == row["id"]
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**{render.escape(row['name'])}**", width="content")
            label = t("people.close") if opened else t("people.change")
            if st.button(label, key=f"open-{row['id']}", type="tertiary"):
                session.remember("people-open", None if opened else row["id"])
                st.rerun()
        st.caption(render.escape(" · ".join(fact for fact in facts if fact)))
        if opened:
            _change(row, units)


def _posts(keys: list[str]) -> list[str]:
    posts = session.portal().library.catalogue.capabilities.posts
    names = {post.key: post.name.in_(session.locale()) for post in posts}
    return [names.get(key, key) for key in keys]


def _roles(held: list[tuple[str, int | None]]) -> list[str]:
    return [t(f"people.role_{role}") for role, _ in held]


def _change(row: dict[str, Any], units: list[dict[str, Any]]) -> None:
    person_id = row["id"]
    with st.container(horizontal=True):
        st.button(
            t("people.reset"),
            key=f"reset-{person_id}",
            on_click=_do,
            args=(
                lambda: actions.reset_password(session.portal(), session.person(), person_id),
                "people.reset_done",
            ),
            kwargs={"name": row["name"]},
        )
        switch = actions.enable if row["disabled"] else actions.disable
        name = "enable" if row["disabled"] else "disable"
        st.button(
            t(f"people.{name}"),
            key=f"switch-{person_id}",
            on_click=_do,
            args=(
                lambda: switch(session.portal(), session.person(), person_id),
                f"people.{name}_done",
            ),
            kwargs={"name": row["name"]},
        )
        st.button(
            t("people.sign_out"),
            key=f"out-{person_id}",
            on_click=_do,
            args=(
                lambda: (
                    accounts.sign_out_everywhere(session.portal(), session.person(), person_id)
                    and None
                ),
                "people.sign_out_done",
            ),
            kwargs={"name": row["name"]},
        )
    _move(row, units)
    _grant(row, units)


def _move(row: dict[str, Any], units: list[dict[str, Any]]) -> None:
    with st.form(f"move-{row['id']}", border=False):
        unit_id = _pick_unit(t("people.move_to"), units, f"move-unit-{row['id']}")
        posts = _pick_posts(f"move-posts-{row['id']}", row["posts"])
        if st.form_submit_button(t("people.move")):
            target = unit_id or row["unit_id"]  # none chosen: other posts in the same unit
            _do(
                lambda: actions.move(session.portal(), session.person(), row["id"], target, posts),
                "people.move_done",
                name=row["name"],
            )
            st.rerun()


def _grant(row: dict[str, Any], units: list[dict[str, Any]]) -> None:
    names = {unit["id"]: _unit_name(unit).strip() for unit in units}
    for role, unit_id in row["roles"]:
        where = f" · {names.get(unit_id, '')}" if unit_id else ""
        st.button(
            t("people.revoke", role=t(f"people.role_{role}") + render.escape(where)),
            key=f"revoke-{row['id']}-{role}-{unit_id}",
            on_click=_do,
            args=(
                lambda role=role, unit_id=unit_id: actions.revoke_role(
                    session.portal(), session.person(), row["id"], role, unit_id
                ),
                "people.revoke_done",
            ),
            kwargs={"name": row["name"]},
        )
    with st.form(f"grant-{row['id']}", border=False):
        role = st.selectbox(
            t("people.role"),
            GRANTABLE,
            format_func=lambda r: t(f"people.role_{r}"),
            key=f"role-{row['id']}",
        )
        managed = _pick_unit(t("people.role_unit"), units, f"role-unit-{row['id']}")
        if st.form_submit_button(t("people.grant")):
            _do(
                lambda: actions.grant_role(
                    session.portal(),
                    session.person(),
                    row["id"],
                    role,
                    managed if role == "manager" else None,
                ),
                "people.grant_done",
                name=row["name"],
            )
            st.rerun()


def _pick_posts(key: str, chosen: list[str]) -> list[str]:
    posts = {
        p.key: p.name.in_(session.locale())
        for p in session.portal().library.catalogue.capabilities.posts
    }
    picked: list[str] = st.multiselect(
        t("people.posts"),
        list(posts),
        default=[post for post in chosen if post in posts],
        format_func=lambda post: posts.get(post, post),
        placeholder=t("question.choose"),
        key=key,
    )
    return picked


def _add(units: list[dict[str, Any]]) -> None:
    with st.form("add-person", clear_on_submit=False):
        staff_no = st.text_input(t("people.staff_no"), max_chars=40)
        name = st.text_input(t("people.name"), max_chars=60)
        login = st.text_input(t("people.login"), max_chars=60, help=t("people.login_help"))
        unit_id = _pick_unit(t("people.unit"), units, "add-unit")
        posts = _pick_posts("add-posts", [])
        if st.form_submit_button(t("people.add"), type="primary"):
            if unit_id is None:
                st.warning(t("people.choose_unit"))
                return
            _do(
                lambda: actions.create_person(
                    session.portal(),
                    session.person(),
                    staff_no=staff_no,
                    login=login or staff_no,
                    name=name,
                    unit_id=unit_id,
                    posts=posts,
                ),
                "people.add_done",
                name=name,
            )
            st.rerun()


def _units(units: list[dict[str, Any]]) -> None:
    shown = units[:100]
    lines = [
        f"{'  ' * (unit['path'].count('/') - 2)}- {render.escape(_unit_name(unit).strip())} "
        f"({t('people.kind_' + unit['kind'])})"
        for unit in shown
    ]
    st.markdown("\n".join(lines) if lines else t("people.no_units"))
    if len(units) > len(shown):
        st.caption(t("people.more_units", n=len(units) - len(shown)))
    with st.form("add-unit-form"):
        st.header(t("people.new_unit"))
        parent_id = _pick_unit(t("people.parent"), units, "unit-parent") if units else None
        kind = st.selectbox(
            t("people.kind"),
            UNIT_KINDS,
            format_func=lambda k: t(f"people.kind_{k}"),
            key="unit-kind",
        )
        name = st.text_input(t("people.unit_name"), max_chars=60)
        name_en = st.text_input(t("people.unit_name_en"), max_chars=80)
        if st.form_submit_button(t("people.add_unit"), type="primary"):
            _do(
                lambda: (
                    actions.create_unit(
                        session.portal(), session.person(), parent_id, kind, name, name_en or None
                    )
                    and None
                ),
                "people.unit_done",
                name=name,
            )
            st.rerun()
