"""One look for every chart: ink on paper, one blue, horizontal bars with whole labels.

Charts are written in Altair, turned into a Vega-Lite spec once and cached; rows are sent beside
the spec. Chinese labels rotate and truncate on an x axis, so categories always stand on y.
"""

from __future__ import annotations

from typing import Any

import altair as alt

PRIMARY = "#3A75B8"  # reads on paper (4.6:1) and on the dark ground (4.3:1)
WARN = "#C4502F"
MUTED = "#717B87"  # 4.1:1 on either ground
PASSED = "#4C8A57"


def share(field: str, title: str) -> alt.X:
    """``field`` (0..1) on the x axis, from nothing to all, in percent."""
    return alt.X(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
    )


def share_in_words(base: alt.Chart, field: str) -> alt.Chart:
    """``field`` (0..1) written in percent at the end of its bar."""
    words: alt.Chart = base.mark_text(align="left", dx=4, fontSize=13, color=MUTED).encode(
        x=f"{field}:Q", text=alt.Text(f"{field}:Q", format=".1%")
    )
    return words


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
