"""One person opened: posts, roles, account; one thing to change at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from portal.actions import accounts, postings
from portal.actions import people as actions
from portal.core.times import parse_iso
from portal.web import confirming, notices, render, session, unit_picker, unit_way
from portal.web.pages.people import parts
from portal.web.session import t

GRANTABLE = ("trainer", "manager", "administrator", "auditor")
TASKS = ("posts", "details", "roles", "account")


def person(row: dict[str, Any]) -> None:
    """What can be changed about the person of ``row`` (of ``people.list_people``)."""
    task = st.segmented_control(
        t("people.task"),
        TASKS,
        format_func=lambda name: t(f"people.task_{name}"),
        default="posts",
        required=True,
        label_visibility="collapsed",
        key=f"task-{row['id']}",
    )
    {"posts": _posts, "details": _details, "roles": _roles, "account": _account}[task or "posts"](
        row
    )


# Posts


def _posts(row: dict[str, Any]) -> None:
    person_id = row["id"]
    for stay in postings.posting_history(session.portal(), session.person(), person_id):
        _stay(row, stay)
    st.markdown(f"**{t('people.new_post')}**")
    unit_id = unit_picker.pick(t("people.unit"), f"post-unit-{person_id}")
    posts = parts.pick_posts(f"post-posts-{person_id}", row["posts"])
    how = st.radio(
        t("people.how"),
        ["transfer", "beside"],
        format_func=lambda name: t(f"people.how_{name}"),
        key=f"post-how-{person_id}",
    )
    if st.button(t("people.begin_post"), key=f"post-{person_id}", type="primary"):
        target = unit_id or row["unit_id"]  # none chosen: other posts in the same unit
        if target is None or not posts:
            notices.refuse("people.choose_unit_and_post")
        elif how == "beside":
            notices.do(
                lambda: _beside(person_id, target, posts), "people.post_added", **_named(row)
            )
        else:
            notices.do(
                lambda: actions.move(session.portal(), session.person(), person_id, target, posts),
                "people.move_done",
                **_named(row),
            )
        st.rerun()


def _beside(person_id: int, unit_id: int, posts: list[str]) -> None:
    for post in posts:
        postings.add_post(session.portal(), session.person(), person_id, unit_id, post)


def _stay(row: dict[str, Any], stay: dict[str, Any]) -> None:
    post = parts.post_names().get(stay["post"], stay["post"])
    began, ended = (parse_iso(stay[key]) if stay[key] else None for key in ("began_at", "ended_at"))
    days = [session.day(began) if began else "", session.day(ended) if ended else t("people.today")]
    kind = t("people.main") if stay["main"] else t("people.part_time")
    unit = unit_way.in_locale(stay["unit_name"], stay["unit_name_en"])
    words = " · ".join([unit, post, kind, " – ".join(days)])
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"{'●' if ended is None else '○'} {render.escape(words)}", width="content")
        if ended is None:
            confirming.button(
                t("people.end_post"),
                t("people.end_post_asks", post=render.escape(post), **_named(row)),
                lambda: notices.do(
                    lambda: postings.end_post(
                        session.portal(),
                        session.person(),
                        row["id"],
                        stay["unit_id"],
                        stay["post"],
                    ),
                    "people.post_ended",
                    **_named(row),
                ),
                key=f"end-{stay['id']}",
            )


# Name, number, login


def _details(row: dict[str, Any]) -> None:
    with st.form(f"details-{row['id']}", border=False):
        name = st.text_input(t("people.name"), row["name"], max_chars=60)
        staff_no = st.text_input(t("people.staff_no"), row["staff_no"], max_chars=40)
        login = st.text_input(t("people.login"), row["login"], max_chars=60)
        if st.form_submit_button(t("people.save"), type="primary"):
            notices.do(
                lambda: actions.change_person(
                    session.portal(),
                    session.person(),
                    row["id"],
                    name=name,
                    staff_no=staff_no,
                    login=login,
                ),
                "people.saved",
                name=name,
            )
            st.rerun()


# Roles


def _roles(row: dict[str, Any]) -> None:
    if not row["roles"]:
        st.caption(t("people.no_roles"))
    for role, unit_id, unit_name in actions.roles_of(session.portal(), session.person(), row["id"]):
        where = f" · {unit_name}" if unit_name else ""
        confirming.button(
            t("people.revoke", role=render.escape(t(f"people.role_{role}") + where)),
            t("people.revoke_asks", **_named(row)),
            partial(_revoke, row, role, unit_id),
            key=f"revoke-{row['id']}-{role}-{unit_id}",
        )
    _grant(row)


def _revoke(row: dict[str, Any], role: str, unit_id: int | None) -> None:
    notices.do(
        lambda: actions.revoke_role(session.portal(), session.person(), row["id"], role, unit_id),
        "people.revoke_done",
        **_named(row),
    )


def _grant(row: dict[str, Any]) -> None:
    role = st.selectbox(
        t("people.role"),
        GRANTABLE,
        format_func=lambda name: t(f"people.role_{name}"),
        key=f"role-{row['id']}",
    )
    st.caption(t(f"people.role_means_{role}") if role in GRANTABLE else "")
    managed = None
    if role == "manager":
        managed = unit_picker.pick(t("people.role_unit"), f"role-unit-{row['id']}")
    if st.button(t("people.grant"), key=f"grant-{row['id']}", type="primary"):
        notices.do(
            lambda: actions.grant_role(
                session.portal(), session.person(), row["id"], role, managed
            ),
            "people.grant_done",
            **_named(row),
        )
        st.rerun()


# Account


def _account(row: dict[str, Any]) -> None:
    person_id = row["id"]
    confirming.button(
        t("people.reset"),
        t("people.reset_asks", **_named(row)),
        lambda: notices.do(
            lambda: actions.reset_password(session.portal(), session.person(), person_id),
            "people.reset_done",
            **_named(row),
        ),
        key=f"reset-{person_id}",
    )
    switch = actions.enable if row["disabled"] else actions.disable
    name = "enable" if row["disabled"] else "disable"
    confirming.button(
        t(f"people.{name}"),
        t(f"people.{name}_asks", **_named(row)),
        lambda: notices.do(
            lambda: switch(session.portal(), session.person(), person_id),
            f"people.{name}_done",
            **_named(row),
        ),
        key=f"switch-{person_id}",
    )
    confirming.button(
        t("people.sign_out"),
        t("people.sign_out_asks", **_named(row)),
        lambda: notices.do(
            lambda: (
                accounts.sign_out_everywhere(session.portal(), session.person(), person_id) and None
            ),
            "people.sign_out_done",
            **_named(row),
        ),
        key=f"out-{person_id}",
    )


def _named(row: dict[str, Any]) -> dict[str, str]:
    return {"name": str(row["name"])}
