"""Where things are: every page by name, links and moves between them.

Pages do not import each other; they name a place here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from portal.web import session

Menu = dict[str, list[st.Page]]

_PLACES = "portal.places"
_KEY = "portal.places.key"
_MENU = "portal.places.menu"
_HERE = "portal.places.here"


def install(
    key: Hashable,
    make: Callable[[], dict[str, st.Page]],
    arrange: Callable[[dict[str, st.Page]], Menu],
) -> tuple[dict[str, st.Page], Menu]:
    """The pages that this person's navigation holds, by name, and its menu: the pages by heading.
    Made anew when ``key`` changes."""
    if session.recall(_KEY) == key:
        places: dict[str, st.Page] = session.recall(_PLACES)
        menu: Menu = session.recall(_MENU)
    else:
        places = make()
        menu = arrange(places)
        session.remember(_KEY, key)
        session.remember(_MENU, menu)
    session.have_at_hand(_PLACES, places)
    return places, menu


def number(name: str) -> int | None:
    """The query parameter ``name`` as a whole number of at most nine digits, else None."""
    given = st.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def link(
    name: str, label: str, *, note: str = "", icon: str | None = None, key: str = "", **query: str
) -> None:
    """A link to the page ``name``; plain text when this person has no such page.

    ``note`` is label Markdown for smaller lines below, which belong to the link: one element
    instead of two. ``key`` tells two links to one place on one page apart.
    """
    if note:
        lines = (f":small[{line.strip()}]" for line in note.split("\n"))
        label = "  \n".join((f"**{label}**", *lines))
    page = session.at_hand(_PLACES, {}).get(name)
    if page is None:
        st.write(label)
        return
    if query and session.at_hand(_HERE) == name:
        # a link to the page one is on would leave the address as it is: reload and back would lie
        mark = f"to-{name}-{key}{sorted(query.items())}"
        st.button(label, key=mark, type="tertiary", on_click=_show, args=(query,))
        return
    st.page_link(page, label=label, icon=icon, query_params=query or None)


def address(name: str, **query: str) -> str:
    """The address of the page ``name`` for a link within Markdown, which opens beside this one."""
    path = "/" if name == "home" else f"/{name}"
    return f"{path}?{urlencode(query)}" if query else path


def has(name: str) -> bool:
    """Whether this person has the page ``name``."""
    return name in session.at_hand(_PLACES, {})


def here(name: str) -> None:
    """Remember which page is being shown."""
    session.have_at_hand(_HERE, name)


def _show(query: dict[str, str]) -> None:
    st.query_params.from_dict(query)


def go(name: str, **query: str) -> NoReturn:
    """Leave for the page ``name`` at once."""
    st.switch_page(session.recall(_PLACES)[name], query_params=query or None)
