"""How a question works: share right by ability, and who chose which option."""

from __future__ import annotations

from typing import Any

import altair as alt

from portal.charts import theme

_THIRDS = ("circle", "square", "triangle-up")


def curve(share_title: str, group_title: str, persons_title: str) -> dict[str, Any]:
    """Spec of a bar a group. Rows: ``group`` str, the least able first, ``share`` 0..1, ``n``."""
    fields = {"group": group_title, "share": share_title, "n": persons_title}
    return theme.share_bars(fields, theme.PRIMARY, label_limit=220)


def choosers(
    share_title: str, option_title: str, third_title: str, low: str, middle: str, high: str
) -> dict[str, Any]:
    """Spec of three marks an option. Rows: ``option`` str, ``third`` str, ``share`` 0..1.

    A third is told by shape as well as by colour.
    """
    domain = [low, middle, high]
    third = alt.Shape("third:N", title=third_title, scale=alt.Scale(domain=domain, range=_THIRDS))
    colour = alt.Color(
        "third:N",
        title=third_title,
        scale=alt.Scale(domain=domain, range=[theme.WARN, theme.MUTED, theme.PRIMARY]),
        legend=alt.Legend(orient="top", columns=1, labelLimit=200),
    )
    marks = (
        alt.Chart()
        .mark_point(size=130, filled=True, opacity=0.9)
        .encode(
            y=alt.Y("option:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
            x=theme.share("share", share_title),
            shape=third,
            color=colour,
            tooltip=[
                alt.Tooltip("option:N", title=option_title),
                alt.Tooltip("third:N", title=third_title),
                alt.Tooltip("share:Q", title=share_title, format=".0%"),
            ],
        )
        .properties(height=alt.Step(38))
    )
    return theme.spec(marks)
