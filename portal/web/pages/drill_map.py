"""For trainers: a drill as a map, with the length of its ways and the share of past runs."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from portal.actions import drill_figures
from portal.actions.errors import Refused
from portal.core.drill_grammar import number_text, shown
from portal.core.drill_json import version_of_drill
from portal.core.drill_map import drill_map
from portal.core.drill_walks import Walks, Way, explore
from portal.core.drills import Drill
from portal.web import data, render, session
from portal.web.session import t


def page() -> None:
    """``?d=<drill id>``; without it, the first drill."""
    st.title(t("nav.drill_map"))
    drills = session.portal().library.catalogue.drills
    if not drills:
        st.info(t("drill_map.none"))
        return
    locale = session.locale()
    asked = st.query_params.get("d", "")
    chosen = st.selectbox(
        t("drill_map.which"),
        sorted(drills),
        index=sorted(drills).index(asked) if asked in drills else 0,
        format_func=lambda name: drills[name].title.in_(locale),
        key="map-drill",
    )
    if chosen not in drills:
        return
    st.query_params["d"] = chosen
    drill = drills[chosen]
    try:
        shares = drill_figures.branch_shares(session.portal(), session.person(), drill)
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    walks = data.figures(("drill-walks", version_of_drill(drill)), lambda: explore(drill))
    _lengths(drill, walks)
    st.caption(t("drill_map.shares_mean"))
    st.mermaid_chart(drill_map(drill, locale, shares), alt=t("drill_map.alt"))
    if st.toggle(t("common.table"), key="map-table"):
        _table(drill, shares)


# Private functions


def _lengths(drill: Drill, walks: Walks) -> None:
    if walks.shortest is None or walks.longest is None:
        st.warning(t("drill_map.unmeasured"))
        return
    facts = {
        "shortest": _way(walks.shortest),
        "longest": _way(walks.longest),
        "planned": t("common.minutes", n=drill.minutes),
    }
    st.markdown("　".join(f"{t(f'drill_map.{key}')} **{words}**" for key, words in facts.items()))
    titles = {scene.id: scene.title.in_(session.locale()) for scene in drill.scenes}
    lines = [
        f"- {render.escape(titles[ending])}{t('common.colon')}"
        + t("drill_map.ending", short=_way(ways[0]), long=_way(ways[1]))
        + _elapsed(ways)
        for ending, ways in walks.endings.items()
    ]
    st.markdown("\n".join(lines))


def _way(way: Way) -> str:
    return t("drill_map.way", n=way.decisions, minutes=math.ceil(way.seconds / 60))


def _elapsed(ways: tuple[Way, Way]) -> str:
    """Scenario minutes of the two ways, where the drill counts them."""
    if ways[0].elapsed is None or ways[1].elapsed is None:
        return ""
    low, high = sorted((ways[0].elapsed, ways[1].elapsed))
    return t("drill_map.elapsed", low=number_text(low), high=number_text(high))


def _table(drill: Drill, shares: dict[tuple[str, int], float]) -> None:
    locale = session.locale()
    titles = {scene.id: scene.title.in_(locale) for scene in drill.scenes}
    titles |= {decision.id: decision.title.in_(locale) for _, decision in drill.decisions()}
    rows = []
    for _, decision in drill.decisions():
        for at, option in enumerate(decision.options):
            share = shares.get((decision.id, at))
            condition = "" if option.condition is None else shown(option.condition)
            rows.append(
                (
                    decision.title.in_(locale),
                    option.text.in_(locale),
                    option.rating,
                    titles[option.target],
                    condition,
                    "—" if share is None else f"{share:.0%}",
                )
            )
    heads = ["decision", "option", "rating", "leads_to", "condition", "share"]
    frame = pd.DataFrame(
        [[render.escape(cell) for cell in row] for row in rows],
        columns=[t(f"drill_map.{head}") for head in heads],
    )
    st.table(frame, hide_index=True)
