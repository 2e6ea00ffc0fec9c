"""How capability is computed, in plain words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from portal.web import places, render, session
from portal.web.session import t

_DOCS = Path(__file__).parents[2] / "docs"


def page() -> None:
    """The page of the documentation in the reader's language."""
    title, body = _text(session.locale())
    st.title(render.escape(title))
    render.show(body)
    places.link("capability", t("nav.capability"))


@cache
def _text(locale: str) -> tuple[str, str]:
    """Heading and body of ``docs/capability.<locale>.md``."""
    text = (_DOCS / f"capability.{locale}.md").read_text(encoding="utf-8")
    heading, _, body = text.partition("\n")
    return heading.removeprefix("# ").strip(), body
