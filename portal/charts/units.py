"""Units beside each other: one measure as bars, or several as points on a line a unit."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme

_FEW, _MANY = 34, 22  # pixels a unit: with room to touch, and at thirty units on one screen


def bars(measure: str, unit: str, staff: str) -> dict[str, Any]:
    """Spec of a bar a unit for a share; the arguments are titles.

    Rows in display order: ``unit`` str, ``value`` 0..1, ``staff`` int. A click on a row selects
    its unit (selection ``unit``).
    """
    return _bars(measure, unit, staff, theme.share("value", measure), ".1%", _FEW)


def many_bars(measure: str, unit: str, staff: str) -> dict[str, Any]:
    """The same, narrower, for more than twelve units."""
    return _bars(measure, unit, staff, theme.share("value", measure), ".1%", _MANY)


def amounts(measure: str, unit: str, staff: str) -> dict[str, Any]:
    """The same for hours: ``value`` is any number from 0 on."""
    x = alt.X("value:Q", title=measure, axis=alt.Axis(tickCount=5, format=",.0f"))
    return _bars(measure, unit, staff, x, ",.1f", _MANY)


def measures(rate: str, unit: str, series: str) -> dict[str, Any]:
    """Spec of several shares a unit. Rows: ``unit``, ``series`` str, ``value`` 0..1 or None.

    Series differ by colour and shape; a click on the legend leaves one of them, a click on a
    point selects its unit (selection ``unit``).
    """
    pick = alt.selection_point(name="unit", fields=["unit"], on="click", empty=True)
    legend = alt.selection_point(name="series", fields=["series"], bind="legend", empty=True)
    base = alt.Chart().encode(y=alt.Y("unit:N", sort=None, title=None))
    rules = base.mark_rule(color=theme.MUTED, opacity=0.5).encode(
        x=alt.X("min(value):Q"), x2="max(value):Q"
    )
    points = base.mark_point(filled=True, size=110).encode(
        x=theme.share("value", rate),
        color=alt.Color(
            "series:N",
            title=None,
            sort=None,
            scale=alt.Scale(range=[theme.PRIMARY, theme.WARN, theme.PASSED]),
            legend=alt.Legend(orient="top", symbolSize=110),
        ),
        shape=alt.Shape("series:N", title=None, sort=None),
        opacity=alt.condition(pick & legend, alt.value(1.0), alt.value(0.2)),
        tooltip=[
            alt.Tooltip("unit:N", title=unit),
            alt.Tooltip("series:N", title=series),
            alt.Tooltip("value:Q", title=rate, format=".1%"),
        ],
    )
    chart = alt.layer(rules, points.add_params(pick, legend)).properties(height=alt.Step(26))
    return theme.spec(chart)


def _bars(measure: str, unit: str, staff: str, x: alt.X, number: str, step: int) -> dict[str, Any]:
    pick = alt.selection_point(name="unit", fields=["unit"], on="click", empty=True)
    base = alt.Chart().encode(
        y=alt.Y("unit:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip("unit:N", title=unit),
            alt.Tooltip("value:Q", title=measure, format=number),
            alt.Tooltip("staff:Q", title=staff),
        ],
    )
    drawn = base.mark_bar(height=step * 0.58, cornerRadiusEnd=2, color=theme.PRIMARY).encode(
        x=x, opacity=alt.condition(pick, alt.value(1.0), alt.value(0.45))
    )
    words = base.mark_text(align="left", dx=4, fontSize=13).encode(
        x=alt.X("value:Q"), text=alt.Text("value:Q", format=number), color=theme.WORDS
    )
    # the whole row can be touched: a bar of nothing has no width
    row = base.mark_bar(height=step, opacity=0).encode(x=alt.value(0), x2=alt.value("width"))
    chart = alt.layer(drawn, words, row.add_params(pick)).properties(height=alt.Step(step))
    return theme.spec(chart)
