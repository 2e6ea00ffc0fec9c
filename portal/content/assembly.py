"""Rows of all files put together into one ``Catalogue``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from portal.content.cache import Cache
from portal.content.fingerprint import PARSERS
from portal.content.joining import first_of_each_id, with_modules, with_own_questions
from portal.content.parsing import Row, kind_of_path, slug_of_file
from portal.content.questions_map import Packed, Questions
from portal.content.registries import Registries
from portal.core.capabilities import CapabilityModel
from portal.core.catalogue import Catalogue
from portal.core.catalogue_checks import Shelf, check_owners, check_shelf, owners_of
from portal.core.content_json import course_from_json, module_from_json, quiz_from_json
from portal.core.courses import Course, Module
from portal.core.drill_json import drill_from_json
from portal.core.drills import Drill
from portal.core.near_duplicates import repeated
from portal.core.problems import Problem
from portal.core.quizzes import Quiz
from portal.core.statutes import StatuteRegistry


@dataclass(frozen=True, slots=True)
class Served:
    """The version of one file that is served, with the problems of the file as it is now.

    ``is_current``: it is the file's own text, not its last good one. ``is_whole``: nothing was
    left out because of errors.
    """

    row: Row
    key: str
    problems: tuple[Problem, ...]
    is_current: bool = True
    is_whole: bool = True


class Assembler:
    """Puts catalogues together; what did not change since the last one is not made again."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._values: dict[str, Course | Module | Quiz] = {}
        self._drills: dict[str, Drill] = {}
        self._repeats: dict[str, str] = {}  # problems as text, by the hash of a course's keys
        self._questions: Questions | None = None
        self._owners: dict[str, str] = {}
        self.shelf = Shelf()  # of the last assembly, for checks of a file before it is published

    def assemble(
        self,
        served: Mapping[str, Served],
        folders: Sequence[str],
        registries: Registries,
        problems: list[Problem],
    ) -> Catalogue:
        """The catalogue of ``served`` (by path). ``problems`` are those known already."""
        capabilities, statutes = registries.capabilities, registries.statutes
        values = self._unpack(served)
        courses, modules, quizzes = _sorted(values)
        drills = self._unpack_drills(served)
        facts = {path: one.row.facts for path, one in served.items() if one.row.kind}
        owners = owners_of(facts, self._owners)
        self._owners = owners
        shelf = Shelf(
            courses={course.id: course for course in courses},
            modules=modules,
            quizzes={quiz.id: quiz for quiz in quizzes},
            facts=facts,
            model=capabilities,
            folders=folders,
            drills=frozenset(_id_of(path) for path in served if served[path].row.kind == "drill"),
            broken=frozenset(_id_of(path) for path in served if self._is_out(served[path])),
            key_lines={path: one.row.key_lines for path, one in served.items()},
            owners=owners,
            partial=frozenset(path for path, one in served.items() if not one.is_whole),
            exercises=drills,
        )
        self.shelf = shelf
        found = [*problems, *check_shelf(shelf), *check_owners(shelf, registries.owners)]
        for one in served.values():
            found += one.problems
        found += self._check_repeats(served)
        questions = self._collect(served, owners)
        self._questions = questions
        taught = [module for module in modules if module.course in shelf.courses]
        whole = first_of_each_id(taught, owners)
        return Catalogue(
            fingerprint=_fingerprint(served, registries),
            courses=with_modules(courses, whole),
            modules={module.id: module for module in whole},
            quizzes={
                quiz.id: with_own_questions(quiz, owners)
                for quiz in quizzes
                if quiz.course in shelf.courses or _stands_alone(quiz, folders)
            },
            drills={drill.id: drill for drill in drills if drill.course in shelf.courses},
            questions=questions,
            versions={
                fact.id: version
                for path, one in served.items()
                for fact, version in zip(one.row.facts, one.row.versions, strict=True)
                if owners.get(fact.id) == path
            },
            capabilities=capabilities or CapabilityModel(),
            statutes=statutes or StatuteRegistry(),
            renumbering=registries.renumbering,
            owners=registries.owners,
            problems=tuple(sorted(set_of(found), key=lambda one: (one.path, one.line, one.code))),
        )

    # Private methods

    def _unpack(self, served: Mapping[str, Served]) -> list[Course | Module | Quiz]:
        """Values of the rows, kept from last time where the key is the same."""
        values: dict[str, Course | Module | Quiz] = {}
        for path in sorted(served):
            one = served[path]
            if not one.row.value or one.row.kind == "drill":
                continue
            known = self._values.get(one.key)
            value = known if known is not None else _value(one.row)
            values[one.key] = value
        self._values = values
        return [values[one.key] for _, one in sorted(served.items()) if self._is_in(one)]

    def _unpack_drills(self, served: Mapping[str, Served]) -> list[Drill]:
        """Drills in order of path, kept from last time where the key is the same."""
        rows = {
            path: one
            for path, one in sorted(served.items())
            if one.row.kind == "drill" and not self._is_out(one)
        }
        self._drills = {
            one.key: self._drills.get(one.key) or drill_from_json(one.row.value, path=path)
            for path, one in rows.items()
        }
        return list(self._drills.values())

    def _is_in(self, one: Served) -> bool:
        return one.key in self._values and not self._is_out(one)

    def _is_out(self, one: Served) -> bool:
        """Whether nothing of a file is served: it cannot be read, it is an exam that lacks
        questions, and nobody is examined with that, or a drill that cannot be played."""
        value = self._values.get(one.key)
        if one.row.kind == "drill":
            return not one.row.value
        return value is None or (
            isinstance(value, Quiz) and value.kind == "exam" and not one.is_whole
        )

    def _check_repeats(self, served: Mapping[str, Served]) -> list[Problem]:
        """Repeated questions, course by course; a course that did not change is not looked at."""
        files: dict[str, list[str]] = {}
        for path in sorted(path for path, one in served.items() if one.row.facts):
            files.setdefault(path.split("/")[1], []).append(path)
        keys = {_hash_of(served, paths): paths for paths in files.values()}
        known = {key: self._repeats[key] for key in keys if key in self._repeats}
        known |= self._cache.rows(key for key in keys if key not in known)
        fresh = {
            key: _as_text(
                repeated([(path, fact) for path in paths for fact in served[path].row.facts])
            )
            for key, paths in keys.items()
            if key not in known
        }
        if fresh:
            self._cache.store(fresh, {}, (), None)
        self._repeats = known | fresh
        return [problem for text in self._repeats.values() for problem in _from_text(text)]

    def _collect(self, served: Mapping[str, Served], owners: Mapping[str, str]) -> Questions:
        packed: dict[str, Packed] = {}
        for path in sorted(served):
            row = served[path].row
            for fact, item in zip(row.facts, row.items, strict=True):
                if owners.get(fact.id) == path:
                    packed[fact.id] = (item, path, fact.line)
        return Questions(packed, self._questions)


def set_of(problems: Sequence[Problem]) -> list[Problem]:
    """``problems`` without repetitions (path, line and code alike and equal words)."""
    seen: dict[tuple[str, int, str, str], Problem] = {}
    for problem in problems:
        words = repr(sorted(problem.args.items()))
        seen.setdefault((problem.path, problem.line, problem.code, words), problem)
    return list(seen.values())


# Private functions


def _stands_alone(quiz: Quiz, folders: Sequence[str]) -> bool:
    """Whether a pool belongs to no course: there is not even a broken folder of that name."""
    return quiz.kind == "pool" and f"courses/{quiz.course}" not in folders


def _hash_of(served: Mapping[str, Served], paths: Sequence[str]) -> str:
    """What the repetitions among the questions of ``paths`` depend on."""
    digest = sha256(f"repeats {PARSERS}".encode())
    for path in paths:
        digest.update(f"\0{path}\0{served[path].key}".encode())
    return digest.hexdigest()


def _as_text(problems: Sequence[Problem]) -> str:
    return json.dumps([[one.path, one.line, one.code, dict(one.args)] for one in problems])


def _from_text(text: str) -> list[Problem]:
    return [Problem(*entry) for entry in json.loads(text)]


def _value(row: Row) -> Course | Module | Quiz:
    if row.kind == "course":
        return course_from_json(row.value)
    return module_from_json(row.value) if row.kind == "module" else quiz_from_json(row.value)


def _sorted(
    values: Sequence[Course | Module | Quiz],
) -> tuple[list[Course], list[Module], list[Quiz]]:
    return (
        [value for value in values if isinstance(value, Course)],
        [value for value in values if isinstance(value, Module)],
        [value for value in values if isinstance(value, Quiz)],
    )


def _id_of(path: str) -> str:
    """The course, module or quiz id that the file ``path`` has."""
    folder = path.split("/")[1]
    kind = kind_of_path(path)
    if kind == "course":
        return folder
    stem = path.rpartition("/")[2].removesuffix(".md")
    return f"{folder}/{slug_of_file(path) if kind == 'module' else stem}"


def _fingerprint(served: Mapping[str, Served], registries: Registries) -> str:
    statutes = registries.statutes
    digest = sha256()
    for path in sorted(served):
        digest.update(f"{path}\0{served[path].key}\n".encode())
    digest.update(repr(registries.capabilities).encode())
    for name, versions in sorted(statutes.by_name.items() if statutes is not None else ()):
        shown = [
            f"{one.short} {one.version} {one.effective} {one.articles} {one.in_force}"
            for one in versions
        ]
        digest.update(f"{name}\0{shown}\n".encode())
    digest.update(f"{registries.renumbering!r}\0{registries.owners!r}".encode())
    return digest.hexdigest()
