"""Units beside each other: completion as horizontal bars."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme


def completion(title: str, pass_title: str, unit_title: str, staff_title: str) -> dict[str, Any]:
    """Spec of a bar a unit, with a stroke for its pass rate.

    Rows in display order: ``unit`` str, ``rate`` 0..1, ``passed`` 0..1 or None, ``staff`` int.

    A click on a bar selects its unit (selection ``unit``).
    """
    pick = alt.selection_point(name="unit", fields=["unit"], on="click", empty=True)
    base = alt.Chart().encode(
        y=alt.Y("unit:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip("unit:N", title=unit_title),
            alt.Tooltip("rate:Q", title=title, format=".0%"),
            alt.Tooltip("passed:Q", title=pass_title, format=".0%"),
            alt.Tooltip("staff:Q", title=staff_title),
        ],
    )
    bars = base.mark_bar(height=18, cornerRadiusEnd=2, color=theme.PRIMARY).encode(
        x=theme.share("rate", title),
        opacity=alt.condition(pick, alt.value(1.0), alt.value(0.45)),
    )
    words = theme.share_in_words(base, "rate")
    strokes = base.mark_tick(thickness=3, height=22, color=theme.PASSED).encode(x="passed:Q")
    return theme.spec(
        alt.layer(bars.add_params(pick), strokes, words).properties(height=alt.Step(30))
    )
