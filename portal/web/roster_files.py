"""Files of the roster page: the template to fill in, and lists of initial passwords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.actions import permission
from portal.actions.files import File
from portal.actions.initial_passwords import HandedOut
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.exchange.rosters import TemplateWords, template_csv, template_xlsx
from portal.exchange.sheets import CSV, XLSX, Sheet, to_xlsx
from portal.web.text import translate


def template(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """``GET /download/roster-template?form=xlsx|csv``. Raises NotAllowed."""
    with permission.read(portal, person, "manage_people"):
        pass

    def t(key: str, **args: object) -> str:
        return translate(person.locale, key, **args)

    posts = [post.name.in_(person.locale) for post in portal.library.catalogue.capabilities.posts]
    words = TemplateWords(
        sheet=t("roster.template_sheet"),
        notes_sheet=t("roster.template_notes"),
        example=t("roster.template_example", post=posts[0] if posts else "grid").split("|"),
        notes=t("roster.template_note").splitlines(),
    )
    name = t("roster.template_name")
    if query.get("form") == "csv":
        return File(f"{name}.csv", CSV, template_csv(person.locale, words))
    return File(f"{name}.xlsx", XLSX, template_xlsx(person.locale, words, posts))


def password_list(portal: Portal, person: Person, given: Sequence[HandedOut]) -> File:
    """The list to hand out: one line a person, to be cut into strips."""

    def t(key: str) -> str:
        return translate(person.locale, key)

    columns = ("staff_no", "name", "login", "unit", "password")
    title = t("people.passwords_name")
    sheet = Sheet(
        name=title,
        headings=[t(f"people.list_{column}") for column in columns],
        kinds=["text"] * len(columns),
        rows=[[getattr(one, column) for column in columns] for one in given],
    )
    return File(f"{title}.xlsx", XLSX, to_xlsx([sheet], title=title, made_at=portal.now()))
