"""Staff numbers of a roster that are probably a spreadsheet's work, not a new person.

A staff number decides who somebody is, so one that was spoilt would make a second person of an old
one, silently. Excel drops leading zeros (``0012`` becomes ``12``) and makes dates of numbers with
hyphens (``3-12``); people paste columns in another order. Only numbers that nobody has are doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.core.roster_model import PersonFact, RosterProblem

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?")
_HAN = re.compile("[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")


class NumberDoubts:
    """Doubts about staff numbers, against those that are known."""

    def __init__(self, people: Iterable[PersonFact]) -> None:
        self._known = {one.staff_no: one for one in people}
        self._alike = {_bare(number): number for number in sorted(self._known, reverse=True)}

    def of(self, staff_no: str, name: str) -> RosterProblem | None:
        """Why ``staff_no`` is hardly the number of a newcomer called ``name``; None when it may be.

        The problem lacks a row. Keys ``roster.columns_swapped`` (value, name),
        ``roster.staff_no_date`` (value), ``roster.staff_no_near`` (value, known, name).
        """
        if staff_no in self._known:
            return None
        if name in self._known or _is_swapped(staff_no, name):
            args = {"value": staff_no, "name": name}
            return RosterProblem("roster.columns_swapped", args=args)
        if _DATE.fullmatch(staff_no):
            return RosterProblem("roster.staff_no_date", args={"value": staff_no})
        known = self._alike.get(_bare(staff_no))
        if known is None:
            return None
        args = {"value": staff_no, "known": known, "name": self._known[known].name}
        return RosterProblem("roster.staff_no_near", args=args)


# Private functions


def _bare(staff_no: str) -> str:
    """What is left when case and leading zeros do not tell numbers apart."""
    return staff_no.casefold().lstrip("0")


def _is_swapped(staff_no: str, name: str) -> bool:
    """A Chinese word where the number should be, and digits where the name should be."""
    return bool(
        _HAN.search(staff_no)
        and not _DIGIT.search(staff_no)
        and _DIGIT.search(name)
        and not _HAN.search(name)
    )
