"""For administrators and managers: find a certificate, see its facts, revoke or reinstate it."""

from __future__ import annotations

import streamlit as st

from portal.actions import certificate_register as register
from portal.actions.certificate_register import LONGEST_REASON, SOUGHT, Case, Listed
from portal.actions.errors import Refused
from portal.core.certificates import Certificate, shown
from portal.core.times import parse_iso
from portal.web import confirming, notices, places, render, session
from portal.web.session import t


def page() -> None:
    """``?n=<number>`` opens one certificate; without it, search, state and a page of the list."""
    st.title(t("nav.certificates"))
    notices.show()
    number = st.query_params.get("n", "")
    if not number:
        _list()
        return
    try:
        case = register.look_up(session.portal(), session.person(), number)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
    else:
        _case(case)
    places.link("certificates", t("certificates.all"), n="")


# The list


def _list() -> None:
    with st.container(horizontal=True):
        query = st.text_input(
            t("certificates.search"),
            help=t("certificates.search_help"),
            max_chars=60,
            key="certificates-query",
        )
        state = st.selectbox(
            t("certificates.state"),
            ["", *SOUGHT],
            format_func=lambda one: t(f"verify.state.{one}") if one else t("certificates.any"),
            key="certificates-state",
        )
    sought = next((one for one in SOUGHT if one == state), None)
    number = _page((query, sought))
    found = register.search(session.portal(), session.person(), query or "", sought, number)
    if not found.rows:
        st.info(t("certificates.nothing" if query or sought else "certificates.none_yet"))
    for row in found.rows:
        _row(row)
    _turn(number, found.more)


def _page(asked: tuple[str | None, str | None]) -> int:
    """Which page; another search begins at the first."""
    if session.recall("certificates-asked") != asked:
        session.remember("certificates-asked", asked)
        session.remember("certificates-page", 0)
    return int(session.recall("certificates-page", 0))


def _turn(number: int, more: bool) -> None:
    steps = {"previous_page": (number > 0, number - 1), "next_page": (more, number + 1)}
    if more and number >= register.LAST_PAGE:
        steps.pop("next_page")
        st.caption(t("certificates.narrow"))
    with st.container(horizontal=True):
        for name, (there, to) in steps.items():
            if there:
                st.button(
                    t(f"quiz.{name}"),
                    key=f"certificates-{name}",
                    on_click=session.remember,
                    args=("certificates-page", to),
                )


def _row(row: Listed) -> None:
    told = row.held.certificate
    name = f"{render.escape(told.name)} · {t(f'verify.state.{row.held.state}')}"
    facts = (row.staff_no, _title(told), session.day(told.earned_at))
    with st.container(gap=None, key=f"certificate-{told.number}"):
        places.link("certificates", name, n=told.number)
        st.caption(f"{render.escape(' · '.join(facts))}  \n{shown(told.number)}")


def _title(told: Certificate) -> str:
    return told.title_en if session.locale() == "en" and told.title_en else told.title


# One certificate


def _case(case: Case) -> None:
    told, state = case.held.certificate, case.held.state
    st.header(render.escape(f"{told.name} · {_title(told)}"))
    if state in ("valid", "expiring"):
        st.markdown(f"**{t(f'verify.state.{state}')}**")
    else:
        st.warning(t(f"verify.means.{state}"))
    st.markdown("\n".join(f"- {t(key)}{t('common.colon')}{words}" for key, words in _facts(case)))
    _decisions(case)
    if case.own:
        st.caption(t("error.certificate_own"))
    elif state != "altered":
        _decide(case)


def _facts(case: Case) -> list[tuple[str, str]]:
    told = case.held.certificate
    english = session.locale() == "en"
    holder = case.staff_no
    if case.name != told.name:
        holder += t("certificates.name_now", name=case.name)
    end = session.day(told.valid_until) if told.valid_until else t("verify.for_ever")
    facts = [
        ("certificate.number", shown(told.number)),
        ("certificates.holder", holder),
        ("certificate.unit", (english and told.unit_en) or told.unit or "—"),
        ("certificates.issuer", (english and told.issuer_en) or told.issuer or "—"),
        ("certificates.kind", t(f"certificates.kind_{told.kind}")),
        ("certificate.day", session.day(told.earned_at)),
        ("certificate.until", end),
        ("certificates.issued", session.day_and_time(told.issued_at)),
        ("certificates.version", told.course_version[:12] or "—"),
    ]
    return [(key, render.escape(words)) for key, words in facts]


def _decisions(case: Case) -> None:
    for row in case.decisions:
        st.markdown(
            t(
                f"certificates.was_{row['kind']}",
                when=session.day_and_time(parse_iso(row["at"])),
                who=render.escape(row["name"]),
                reason=render.escape(row["reason"]),
            )
        )


def _decide(case: Case) -> None:
    """A reason, then a second step in words."""
    deed = "reinstate" if case.held.state == "revoked" else "revoke"
    number = case.held.certificate.number
    box = f"why-{deed}-{number}"
    st.text_input(t(f"certificates.{deed}_why"), max_chars=LONGEST_REASON, key=box)
    confirming.button(
        t(f"certificates.{deed}"),
        t(f"certificates.{deed}_asks", name=render.escape(case.held.certificate.name)),
        lambda: _do(deed, number, session.recall(box) or ""),
        key=f"{deed}-{number}",
    )


def _do(deed: str, number: str, reason: str) -> None:
    act = register.revoke if deed == "revoke" else register.reinstate
    notices.do(
        lambda: act(session.portal(), session.person(), number, reason),
        f"certificates.{deed}_done",
        number=shown(number),
    )
