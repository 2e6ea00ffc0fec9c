"""For managers: how drills go in my unit, which gaps come back, what is still to be improved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from portal.actions import drill_figures, reports
from portal.actions.drill_figures import UnitDrills
from portal.actions.errors import Refused
from portal.charts import ratings
from portal.web import data, places, render, session
from portal.web.session import t

CHILDREN = 30
OBJECTIVES = 10
ROOM_TO_WRITE = 0.09  # part of a bar, on a phone, that a letter and a number fit into


def page() -> None:
    """``?u=<unit id>``; without it, the unit I manage."""
    me = session.person()
    unit_id = places.number("u")
    try:
        unit, figures = data.figures(
            ("unit-drills", me.managed_paths, unit_id, session.today(), _fingerprint()),
            lambda: _figures(unit_id),
        )
    except Refused as refused:
        st.title(t("nav.unit_drills"))
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.title(t("unit_drills.title", unit=render.escape(_name(unit.name, unit.name_en))))
    if unit.above:
        with st.container(horizontal=True):
            for upper in unit.above:
                words = f"{render.escape(_name(upper.name, upper.name_en))} ▸"
                places.link("unit_drills", words, u=str(upper.id))
    if not figures.drills:
        st.info(t("unit_drills.none"))
        return
    _totals(figures)
    _gaps(figures)
    _objectives(figures)
    _drills(figures)
    _children(figures)
    _actions(figures)


# Private functions


def _figures(asked: int | None) -> tuple[Any, UnitDrills]:
    portal, me = session.portal(), session.person()
    unit = reports.find_unit(portal, me, asked)
    return unit, drill_figures.unit_drills(portal, me, unit.id)


def _fingerprint() -> str:
    return session.portal().library.catalogue.fingerprint


def _name(zh: str, en: str | None) -> str:
    return en if session.locale() == "en" and en else zh


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _totals(figures: UnitDrills) -> None:
    shown = [row for row in figures.drills if not row["small"]]
    render.figures(
        (t("unit_drills.runs"), sum(row["runs"] for row in shown) if shown else "—"),
        (t("unit_drills.open"), figures.open),
        (t("unit_drills.overdue"), figures.overdue),
    )
    st.caption(t("unit_drills.small"))


def _gaps(figures: UnitDrills) -> None:
    st.header(t("unit_drills.gaps"))
    if not figures.gaps:
        st.caption(t("unit_drills.no_gaps"))
        return
    st.caption(t("unit_drills.gaps_mean"))
    locale = session.locale()
    st.markdown(
        "\n".join(
            f"- **{_percent(gap['share'])}** {render.escape(gap['decision'].title.in_(locale))}"
            f" · {render.escape(gap['drill'].title.in_(locale))} · "
            f"{t('unit_drills.of_runs', n=gap['gaps'], of=gap['taken'])}"
            for gap in figures.gaps
        )
    )


def _objectives(figures: UnitDrills) -> None:
    """How each objective was performed, the one that needs most first."""
    rows = _objective_rows(figures)
    if not rows:
        return
    st.header(t("unit_drills.by_objective"))
    st.caption(t("drill.ratings_mean"))
    shown = rows
    if len(rows) > OBJECTIVES and not st.toggle(t("common.show_all", n=len(rows)), key="all"):
        shown = rows[:OBJECTIVES]
    labels = [t(f"drill.rating_{letter}") for letter in "PSMU"]
    titles = [t(f"unit_drills.{key}") for key in ("share", "objective", "rating", "finished")]
    st.vega_lite_chart(
        data.table([part for row in shown for part in _parts(row, labels)]),
        data.chart(ratings.ratings, *titles, *labels),
        alt=t("unit_drills.objectives_alt", n=len(shown)),
    )
    if st.toggle(t("common.table"), key="table-objectives"):
        columns = {
            t("unit_drills.drill"): [render.escape(row["drill"]) for row in rows],
            t("drill.objective"): [render.escape(row["title"]) for row in rows],
        }
        for letter, label in zip("psmu", labels, strict=True):
            columns[label] = [row[letter] for row in rows]
        st.table(pa.table(columns), hide_index=True)


def _objective_rows(figures: UnitDrills) -> list[dict[str, Any]]:
    locale = session.locale()
    rows: list[dict[str, Any]] = []
    for row in figures.drills:
        drill = row["drill"]
        if row["small"] or drill is None:
            continue
        titles = {one.key: one.title.in_(locale) for one in drill.objectives}
        rows += [
            {
                "drill": drill.title.in_(locale),
                "title": titles.get(one["objective"], one["objective"]),
                "runs": sum(one[letter] for letter in "psmu"),
                **{letter: one[letter] for letter in "psmu"},
            }
            for one in row["objectives"]
        ]
    rows = [row for row in rows if row["runs"]]
    return sorted(rows, key=lambda row: (-(row["m"] + row["u"]) / row["runs"], row["title"]))


def _parts(row: dict[str, Any], labels: list[str]) -> list[dict[str, object]]:
    """The bar of an objective, rating by rating."""
    parts: list[dict[str, object]] = []
    done = 0
    for letter, label in zip("psmu", labels, strict=True):
        runs = row[letter]
        if runs:
            has_room = runs / row["runs"] >= ROOM_TO_WRITE
            parts.append(
                {
                    "objective": f"{row['title']} · {row['drill']}",
                    "rating": label,
                    "runs": runs,
                    "start": done / row["runs"],
                    "end": (done + runs) / row["runs"],
                    "said": f"{letter.upper()} {runs}" if has_room else "",
                }
            )
        done += runs
    return parts


def _drills(figures: UnitDrills) -> None:
    """How often each drill was finished, and how it ended."""
    st.header(t("unit_drills.by_drill"))
    locale = session.locale()
    heads = ("drill", "people", "finished", "best", "score")
    lines = []
    for row in figures.drills:
        drill = row["drill"]
        title = render.escape(drill.title.in_(locale) if drill is not None else row["drill_id"])
        cells = [row["runs"], row["best"], _percent(row["score"])]
        people = t("unit_drills.too_few") if row["small"] else row["people"]
        lines.append([title, people, *(("—",) * 3 if row["small"] else cells)])
    _table([t(f"unit_drills.{head}") for head in heads], lines)


def _children(figures: UnitDrills) -> None:
    rows = [row for row in figures.children if row["people"]]
    if not rows:
        return
    st.header(t("unit_drills.children"))
    shown = rows
    if len(rows) > CHILDREN and not st.toggle(t("common.show_all", n=len(rows)), key="children"):
        shown = rows[:CHILDREN]
    lines = [
        [
            f"[{render.escape(_name(row['name'], row['name_en']))}](/unit_drills?u={row['id']})",
            row["people"],
            _percent(row["score"]),
        ]
        for row in shown
    ]
    _table([t(f"unit_drills.{head}") for head in ("unit", "people", "score")], lines)


def _table(heads: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    """A Markdown table: its cells may be links, and each element costs as much as ten lines."""
    rows = [heads, ["---"] * len(heads), *lines]
    st.markdown("\n".join(f"| {' | '.join(map(str, row))} |" for row in rows))


def _actions(figures: UnitDrills) -> None:
    st.header(t("unit_drills.actions"))
    if not figures.actions:
        st.caption(t("unit_drills.no_actions"))
        return
    drills, locale = session.portal().library.catalogue.drills, session.locale()
    lines = []
    for action in figures.actions:
        drill = drills.get(action.drill_id)
        titles = {one.key: one.title.in_(locale) for one in drill.objectives} if drill else {}
        objective = render.escape(titles.get(action.objective, action.objective))
        day = t("drills.due", day=session.day(action.due_on))
        due = t("drills.overdue", due=day) if action.is_overdue(figures.today) else day
        unit = render.escape(_name(action.unit_name, action.unit_name_en))
        name = f"[{render.escape(action.owner)}](/record?p={action.person_id})"
        report = f"[{t('unit_drills.report')}](/drill?r={action.run_id})"
        lines.append(f"- {name} · {unit}  \n  {objective} · {due} · {report}")
    st.markdown("\n".join(lines))
    rest = figures.open - len(figures.actions)
    if rest > 0:
        st.caption(t("unit_drills.more_actions", n=rest))
