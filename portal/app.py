"""The pages of the portal, by role. Streamlit runs this script for every visit and click."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.core.people import Person, may_somewhere
from portal.web import places, session
from portal.web.pages import (
    account,
    content,
    course,
    home,
    learn,
    module,
    overview,
    people,
    quiz,
    record,
    statute,
)

# name, page, who sees it (an action of core.people, or None for everybody), shown in the menu
PAGES: tuple[tuple[str, Callable[[], None], str | None, bool], ...] = (
    ("home", home.page, None, True),
    ("learn", learn.page, None, True),
    ("record", record.page, None, True),
    ("overview", overview.page, "see_unit_results", True),
    ("content", content.page, "see_content_problems", True),
    ("people", people.page, "manage_people", True),
    ("account", account.page, None, True),
    ("course", course.page, None, False),
    ("module", module.page, None, False),
    ("quiz", quiz.page, None, False),
    ("statute", statute.page, None, False),
)
WIDE = {"overview", "people"}


def main() -> None:
    """Who is it, what may they see, where do they want to go."""
    me = session.arrive()
    shown = places.install((session.locale(), me.role_names), lambda: _pages(me))
    chosen = st.navigation(list(shown.values()), position="top")
    name = next(name for name, page in shown.items() if page is chosen)
    places.here(name)
    st.set_page_config(
        page_title=f"{chosen.title} · {session.t('app.name')}",
        layout="wide" if name in WIDE else "centered",
    )
    chosen.run()


def _pages(me: Person) -> dict[str, st.Page]:
    return {
        name: st.Page(
            page,
            title=session.t(f"nav.{name}"),
            url_path="" if name == "home" else name,
            default=name == "home",
            visibility="visible" if in_menu else "hidden",
        )
        for name, page, action, in_menu in PAGES
        if _sees(me, action)
    }


def _sees(person: Person, action: str | None) -> bool:
    return action is None or may_somewhere(person, action)


main()
