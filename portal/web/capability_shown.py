"""What the page of a capability profile says, made once for each change of the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from portal.actions.capability_view import CapabilityLine, CorrectionLine, MoveLine, ProfileView
from portal.charts import capability as charts
from portal.core.capability_story import Point
from portal.web import data, render, session
from portal.web.session import t

Drawing = dict[str, object]


@dataclass(frozen=True, slots=True)
class Trend:
    """One capability over time: its chart and the table twin."""

    drawing: Drawing
    cells: pa.Table


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page says of a profile, in the reader's language."""

    view: ProfileView
    bands: Drawing
    radar: Drawing | None  # None: nothing is known well enough
    cells: pa.Table  # the table twin of both
    lines: str
    moves: tuple[str, ...]
    lent: str  # what answers on other capabilities moved; empty where nothing
    corrections: str  # what later decisions did; empty where there were none
    histories: Mapping[str, Trend | None]  # by name of what is known; None: too few points


def prepare(view: ProfileView) -> Shown:
    """``view`` in words, rows and tables."""
    rows = [{"n": n, **_row(line)} for n, line in enumerate(view.lines)]
    titles = (t("capability.score"), t("capability.needed"), t("capability.band"))
    known = [line for line in view.lines if line.now is not None]
    names = {line.key: line.name.in_(session.locale()) for line in view.lines}
    paragraphs = ["  \n".join(_words(line)) for line in view.lines]
    return Shown(
        view=view,
        bands=data.drawing(data.chart(charts.bands, *titles), data.table(rows)),
        radar=data.drawing(data.chart(charts.radar), data.table(charts.radar_rows(rows)))
        if known
        else None,
        cells=_cells(view),
        lines="\n\n".join((f"## {t('capability.one_by_one')}", *paragraphs)),
        moves=tuple(f"- {_move_words(move, names)}" for move in view.moves),
        lent=_lent(view, names),
        corrections=_corrections(view, names),
        histories={
            names[line.key]: _trend((view.history or {}).get(line.key, ())) for line in known
        },
    )


# Private functions


def _row(line: CapabilityLine) -> dict[str, object]:
    known = line.now is not None
    return {
        "name": line.name.in_(session.locale()),
        "colour": charts.tint(line.colour),
        "score": line.now.score if line.now else None,
        "low": line.now.low if line.now else None,
        "high": line.now.high if line.now else None,
        "need": line.needed,
        "words": _band(line) if known else t("capability.not_enough"),
        "unknown": "" if known else t("capability.not_enough"),
    }


def _band(line: CapabilityLine) -> str:
    assert line.now is not None
    return f"{line.now.low:.0f}–{line.now.high:.0f}"


def _cells(view: ProfileView) -> pa.Table:
    locale = session.locale()
    columns = {
        t("capability.capability"): [line.name.in_(locale) for line in view.lines],
        t("capability.score"): [
            f"{line.now.score:.0f}" if line.now else t("capability.not_enough")
            for line in view.lines
        ],
        t("capability.band"): [_band(line) if line.now else "—" for line in view.lines],
        t("capability.needed"): [
            f"{line.needed:.0f}" if line.needed else "—" for line in view.lines
        ],
        t("capability.answers"): [line.answers for line in view.lines],
        t("capability.practised"): [
            session.day(line.practised) if line.practised else "—" for line in view.lines
        ],
    }
    return pa.table(columns)


def _words(line: CapabilityLine) -> list[str]:
    words = [f"**{render.escape(line.name.in_(session.locale()))}**"]
    if line.now is None:
        words.append(t("capability.missing", n=line.missing))
    else:
        words.append(
            t(
                "capability.likely",
                score=f"{line.now.score:.0f}",
                low=f"{line.now.low:.0f}",
                high=f"{line.now.high:.0f}",
                level=t(f"level.n{line.level}"),
            )
        )
    if line.needed is not None and line.needed_level is not None:
        words.append(
            t(
                f"capability.standing_{line.standing}",
                needed=f"{line.needed:.0f}",
                level=t(f"level.n{line.needed_level}"),
            )
        )
    if line.practised is not None:
        day = session.day(line.practised)
        words.append(t("capability.rests_on", n=line.answers, day=day))
    return words


def _move_words(move: MoveLine, names: dict[str, str]) -> str:
    title = render.label(move.title.in_(session.locale())) if move.title else ""
    what = t(f"capability.kind_{move.kind}", title=title)
    return t(
        "capability.move",
        points=_signed(move.points),
        capability=render.escape(names[move.capability]),
        day=session.day(move.at),
        what=what,
    )


def _signed(points: int) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{abs(points)}"


def _lent(view: ProfileView, names: dict[str, str]) -> str:
    if not view.lent:
        return ""
    each = [f"{render.escape(names[key])} {_signed(n)}" for key, n in view.lent.items()]
    return f":small[{t('capability.lent', each=t('common.list_separator').join(each))}]"


def _corrections(view: ProfileView, names: dict[str, str]) -> str:
    if not view.corrections:
        return ""
    lines = "\n".join(f"- {_correction_words(one, names)}" for one in view.corrections)
    means = t("capability.corrected_means")
    return f"### {t('capability.corrected')}\n\n:small[{means}]\n\n{lines}"


def _correction_words(one: CorrectionLine, names: dict[str, str]) -> str:
    title = render.label(one.title.in_(session.locale())) if one.title else ""
    counts = [
        t(f"capability.{key}", n=n)
        for key, n in (("answers_changed", one.changed), ("answers_removed", one.removed))
        if n
    ]
    return t(
        "capability.correction",
        points="" if one.points is None else f"**{_signed(one.points)}** ",
        capability=render.escape(names[one.capability]),
        day=session.day(one.at),
        what=t(f"capability.kind_{one.kind}", title=title),
        given=session.day(one.given_at),
        counts=t("common.list_separator").join(counts),
    )


def _trend(points: Sequence[Point]) -> Trend | None:
    if len(points) < 2:
        return None
    rows: list[dict[str, object]] = [
        {
            "day": point.at.isoformat(),
            "score": point.score,
            "low": point.low,
            "high": point.high,
        }
        for point in points
    ]
    columns = {
        t("capability.day"): [session.day(point.at) for point in points],
        t("capability.score"): [f"{point.score:.0f}" for point in points],
        t("capability.band"): [f"{point.low:.0f}–{point.high:.0f}" for point in points],
    }
    ticks = charts.ticks_over(points[-1].at - points[0].at)
    spec = data.chart(charts.history, t("capability.score"), t("capability.day"), ticks)
    return Trend(data.drawing(spec, data.table(rows)), pa.table(columns))
