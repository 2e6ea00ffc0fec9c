"""Everything that can be learned, as one immutable value with a fingerprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.capabilities import CapabilityModel
from portal.core.courses import Course, Module
from portal.core.drills import Drill
from portal.core.owners import Owners
from portal.core.problems import Problem
from portal.core.questions import Question
from portal.core.quizzes import Quiz
from portal.core.renumbering import Renumbering
from portal.core.statutes import StatuteRegistry


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All valid content of one moment. ``fingerprint`` changes when any served file changes."""

    fingerprint: str
    courses: Mapping[str, Course] = field(default_factory=dict)
    modules: Mapping[str, Module] = field(default_factory=dict)
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)  # quizzes, exams and pools
    questions: Mapping[str, Question] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)  # question id -> version hash
    capabilities: CapabilityModel = field(default_factory=CapabilityModel)
    statutes: StatuteRegistry = field(default_factory=StatuteRegistry)
    problems: tuple[Problem, ...] = ()
    drills: Mapping[str, Drill] = field(default_factory=dict)
    renumbering: Renumbering = field(default_factory=Renumbering)
    owners: Owners = field(default_factory=Owners)

    def quizzes_of(self, course_id: str) -> tuple[Quiz, ...]:
        """Quizzes and exams (not pools) of a course, in id order."""
        return tuple(
            quiz
            for quiz_id, quiz in sorted(self.quizzes.items())
            if quiz.course == course_id and quiz.kind != "pool"
        )
