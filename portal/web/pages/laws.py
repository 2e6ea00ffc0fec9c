"""For trainers: what changed in the law, what cites it, who learned it; courses to be reviewed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.actions import law_reviewing
from portal.actions.errors import NotAllowed
from portal.core.times import parse_iso
from portal.web import places, render, session
from portal.web.law import place_list, refresh, upkeep, wording
from portal.web.session import t

SHOWN = 10


def page() -> None:
    """``?id=<change>``; without it every change, and what else needs looking after."""
    change_id = places.number("id")
    if change_id is None:
        _overview()
        return
    try:
        view = law_reviewing.get_change(session.portal(), session.person(), change_id)
    except NotAllowed:
        st.title(t("nav.laws"))
        st.warning(t("error.not_allowed"))
        return
    _change(view)


def _overview() -> None:
    st.title(t("nav.laws"))
    changes = law_reviewing.list_changes(session.portal(), session.person())
    if not changes:
        st.info(t("laws.none"))
    everything = len(changes) > SHOWN and st.toggle(
        t("common.show_all", n=len(changes)), key="all-changes"
    )
    for change in changes if everything else changes[:SHOWN]:
        _card(change)
    upkeep.show()


def _card(change: dict[str, Any]) -> None:
    with st.container(border=True):
        places.link(
            "laws",
            f"《{render.escape(change['short'])}》",
            key=str(change["id"]),
            id=str(change["id"]),
        )
        st.markdown(render.escape(wording.what(change)))
        left = change["places"] - change["judged"]
        noticed = t("laws.noticed", day=session.day(parse_iso(change["noticed_at"])))
        if left:
            st.caption(f":orange[**{t('laws.left', n=left, m=change['places'])}**] · {noticed}")
        else:
            st.caption(f":green[{t('laws.all_done', m=change['places'])}] · {noticed}")


def _change(view: law_reviewing.ChangeView) -> None:
    places.link("laws", t("laws.back"), key="back")
    st.title(f"《{view.change['short']}》")
    st.markdown(render.escape(wording.what(view.change)))
    counts = view.counts
    total = len(view.places)
    done = total - counts["open"]
    st.progress(done / total if total else 1.0, text=t("laws.progress", n=done, m=total))
    place_list.show(view)
    refresh.show(view)
