"""The pages of the portal, by role. Streamlit runs this script for every visit and click."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from portal.core.people import Person, may_somewhere
from portal.web import places, session
from portal.web.pages import (
    account,
    assignments,
    audit,
    badges,
    capability,
    capability_how,
    capability_map,
    capability_questions,
    certificates,
    content,
    course,
    drill,
    drill_map,
    drills,
    exchange,
    home,
    items,
    laws,
    learn,
    marking,
    module,
    notebook,
    organisation,
    overview,
    people,
    placement,
    practice,
    question_reports,
    quiz,
    record,
    results,
    roster,
    staff,
    statute,
    tabletop,
    tabletop_lead,
    unit_drills,
    units,
    workspace,
)

# name, page, who sees it (an action of core.people, or None for everybody), where in the menu:
# "" stands in the bar itself, another group folds into a menu of its own, None is not in the menu;
# of "a|b" it is b where the reader has nothing else in a, so that no menu is opened for one page
PAGES: tuple[tuple[str, Callable[[], None], str | None, str | None], ...] = (
    ("home", home.page, None, ""),
    ("learn", learn.page, None, ""),
    ("practice", practice.page, None, ""),
    ("capability", capability.page, None, ""),
    ("drills", drills.page, None, ""),
    ("record", record.page, None, "me"),
    ("badges", badges.page, None, "me"),
    ("account", account.page, None, "me"),
    ("overview", overview.page, "see_unit_results", "unit"),
    ("capability-map", capability_map.page, "see_unit_results", "unit"),
    ("units", units.page, "see_unit_results", "unit"),
    ("staff", staff.page, "see_unit_results", "unit"),
    ("assignments", assignments.page, "assign", "unit|teach"),
    ("results", results.page, "see_unit_results", "unit"),
    ("unit_drills", unit_drills.page, "see_unit_results", "unit"),
    ("tabletop_lead", tabletop_lead.page, "facilitate_drill", "teach|unit"),
    ("drill_map", drill_map.page, "see_content_problems", "teach"),
    ("workspace", workspace.page, "edit_content", "teach"),
    ("content", content.page, "see_content_problems", "teach"),
    ("items", items.page, "see_content_problems", "teach"),
    ("question_reports", question_reports.page, "answer_question_reports", "teach"),
    ("laws", laws.page, "review_laws", "teach"),
    ("marking", marking.page, "mark", "teach"),
    ("exchange", exchange.page, "edit_content", "teach"),
    ("people", people.page, "manage_people", "administration"),
    (
        "capability-questions",
        capability_questions.page,
        "answer_capability_questions",
        "administration",
    ),
    ("organisation", organisation.page, "manage_units", "administration"),
    ("roster", roster.page, "manage_people", "administration"),
    ("certificates", certificates.page, "revoke_certificates", "unit|administration"),
    ("audit", audit.page, "read_audit", "administration"),
    ("course", course.page, None, None),
    ("module", module.page, None, None),
    ("quiz", quiz.page, None, None),
    ("drill", drill.page, None, None),
    ("tabletop", tabletop.page, None, None),
    ("statute", statute.page, None, None),
    ("notebook", notebook.page, None, None),
    ("placement", placement.page, None, None),
    ("capability-how", capability_how.page, None, None),
)
GROUPS = ("", "unit", "teach", "administration", "me")
WIDE = {
    "capability-map",
    "workspace",
    "overview",
    "units",
    "staff",
    "results",
    "people",
    "organisation",
    "roster",
    "audit",
    "drill_map",
    "tabletop_lead",
    "items",
    "marking",
}


def main() -> None:
    """Who is it, what may they see, where do they want to go."""
    me = session.arrive()
    shown, menu = places.install((session.locale(), me.role_names), lambda: _pages(me), _menu)
    chosen = st.navigation(menu, position="top")
    name = next(name for name, page in shown.items() if page is chosen)
    places.here(name)
    st.set_page_config(
        page_title=f"{chosen.title} · {session.t('app.name')}",
        layout="wide" if name in WIDE else "centered",
    )
    chosen.run()


def _menu(shown: dict[str, st.Page]) -> dict[str, list[st.Page]]:
    """The pages by the heading of their group; those outside the menu stand with the first."""
    menu: dict[str, list[st.Page]] = {}
    mine = [(name, group) for name, _, _, group in PAGES if name in shown]
    firm = {group for _, group in mine}
    for wanted in GROUPS:
        pages = [shown[name] for name, group in mine if _group(group, firm) == wanted]
        if pages:
            menu[session.t(f"menu.{wanted}") if wanted else ""] = pages
    menu[""] += [shown[name] for name, group in mine if group is None]
    return menu


def _group(wanted: str | None, firm: set[str | None]) -> str | None:
    """The first of the groups in ``wanted`` that has a page which stands only there."""
    if wanted is None or "|" not in wanted:
        return wanted
    groups = wanted.split("|")
    return next((group for group in groups if group in firm), groups[0])


def _pages(me: Person) -> dict[str, st.Page]:
    return {
        name: st.Page(
            page,
            title=session.t(f"nav.{name}"),
            url_path="" if name == "home" else name,
            default=name == "home",
            visibility="hidden" if group is None else "visible",
        )
        for name, page, action, group in PAGES
        if _sees(me, action)
    }


def _sees(person: Person, action: str | None) -> bool:
    return action is None or may_somewhere(person, action)


main()
