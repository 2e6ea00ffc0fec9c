"""Where a course, a module's section and a quiz are found: the page's name and its query.

These addresses are written into bookmarks, mails and search results: they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

PlaceName = Literal["course", "module", "quiz", "drill"]


@dataclass(frozen=True, slots=True)
class Link:
    """A page and the query that opens it at the right spot."""

    place: PlaceName
    query: dict[str, str]

    @property
    def url(self) -> str:
        """Path and query, such as ``/module?m=first-response%2Frecognise&s=start``."""
        return f"/{self.place}?{urlencode(self.query)}"


def to_course(course_id: str) -> Link:
    """The course's page."""
    return Link("course", {"c": course_id})


def to_module(module_id: str, section: str = "") -> Link:
    """The reader, at ``section`` or where the person left off."""
    return Link("module", {"m": module_id, "s": section} if section else {"m": module_id})


def to_quiz(quiz_id: str) -> Link:
    """The quiz or exam."""
    return Link("quiz", {"q": quiz_id})


def to_drill(drill_id: str) -> Link:
    """The drill."""
    return Link("drill", {"d": drill_id})
