"""What the page of a unit's drills says, made once for each change of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from portal.actions.drill_figures import UnitDrills
from portal.actions.reports import UnitView
from portal.charts import ratings
from portal.web import data, render, session, unit_way
from portal.web.session import t

CHILDREN = 30
OBJECTIVES = 10
ROOM_TO_WRITE = 0.09  # part of a bar, on a phone, that a letter and a number fit into
Drawing = dict[str, object]


@dataclass(frozen=True, slots=True)
class Objectives:
    """How each objective was performed, the one that needs most first."""

    count: int
    first: Drawing
    all: Drawing
    cells: pa.Table


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page says. ``children_all`` has every unit below, ``children`` the first ones;
    both are "" where there are none, and the same where there are few."""

    unit: UnitView
    title: str
    metrics: tuple[tuple[str, object], ...] = ()
    gaps: str = ""
    objectives: Objectives | None = None
    drills: str = ""
    children: str = ""
    children_all: str = ""
    children_count: int = 0
    actions: str = ""


def prepare(unit: UnitView, figures: UnitDrills) -> Shown:
    """The figures of a unit in the reader's language; only a title where nothing was played."""
    title = t("unit_drills.title", unit=render.escape(unit_way.name(unit)))
    if not figures.drills:
        return Shown(unit, title)
    counted = [row for row in figures.drills if not row["small"]]
    below = _child_lines(figures)
    return Shown(
        unit=unit,
        title=title,
        metrics=(
            (t("unit_drills.runs"), sum(row["runs"] for row in counted) if counted else "—"),
            (t("unit_drills.open"), figures.open),
            (t("unit_drills.overdue"), figures.overdue),
        ),
        gaps=_gaps(figures),
        objectives=_objectives(figures),
        drills=_drills(figures),
        children=_children(below[:CHILDREN]),
        children_all=_children(below),
        children_count=len(below),
        actions=_actions(figures),
    )


# Private functions


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _small(key: str, **args: object) -> str:
    return f":small[{t(key, **args)}]"


def _gaps(figures: UnitDrills) -> str:
    heading = f"## {t('unit_drills.gaps')}"
    if not figures.gaps:
        return f"{heading}\n\n{_small('unit_drills.no_gaps')}"
    locale = session.locale()
    lines = "\n".join(
        f"- **{_percent(gap['share'])}** {render.escape(gap['decision'].title.in_(locale))}"
        f" · {render.escape(gap['drill'].title.in_(locale))} · "
        f"{t('unit_drills.of_runs', n=gap['gaps'], of=gap['taken'])}"
        for gap in figures.gaps
    )
    return "\n\n".join((heading, _small("unit_drills.gaps_mean"), lines))


def _objectives(figures: UnitDrills) -> Objectives | None:
    rows = _objective_rows(figures)
    if not rows:
        return None
    labels = [t(f"drill.rating_{letter}") for letter in "PSMU"]
    titles = [t(f"unit_drills.{key}") for key in ("share", "objective", "rating", "finished")]
    spec = data.chart(ratings.ratings, *titles, *labels)

    def drawn(some: list[dict[str, Any]]) -> Drawing:
        return data.drawing(
            spec, data.table([part for row in some for part in _parts(row, labels)])
        )

    columns = {
        t("unit_drills.drill"): [render.escape(row["drill"]) for row in rows],
        t("drill.objective"): [render.escape(row["title"]) for row in rows],
    }
    for letter, label in zip("psmu", labels, strict=True):
        columns[label] = [row[letter] for row in rows]
    return Objectives(len(rows), drawn(rows[:OBJECTIVES]), drawn(rows), pa.table(columns))


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


def _drills(figures: UnitDrills) -> str:
    """How often each drill was finished, and how it ended."""
    locale = session.locale()
    heads = ("drill", "people", "finished", "best", "score")
    lines = []
    for row in figures.drills:
        drill = row["drill"]
        title = render.escape(drill.title.in_(locale) if drill is not None else row["drill_id"])
        cells = [row["runs"], row["best"], _percent(row["score"])]
        people = t("unit_drills.too_few") if row["small"] else row["people"]
        lines.append([title, people, *(("—",) * 3 if row["small"] else cells)])
    table = _table([t(f"unit_drills.{head}") for head in heads], lines)
    return f"## {t('unit_drills.by_drill')}\n\n{table}"


def _child_lines(figures: UnitDrills) -> list[list[object]]:
    lines: list[list[object]] = []
    for row in figures.children:
        if row["people"]:
            unit = render.escape(unit_way.in_locale(row["name"], row["name_en"]))
            link = f"[{unit}](/unit_drills?u={row['id']})"
            lines.append([link, row["people"], _percent(row["score"])])
    return lines


def _children(lines: Sequence[Sequence[object]]) -> str:
    if not lines:
        return ""
    heads = [t(f"unit_drills.{head}") for head in ("unit", "people", "score")]
    return _table(heads, lines)


def _table(heads: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """A Markdown table: its cells may be links, and each element costs as much as ten lines."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def _actions(figures: UnitDrills) -> str:
    heading = f"## {t('unit_drills.actions')}"
    if not figures.actions:
        return f"{heading}\n\n{_small('unit_drills.no_actions')}"
    drills, locale = session.portal().library.catalogue.drills, session.locale()
    lines = []
    for action in figures.actions:
        drill = drills.get(action.drill_id)
        titles = {one.key: one.title.in_(locale) for one in drill.objectives} if drill else {}
        objective = render.escape(titles.get(action.objective, action.objective))
        day = t("drills.due", day=session.day(action.due_on))
        due = t("drills.overdue", due=day) if action.is_overdue(figures.today) else day
        unit = render.escape(unit_way.in_locale(action.unit_name, action.unit_name_en))
        who = f"[{render.escape(action.owner)}](/record?p={action.person_id})"
        report = f"[{t('unit_drills.report')}](/drill?r={action.run_id})"
        lines.append(f"- {who} · {unit}  \n  {objective} · {due} · {report}")
    parts = [heading, "\n".join(lines)]
    rest = figures.open - len(figures.actions)
    if rest > 0:
        parts.append(_small("unit_drills.more_actions", n=rest))
    return "\n\n".join(parts)
