"""Twelve months of learning: completion and pass rate."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme


def trend(month_title: str, rate_title: str) -> dict[str, Any]:
    """Spec of lines over months. Rows: ``month`` str in order, ``series`` str, ``rate`` 0..1.

    Series differ by colour, by dash and by the shape of their points.
    """
    colours = alt.Scale(range=[theme.PRIMARY, theme.PASSED])
    legend = alt.Legend(orient="top", symbolType="stroke", symbolSize=600, symbolStrokeWidth=2)
    chart = (
        alt.Chart()
        # the series by another name, else its shapes would enter the legend, drawn in dashes
        .transform_calculate(kind="datum.series")
        .mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=2)
        .encode(
            x=alt.X(
                "month:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)
            ),
            y=alt.Y(
                "rate:Q",
                title=rate_title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", tickCount=5, grid=True),
            ),
            color=alt.Color("series:N", title=None, sort=None, scale=colours, legend=legend),
            strokeDash=alt.StrokeDash("series:N", title=None, sort=None),
            shape=alt.Shape("kind:N", sort=None, legend=None),
            tooltip=[
                alt.Tooltip("month:O", title=month_title),
                alt.Tooltip("series:N", title=""),
                alt.Tooltip("rate:Q", title=rate_title, format=".1%"),
            ],
        )
        .properties(height=260)
    )
    return theme.spec(chart)
