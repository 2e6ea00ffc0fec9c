"""Puts authored Markdown on the page: the one place that hands HTML to the browser.

What reaches ``st.html`` has been rendered with HTML switched off and sanitised by
``core.markdown``, or is made here of escaped words; nothing else in the portal may call it
(``tests/web/test_rules.py``).
"""

from __future__ import annotations

import html
import re

import streamlit as st

from portal.core.markdown import Block, Formula, Html, Mermaid, Rich
from portal.web import data, session


def show(source: str, course: str = "", base: str = "") -> None:
    """Show ``source``; relative images belong to ``course`` and are found at ``base``."""
    for block in data.blocks(source, course, session.locale(), base):
        _show_block(block)


def figures(
    *pairs: tuple[str, object], note: str = "", share: tuple[str, float] | None = None
) -> None:
    """Figures side by side, each a name and a value, and lines about them: one element for all.

    ``share`` is a bar below with its name; how much of it is full is between 0 and 1.
    A ``st.metric`` each, in columns, would cost as much as the rest of a page of figures.
    """
    shown = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd></div>"
        for name, value in pairs
    )
    lines = html.escape(note).replace("\n", "<br>")
    about = f'<p class="figures-note">{lines}</p>' if note else ""
    bar = ""
    if share is not None:
        name, full = html.escape(share[0]), round(100 * share[1])
        bar = f'<label class="figures-share">{name}<progress max="100" value="{full}"></progress>'
        bar += "</label>"
    st.html(f'<dl class="figures">{shown}</dl>{bar}{about}')


def show_plain(text: str) -> None:
    """Show ``text`` as it is: nothing in it is markup, citations become links all the same."""
    show(escape(text))


def _show_block(block: Block) -> None:
    match block:
        case Html(html=sanitised):
            st.html(sanitised)
        case Mermaid(code=code):
            st.mermaid_chart(code, alt=session.t("common.diagram"))
        case Formula(latex=latex):
            st.latex(latex)
        case Rich(markdown=markdown):
            st.markdown(markdown)


def label(text: str) -> str:
    """``text`` (Markdown) as a widget label: plain words, nothing in them is markup."""
    return escape(data.plain(text))


def escape(text: str) -> str:
    """``text`` with everything that Streamlit's label Markdown gives a meaning to, escaped.

    Some of it is looked for after backslashes are gone: ``:smile:``, ``:material/home:``, `` -> ``.
    An invisible word joiner parts those.
    """
    parted = _SHORTCODE.sub(f":{_JOINER}", _ARROW.sub(rf"\1{_JOINER}\2", text))
    return "".join("\\" + ch if ch in _MARKUP else ch for ch in parted).replace("\n", " ")


def escape_around_code(text: str) -> str:
    """As ``escape``, but what stands between backticks is shown as code: hints name what to type.

    A backtick without a partner is escaped like everything else.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        f"`{part.replace(chr(10), ' ')}`" if at % 2 and part else escape(part)
        for at, part in enumerate(parts)
    )


_MARKUP = frozenset("\\`*_{}[]()<>#+-.!|~$:&^=")
_JOINER = "\u2060"
_SHORTCODE = re.compile(r":(?=material/|(?:100|1234|8ball|[a-z+-][\w+-]*):)", re.ASCII | re.I)
_ARROW = re.compile(r"(?<!\S)([<>~-])(->|[>=-])(?!\S)")
