"""What can only be seen when all files are known: names that point nowhere, ids used twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from portal.core.capabilities import CapabilityModel
from portal.core.courses import Course, Module
from portal.core.drills import Drill
from portal.core.item_checks import Facts
from portal.core.owners import Owners
from portal.core.problems import Problem
from portal.core.quizzes import Draw, Quiz

_ALL_SUBSETS = 6  # draws of a quiz up to which every combination is looked at


@dataclass(frozen=True, slots=True)
class Shelf:
    """All files of one moment. ``facts`` by file path; ``drills`` are ids of drill files, of which
    ``exercises`` can be played.

    ``folders``: course folders below ``courses/`` and ``quizzes/``.
    """

    courses: Mapping[str, Course] = field(default_factory=dict)
    modules: Sequence[Module] = ()
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    facts: Mapping[str, Sequence[Facts]] = field(default_factory=dict)
    model: CapabilityModel | None = None
    folders: Sequence[str] = ()
    drills: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()  # ids of files that are there and cannot be read
    key_lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # by path
    owners: Mapping[str, str] = field(default_factory=dict)  # question id -> its file
    partial: frozenset[str] = frozenset()  # paths whose faulty questions were left out
    exercises: Sequence[Drill] = ()

    def at(self, path: str, key: str, code: str, /, **args: str) -> Problem:
        """A problem at the line of the front-matter ``key`` of ``path``."""
        return Problem(path, self.key_lines.get(path, {}).get(key, 1), code, args)


def check_shelf(shelf: Shelf) -> list[Problem]:
    """Every problem between files; repeated questions are found by ``near_duplicates``."""
    return [
        *_folders(shelf),
        *_courses(shelf),
        *_modules(shelf),
        *_quizzes(shelf),
        *_questions(shelf),
        *_drills(shelf),
    ]


def check_owners(shelf: Shelf, owners: Owners) -> list[Problem]:
    """Courses whose owner nobody registered, where there is a register."""
    if not owners.known:
        return []
    return [
        shelf.at(course.path, "owner", "C018", owner=course.owner)
        for course in shelf.courses.values()
        if course.owner and course.owner not in owners.by_name
    ]


def check_reviews(shelf: Shelf, today: str) -> list[Problem]:
    """Courses whose day of review is before ``today`` (ISO date)."""
    return [
        shelf.at(course.path, "review_by", "C017", day=course.review_by)
        for course in shelf.courses.values()
        if course.review_by and course.review_by < today
    ]


def owners_of(facts: Mapping[str, Sequence[Facts]], before: Mapping[str, str]) -> dict[str, str]:
    """The file that owns each question id: the one that had it ``before``, else the first in
    order of path."""
    owners: dict[str, str] = {}
    for path in sorted(facts):
        for fact in facts[path]:
            if fact.id not in owners or before.get(fact.id) == path:
                owners[fact.id] = path
    return owners


# Private functions


def _folders(shelf: Shelf) -> Iterator[Problem]:
    for folder in shelf.folders:
        top, _, name = folder.partition("/")
        if top == "courses" and name not in shelf.courses and name not in shelf.broken:
            yield Problem(f"{folder}/course.md", 1, "C001", {"course": name})
        there = f"courses/{name}" in shelf.folders
        if top == "quizzes" and not there and not _only_pools(shelf, name):
            yield Problem(folder, 1, "C014", {"course": name})


def _only_pools(shelf: Shelf, name: str) -> bool:
    """Whether the folder holds pools alone: they may be drawn from without being of a course."""
    kinds = {quiz.kind for quiz in shelf.quizzes.values() if quiz.course == name}
    return kinds == {"pool"}


def _courses(shelf: Shelf) -> Iterator[Problem]:
    model = shelf.model
    taught = {module.course for module in shelf.modules} | {
        name.partition("/")[0] for name in shelf.broken if "/" in name
    }
    for course in shelf.courses.values():
        if model is not None:
            yield from _keys_of_model(course, model, shelf)
        for key, names in (
            ("posts", course.posts),
            ("prerequisites", course.prerequisites),
            ("pass", course.pass_quizzes),
        ):
            for name in _twice(names):
                yield shelf.at(course.path, key, "C015", key=name)
        yield from _ways(course, shelf)
        if course.id not in taught:
            yield Problem(course.path, 1, "C002", {"course": course.id})


def _keys_of_model(course: Course, model: CapabilityModel, shelf: Shelf) -> Iterator[Problem]:
    capabilities = [entry.key for entry in model.capabilities]
    posts = [entry.key for entry in model.posts]
    if course.capability and course.capability not in capabilities:
        known = ", ".join(capabilities)
        yield shelf.at(course.path, "capability", "C005", key=course.capability, known=known)
    for post in course.posts:
        if post not in posts:
            yield shelf.at(course.path, "posts", "C006", key=post, known=", ".join(posts))


def _ways(course: Course, shelf: Shelf) -> Iterator[Problem]:
    """What leads to the course and out of it: prerequisites, quizzes and modules to pass."""
    path = course.path
    for name in course.prerequisites:
        if name not in shelf.courses and name not in shelf.broken:
            yield shelf.at(path, "prerequisites", "C007", key=name)
    chain = _cycle(course.id, shelf.courses)
    if chain:
        way = " → ".join(chain)
        yield shelf.at(path, "prerequisites", "C010", course=course.id, chain=way)
    for name in course.pass_quizzes:
        quiz = shelf.quizzes.get(name)
        known = name in shelf.drills or name in shelf.broken
        if not known and (quiz is None or quiz.kind == "pool"):
            key = name.removeprefix(f"{course.id}/")
            yield shelf.at(path, "pass", "C008", key=key, course=course.id)
    modules = {module.id for module in shelf.modules} if course.pass_modules else set()
    for name in course.pass_modules:
        if name not in modules and name not in shelf.broken:
            yield shelf.at(path, "pass", "C009", key=name.removeprefix(f"{course.id}/"))


def _modules(shelf: Shelf) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for module in shelf.modules:
        if module.id in seen:
            args = {"id": module.id, "other": seen[module.id]}
            yield Problem(module.path, 1, "C004", args)
        seen.setdefault(module.id, module.path)


def _quizzes(shelf: Shelf) -> Iterator[Problem]:
    for quiz in shelf.quizzes.values():
        facts = shelf.facts.get(quiz.path, ())
        if not facts and not quiz.draw and quiz.path not in shelf.partial:
            yield Problem(quiz.path, 1, "Z001", {"title": quiz.title.zh})
        yield from _draws(quiz, shelf)


def _draws(quiz: Quiz, shelf: Shelf) -> Iterator[Problem]:
    by_pool: dict[str, list[Draw]] = {}
    for draw in quiz.draw:
        pool = draw.pool or quiz.id
        by_pool.setdefault(pool, []).append(draw)
    for name, draws in by_pool.items():
        pool_quiz = shelf.quizzes.get(name)
        if pool_quiz is None:
            if name not in shelf.broken:
                yield shelf.at(quiz.path, "draw", "Z002", pool=name)
        elif pool_quiz.id != quiz.id and pool_quiz.kind != "pool":
            yield shelf.at(quiz.path, "draw", "Z004", pool=name)
        else:
            short = _shortage(draws, shelf.facts.get(pool_quiz.path, ()))
            if short is not None and pool_quiz.path not in shelf.partial:
                take, count = short
                yield shelf.at(
                    quiz.path, "draw", "Z003", pool=name, take=str(take), count=str(count)
                )


def _shortage(draws: Sequence[Draw], facts: Sequence[Facts]) -> tuple[int, int] | None:
    """The first set of draws that asks for more than its strata hold together (Hall 1935)."""
    levels = [fact.level for fact in facts if not fact.retired]
    sizes = range(1, len(draws) + 1) if len(draws) <= _ALL_SUBSETS else (1, len(draws))
    for size in sizes:
        for some in combinations(draws, size):
            take = sum(draw.take for draw in some)
            fit = sum(any(_fits(level, draw) for draw in some) for level in levels)
            if take > fit:
                return take, fit
    return None


def _fits(level: int, draw: Draw) -> bool:
    return not draw.levels or level in draw.levels


def _questions(shelf: Shelf) -> Iterator[Problem]:
    """Ids used in two files; the parser notes those used twice in one. Unknown capabilities."""
    known = [entry.key for entry in shelf.model.capabilities] if shelf.model else []
    lines = {
        fact.id: fact.line
        for path, facts in shelf.facts.items()
        for fact in facts
        if shelf.owners.get(fact.id) == path
    }
    for path in sorted(shelf.facts):
        course = shelf.courses.get(path.split("/")[1])
        default = course.capability if course is not None else ""
        for fact in shelf.facts[path]:
            owner = shelf.owners.get(fact.id, path)
            if owner != path:
                args = {"id": fact.id, "other": f"{owner}:{lines[fact.id]}"}
                yield Problem(path, fact.line, "Q005", args)
            if shelf.model and fact.capability not in (*known, default, ""):
                args = {"key": fact.capability, "known": ", ".join(known)}
                yield Problem(path, fact.line, "Q027", args)


def _drills(shelf: Shelf) -> Iterator[Problem]:
    """Capabilities of objectives that the model does not know."""
    known = [entry.key for entry in shelf.model.capabilities] if shelf.model else []
    for drill in shelf.exercises:
        course = shelf.courses.get(drill.course)
        default = course.capability if course is not None else ""
        for key in dict.fromkeys(one.capability for one in drill.objectives):
            if shelf.model and key not in (*known, default, ""):
                yield shelf.at(drill.path, "objectives", "Q027", key=key, known=", ".join(known))


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _cycle(start: str, courses: Mapping[str, Course]) -> list[str]:
    """The shortest way from a course over prerequisites back to itself; empty when none."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        course = courses.get(way[-1])
        for name in course.prerequisites if course else ():
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
