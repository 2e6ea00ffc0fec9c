"""What came out of a foreign file, and what could not be carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.questions import Question

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_QUESTIONS = 2_000
MAX_TEXT = 40_000  # characters of one stem, option or explanation
MAX_OPTIONS = 60


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was left out, changed or refused.

    ``number`` counts the questions of the file from 1, 0 means the whole file; ``title`` helps to
    find the question; ``code`` is the end of the locale key ``exchange.note.<code>``, ``args`` fill
    it. ``lost``: the whole question (or file) is missing in the result.
    """

    number: int
    title: str
    code: str
    args: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """Questions without ids, in the file's order, and the notes."""

    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()


class Lost(Exception):
    """A question cannot be carried: ``code`` and ``args`` as in ``Note``. Raised and caught inside
    a reader, never out of it."""

    def __init__(self, code: str, **args: str) -> None:
        super().__init__(code)
        self.code = code
        self.args_by_name = args


class Notes:
    """Gathers notes while a reader goes from question to question."""

    def __init__(self) -> None:
        self.number = 0
        self.title = ""
        self.found: list[Note] = []

    def at(self, number: int, title: str = "") -> None:
        """What follows is about this question."""
        self.number, self.title = number, " ".join(title.split())[:60]

    def add(self, code: str, **args: str) -> None:
        """A part is not carried. Said once a question."""
        note = Note(self.number, self.title, code, args)
        if note not in self.found:
            self.found.append(note)

    def lost(self, code: str, **args: str) -> None:
        """The question is not carried."""
        self.found.append(Note(self.number, self.title, code, args, lost=True))


def refused(code: str, **args: str) -> Imported:
    """Nothing can be read from this file."""
    return Imported((), (Note(0, "", code, args, lost=True),))
