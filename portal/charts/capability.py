"""A profile of six: bands in a row each, the same as a radar, and one capability over time."""

from __future__ import annotations

from datetime import timedelta
from math import cos, pi, sin
from typing import Any

import altair as alt

from portal.charts import theme

NEED = "#B06A00"  # reads on paper and on the dark ground
RINGS = (25, 50, 75, 100)
Row = dict[str, object]


def tint(colour: str) -> str:
    """A capability's colour, lightened by a quarter: it then reads on light and dark ground."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * 0.25):02x}" for part in parts)


def bands(score_title: str, need_title: str, band_title: str) -> dict[str, Any]:
    """Spec of a band a row on 0..100, with the score as a point and the need as a stroke.

    Rows: ``n`` their order, ``name`` str, ``colour`` "#rrggbb", ``score``, ``low``, ``high``,
    ``need`` numbers or None (nothing is drawn then), ``words`` str in the tooltip, ``unknown`` str
    in place of a band. A second line of a name stands after a line feed. The ends of a band stick
    out above and below the point: a band of a point or two is seen beside it on a phone, too.
    """
    base = alt.Chart().encode(
        y=alt.Y(
            "name:N",
            sort=alt.EncodingSortField(field="n", op="min"),
            title=None,
            axis=alt.Axis(
                labelLimit=175, labelExpr="split(datum.label, '\\n')", labelBaseline="middle"
            ),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=""),
            alt.Tooltip("score:Q", title=score_title, format=".0f"),
            alt.Tooltip("words:N", title=band_title),
            alt.Tooltip("need:Q", title=need_title, format=".0f"),
        ],
    )
    scale = alt.Scale(domain=[0, 100])
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=True, gridOpacity=0.35)
    colour = alt.Color("colour:N", scale=None, legend=None)
    # marks without a value would be pictures without words: the chart's text and table say it all
    rule = base.mark_bar(height=14, cornerRadius=7, opacity=0.45, aria=False).encode(
        x=alt.X("low:Q", scale=scale, axis=axis, title=score_title), x2="high:Q", color=colour
    )
    ends = [
        base.mark_tick(thickness=2, size=22, opacity=1, aria=False).encode(
            x=f"{end}:Q", color=colour
        )
        for end in ("low", "high")
    ]
    point = base.mark_point(filled=True, size=70, opacity=1, aria=False).encode(
        x="score:Q", color=colour
    )
    need = base.mark_point(
        shape="triangle-up", filled=True, size=110, color=NEED, opacity=1, yOffset=15, aria=False
    ).encode(x="need:Q")
    # not filtered: a layer without some of the rows would put the rows in another order
    unknown = base.mark_text(align="left", fontSize=13, dx=4).encode(
        x=alt.datum(0), text="unknown:N", color=theme.WORDS
    )
    return theme.spec(alt.layer(rule, *ends, need, point, unknown).properties(height=alt.Step(46)))


def radar() -> dict[str, Any]:
    """Spec of a radar 300 px high. Rows are those of ``radar_rows``."""
    scale = alt.Scale(domain=[-1.42, 1.42])
    base = alt.Chart().encode(
        x=alt.X("x:Q", axis=None, scale=scale),
        y=alt.Y("y:Q", axis=None, scale=scale),
        order="n:Q",
        detail="group:N",
    )

    def part(name: str) -> alt.Chart:
        return base.transform_filter(alt.datum.part == name)

    colour = alt.Color("colour:N", scale=None, legend=None)
    return theme.spec(
        alt.layer(
            part("ring").mark_line(color=theme.MUTED, strokeWidth=0.7, opacity=0.6),
            part("spoke").mark_line(color=theme.MUTED, strokeWidth=0.7, opacity=0.6),
            part("shape").mark_line(color=theme.PRIMARY, strokeWidth=2),
            part("need").mark_line(color=NEED, strokeWidth=2, strokeDash=[5, 4]),
            part("band")
            .mark_line(strokeWidth=9, opacity=0.45, strokeCap="round")
            .encode(color=colour),
            part("point").mark_point(filled=True, size=90, opacity=1).encode(color=colour),
            part("label")
            .mark_text(fontSize=13, lineBreak="\n")
            .encode(text="text:N", color=theme.WORDS),
        ).properties(height=300, width=330)
    )


def radar_rows(lines: list[Row]) -> list[Row]:
    """Rows of ``radar``: rings, spokes, needs, bands, points and labels.

    ``lines`` in the order of the spokes: name, colour, score, low, high, need (numbers or None).
    The points are joined only when every one is known: a gap must not look like a nought.
    """
    rows: list[Row] = []
    count = len(lines)

    def add(part: str, group: str, n: int, k: int, radius: float, **more: object) -> None:
        angle = pi / 2 - 2 * pi * (k % count) / count
        rows.append(
            {
                "part": part,
                "group": f"{part}{group}",
                "n": n,
                "x": radius / 100 * cos(angle),
                "y": radius / 100 * sin(angle),
                "colour": "",
                "text": "",
                **more,
            }
        )

    for ring in RINGS:
        for n in range(count + 1):
            add("ring", str(ring), n, n, ring)
    for k, line in enumerate(lines):
        add("spoke", str(k), 0, k, 0)
        add("spoke", str(k), 1, k, 100)
        add("label", str(k), 0, k, 118, text=_in_lines(str(line["name"])))
        if line["score"] is not None:
            add("band", str(k), 0, k, _number(line["low"]), colour=line["colour"])
            add("band", str(k), 1, k, _number(line["high"]), colour=line["colour"])
            add("point", str(k), 0, k, _number(line["score"]), colour=line["colour"])
    for part, key in (("need", "need"), ("shape", "score")):
        if all(line[key] is not None for line in lines):
            for n in range(count + 1):
                add(part, "", n, n, _number(lines[n % count][key]))
    return rows


def ticks_over(span: timedelta) -> str:
    """How the axis of a history over ``span`` is divided: ``days``, ``weeks`` or ``months``."""
    if span < timedelta(days=6):
        return "days"
    return "weeks" if span < timedelta(days=150) else "months"


def history(score_title: str, day_title: str, ticks: str) -> dict[str, Any]:
    """Spec of one capability over time: ``day`` ISO, ``score``, ``low``, ``high``."""
    axis = alt.Axis(
        format="%Y-%m" if ticks == "months" else "%m-%d",
        labelOverlap=True,
        tickCount={"interval": "day", "step": 1} if ticks == "days" else 5,
    )
    base = alt.Chart().encode(
        x=alt.X("day:T", title=None, axis=axis),
        tooltip=[
            alt.Tooltip("day:T", title=day_title, format="%Y-%m-%d"),
            alt.Tooltip("score:Q", title=score_title, format=".0f"),
            alt.Tooltip("low:Q", title="<", format=".0f"),
            alt.Tooltip("high:Q", title=">", format=".0f"),
        ],
    )
    scale = alt.Scale(domain=[0, 100])
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=True, gridOpacity=0.35)
    area = base.mark_area(opacity=0.25, color=theme.PRIMARY).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis, title=score_title), y2="high:Q"
    )
    line = base.mark_line(
        color=theme.PRIMARY, strokeWidth=2, point=alt.OverlayMarkDef(size=40)
    ).encode(y="score:Q")
    return theme.spec(alt.layer(area, line).properties(height=220))


# Private functions


def _in_lines(name: str, wide: int = 12) -> str:
    """``name`` broken at spaces, so that it fits beside the radar on a phone."""
    lines = [""]
    for word in name.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= wide:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)
