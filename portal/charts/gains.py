"""Before and after: first and last result of repeated quizzes, with an interval of the gain."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme


def gain(quiz: str, gain_title: str, people: str) -> dict[str, Any]:
    """Spec of a point and an interval a quiz; the arguments are titles.

    Rows in display order: ``quiz`` str, ``gain``, ``low``, ``high`` percent points, ``people``.
    """
    base = alt.Chart().encode(
        y=alt.Y("quiz:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        tooltip=[
            alt.Tooltip("quiz:N", title=quiz),
            alt.Tooltip("gain:Q", title=gain_title, format="+.1f"),
            alt.Tooltip("low:Q", title="95 % ≥", format="+.1f"),
            alt.Tooltip("high:Q", title="95 % ≤", format="+.1f"),
            alt.Tooltip("people:Q", title=people),
        ],
    )
    zero = alt.Chart().mark_rule(color=theme.MUTED, strokeDash=[3, 3]).encode(x=alt.datum(0))
    spans = base.mark_rule(color=theme.PRIMARY, strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", title=gain_title), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, color=theme.PRIMARY).encode(x="gain:Q")
    words = base.mark_text(dy=-11, fontSize=12).encode(
        x="gain:Q", text=alt.Text("gain:Q", format="+.1f"), color=theme.WORDS
    )
    layers = alt.layer(zero, spans, points, words).properties(height=alt.Step(38))
    return theme.spec(layers)
