"""Ratings of objectives: how many runs performed each one, and how many did not."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme

# of P, S, M, U; each part also carries its letter and number, white on it (4.5:1 or more)
COLOURS = ("#437D4E", theme.PRIMARY, "#946618", theme.WARN)


def ratings(share: str, objective: str, rating: str, runs: str, *labels: str) -> dict[str, Any]:
    """Spec of a bar an objective, its words above it; the arguments are titles.

    ``labels`` are those of P, S, M and U. Rows in display order: ``objective`` str (no two alike),
    ``rating`` one of ``labels``, ``runs`` int, ``start`` and ``end`` 0..1 (its part of the bar),
    ``said`` str (what is written on it).
    """
    base = alt.Chart().encode(
        y=alt.Y("objective:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("objective:N", title=objective),
            alt.Tooltip("rating:N", title=rating),
            alt.Tooltip("runs:Q", title=runs),
        ],
    )
    parts = base.mark_bar(height=18, yOffset=9).encode(
        x=theme.share("start", share),
        x2="end:Q",
        color=alt.Color(
            "rating:N",
            title=None,
            sort=list(labels),
            scale=alt.Scale(domain=list(labels), range=list(COLOURS)),
            legend=alt.Legend(orient="top", columns=2, labelLimit=200),
        ),
    )
    # no wider than the chart, else a long title pushes the page sideways; the table has it whole
    words = base.mark_text(align="left", dy=-12, fontSize=13, limit=alt.ExprRef("width")).encode(
        x=alt.datum(0), text="objective:N", color=theme.WORDS
    )
    counts = base.mark_text(align="left", dx=4, dy=9, fontSize=12, color="white").encode(
        x="start:Q", text="said:N"
    )
    return theme.spec(alt.layer(parts, words, counts).properties(height=alt.Step(52)))
