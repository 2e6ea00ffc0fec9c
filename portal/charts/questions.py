"""The hardest questions: facility as horizontal bars."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme


def facility(title: str, question_title: str, answers_title: str) -> dict[str, Any]:
    """Spec of a bar a question. Rows: ``question`` str, ``facility`` 0..1, ``answers`` int."""
    base = alt.Chart().encode(
        y=alt.Y("question:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        tooltip=[
            alt.Tooltip("question:N", title=question_title),
            alt.Tooltip("facility:Q", title=title, format=".1%"),
            alt.Tooltip("answers:Q", title=answers_title),
        ],
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2, color=theme.WARN).encode(
        x=theme.share("facility", title)
    )
    words = theme.share_in_words(base, "facility")
    return theme.spec(alt.layer(bars, words).properties(height=alt.Step(30)))
