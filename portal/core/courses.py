"""What a course is: front matter, an introduction, modules, and their sections."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.capabilities import Bilingual


@dataclass(frozen=True, slots=True)
class Prose:
    """A run of Markdown between checkpoints; ``line`` is where it starts in the Chinese file."""

    text: Bilingual
    line: int = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    question_id: str


Segment = Prose | Checkpoint


@dataclass(frozen=True, slots=True)
class Section:
    """One ``##`` section of a module: one screen in the reader.

    ``slug`` is the GitHub slug of the Chinese heading, made unique in the module; text before the
    first ``##`` is a section of its own with the slug ``"start"`` and the module's title.
    """

    slug: str
    title: Bilingual
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """``id`` is ``<course>/<slug>``: the file name without number and ending, or the ``id`` key.

    Renumbering the files moves a module and keeps its id, and with it everybody's progress.
    """

    id: str
    course: str
    title: Bilingual
    minutes: int
    summary: Bilingual
    sections: tuple[Section, ...]
    path: str
    version: str  # sha256 hex of the Chinese source
    has_english: bool = False

    @property
    def checkpoint_ids(self) -> tuple[str, ...]:
        """Ids of the questions that complete the module, in reading order."""
        return tuple(
            segment.question_id
            for section in self.sections
            for segment in section.segments
            if isinstance(segment, Checkpoint)
        )


@dataclass(frozen=True, slots=True)
class Course:
    """``id`` is the folder name. ``pass_modules`` is every module unless the author lists some."""

    id: str
    title: Bilingual
    capability: str
    level: int
    posts: tuple[str, ...]  # empty: everyone
    hours: float  # credited training hours
    owner: str
    review_by: str | None  # ISO date
    prerequisites: tuple[str, ...]  # course ids
    pass_modules: tuple[str, ...]  # module ids
    pass_quizzes: tuple[str, ...]  # quiz ids
    valid_months: int  # 0: no expiry
    intro: Bilingual  # Markdown
    modules: tuple[Module, ...]
    path: str
    version: str  # sha256 hex over course.md and its modules, Chinese sources
    has_english: bool = False
