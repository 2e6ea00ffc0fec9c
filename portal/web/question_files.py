"""``/download/question_bank?quiz=…&format=…&language=…``: a quiz in another program's format."""

from __future__ import annotations

from collections.abc import Mapping

from portal.actions import question_exchange
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.core.people import Person


def questions(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """The file, for who may write questions. Raises NotAllowed."""
    locale = "en" if query.get("language") == "en" else "zh"
    return question_exchange.take(
        portal, person, query.get("quiz", ""), query.get("format", ""), locale
    )
