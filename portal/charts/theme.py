"""One look for every chart: ink on paper, one blue, horizontal bars with whole labels.

Charts are written in Altair, turned into a Vega-Lite spec once and cached; rows are sent beside
the spec. Chinese labels rotate and truncate on an x axis, so categories always stand on y.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

PRIMARY = "#3A75B8"  # reads on paper (4.6:1) and on the dark ground (4.3:1)
WARN = "#C4502F"
MUTED = "#717B87"  # for lines and points: 4.1:1 on either ground, and no grey has more on both
WORDS = alt.value("gray")  # for text: the grey of the reader's theme, see .streamlit/config.toml
PASSED = "#4C8A57"


def share(field: str, title: str) -> alt.X:
    """``field`` (0..1) on the x axis, from nothing to all, in percent."""
    return alt.X(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
    )


def share_bars(fields: Mapping[str, str], colour: str, label_limit: int) -> dict[str, Any]:
    """Spec of a bar a row, as long as a share, which is written at its end.

    ``fields`` are three with their titles: what a bar stands for (str, in the order of the rows),
    its share 0..1, and how many it was counted over.
    """
    (name, name_title), (part, part_title), (count, count_title) = fields.items()
    base = alt.Chart().encode(
        y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=label_limit)),
        tooltip=[
            alt.Tooltip(f"{name}:N", title=name_title),
            alt.Tooltip(f"{part}:Q", title=part_title, format=".1%"),
            alt.Tooltip(f"{count}:Q", title=count_title),
        ],
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=colour).encode(
        x=share(part, part_title)
    )
    words = base.mark_text(align="left", dx=4, fontSize=13).encode(
        x=f"{part}:Q", text=alt.Text(f"{part}:Q", format=".1%"), color=WORDS
    )
    return spec(alt.layer(bars, words).properties(height=alt.Step(30)))


def spec(chart: alt.Chart | alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    """The chart's Vega-Lite spec without data, in the portal's look."""
    plain = chart.configure_view(stroke=None).configure_axis(
        labelLimit=220, labelFontSize=13, titleFontSize=13, grid=False, domain=False, ticks=False
    )
    result: dict[str, Any] = plain.to_dict()
    for part in (result, *result.get("layer", ())):
        part.pop("data", None)
    result.pop("datasets", None)
    return result
