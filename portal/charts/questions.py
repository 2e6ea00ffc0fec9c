"""The hardest questions: facility as horizontal bars."""

from __future__ import annotations

from typing import Any

from portal.charts import theme


def facility(title: str, question_title: str, answers_title: str) -> dict[str, Any]:
    """Spec of a bar a question. Rows: ``question`` str, ``facility`` 0..1, ``answers`` int."""
    fields = {"question": question_title, "facility": title, "answers": answers_title}
    return theme.share_bars(fields, theme.WARN, label_limit=260)
