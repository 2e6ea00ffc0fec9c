"""What a few files would be, and what would be wrong, if they were published now.

The answer comes while somebody types: the drafts alone are parsed, against the catalogue that is
served; of what holds between files only their own course is looked at again.
"""

from __future__ import annotations

import posixpath
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from portal.content.linked import LinkChecker
from portal.content.parsing import Job, Row, kind_of_path, parse_job, slug_of_file
from portal.content.reading import MAX_BYTES, Source
from portal.content.snapshot import Snapshot
from portal.content.tree import Tree, chinese_of, english_of, is_english
from portal.core.catalogue_checks import Shelf, check_shelf
from portal.core.content_json import course_from_json, module_from_json, quiz_from_json
from portal.core.courses import Course, Module
from portal.core.drill_json import drill_from_json
from portal.core.item_checks import Facts
from portal.core.near_duplicates import repeated
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem
from portal.core.quizzes import Quiz
from portal.core.statutes import StatuteRegistry

_REMEMBERED = 200  # parsed drafts


@dataclass(frozen=True, slots=True)
class Moment:
    """What is served, as far as a check of drafts needs it."""

    problems: tuple[Problem, ...] = ()
    shelf: Shelf = field(default_factory=Shelf)
    snapshot: Snapshot | None = None
    statutes: StatuteRegistry | None = None

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.snapshot.sources if self.snapshot is not None else MappingProxyType({})

    @property
    def tree(self) -> Tree:
        return self.snapshot.tree if self.snapshot is not None else Tree()


@dataclass(frozen=True, slots=True)
class Checked:
    """``rows`` by the path of the Chinese file; ``problems`` of the drafts' courses, sorted;
    ``new`` are the errors of them that are in the drafts or come with them."""

    rows: Mapping[str, Row]
    problems: tuple[Problem, ...]
    new: tuple[Problem, ...]

    def of(self, path: str) -> tuple[Problem, ...]:
        """The problems of one file."""
        return tuple(problem for problem in self.problems if problem.path == path)


class Checker:
    """Checks drafts; remembers what it parsed, because most keystrokes change one of several."""

    def __init__(self, root: Path) -> None:
        self._links = LinkChecker(root)
        self._rows: OrderedDict[str, Row] = OrderedDict()
        self._guard = threading.Lock()

    def check(
        self,
        moment: Moment,
        drafts: Mapping[str, str | None],
        assets: Collection[str],
        *,
        thorough: bool,
    ) -> Checked:
        """See ``Library.check``."""
        rows, strays = self._parse_all(moment, drafts)
        shelf = _with_rows(moment.shelf, rows, drafts)
        courses = {path.split("/")[1] for path in drafts}
        found = [*check_shelf(shelf), *strays]
        for row in rows.values():
            found += row.problems
        found += self._check_links(moment, rows, drafts, assets)
        if thorough:
            for course in courses:
                found += _repeats(shelf, course)
        mine = {path for zh in rows for path in (zh, english_of(zh))}
        kept = [one for one in found if _is_of(one.path, courses)]
        kept += [
            one
            for one in moment.problems
            if _is_of(one.path, courses) and one.path not in mine and one.code not in _BETWEEN
        ]
        return Checked(rows, _sorted(kept), _new_errors(kept, mine, moment.problems))

    # Private methods

    def _parse_all(
        self, moment: Moment, drafts: Mapping[str, str | None]
    ) -> tuple[dict[str, Row], list[Problem]]:
        """Rows of all files that drafts touch, courses first: modules take defaults from them."""
        strays: list[Problem] = []
        rows: dict[str, Row] = {}
        touched = {chinese_of(path) if is_english(path) else path for path in drafts}
        for path in sorted(touched, key=lambda one: (kind_of_path(one) != "course", one)):
            zh, english = (_text(moment, drafts, name) for name in (path, english_of(path)))
            if zh is None:
                if english is not None:
                    name = path.rpartition("/")[2]
                    strays.append(Problem(english_of(path), 1, "X008", {"source": name}))
                continue
            large = [
                _too_large(name, text)
                for name, text in ((path, zh), (english_of(path), english))
                if text is not None and len(text.encode("utf-8", "replace")) > MAX_BYTES
            ]
            if large:
                rows[path] = Row(path, problems=large)
            else:
                capability = _capability(moment.shelf, rows, path)
                rows[path] = self._row(Job(path, zh, english, capability), moment.statutes)
        return rows, strays

    def _row(self, job: Job, statutes: StatuteRegistry | None) -> Row:
        mark = sha256(repr((job, id(statutes))).encode("utf-8", "surrogatepass")).hexdigest()
        with self._guard:
            known = self._rows.get(mark)
            if known is not None:
                self._rows.move_to_end(mark)
                return known
        row = parse_job(job, statutes)
        with self._guard:
            self._rows[mark] = row
            while len(self._rows) > _REMEMBERED:
                self._rows.popitem(last=False)
        return row

    def _check_links(
        self,
        moment: Moment,
        rows: Mapping[str, Row],
        drafts: Mapping[str, str | None],
        assets: Collection[str],
    ) -> list[Problem]:
        coming = {*assets, *(path for path, text in drafts.items() if text is not None)}
        links = [
            (path, line, target)
            for row in rows.values()
            for path, line, target in row.links
            if posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) not in coming
        ]
        return self._links.check(links, moment.tree)


# Private functions

# problems between files are found anew for the whole course
_BETWEEN = frozenset(
    (
        *("C001", "C002", "C004", "C005", "C006", "C007", "C008", "C009", "C010", "C014", "C015"),
        *("Z001", "Z002", "Z003", "Z004", "Q005", "Q027"),
    )
)


def _text(moment: Moment, drafts: Mapping[str, str | None], path: str) -> str | None:
    if path in drafts:
        return drafts[path]
    source = moment.sources.get(path)
    return source.text if source is not None and source.problem is None else None


def _too_large(path: str, text: str) -> Problem:
    size = -(-len(text.encode("utf-8", "replace")) // 1024)
    return Problem(path, 1, "X001", {"size": str(size), "limit": str(MAX_BYTES // 1024)})


def _capability(shelf: Shelf, rows: Mapping[str, Row], path: str) -> str:
    """The default capability of the course that ``path`` belongs to."""
    course = path.split("/")[1]
    row = rows.get(f"courses/{course}/course.md")
    if kind_of_path(path) == "course":
        return ""
    if row is not None and row.value:
        return course_from_json(row.value).capability
    known = shelf.courses.get(course)
    return known.capability if known is not None else ""


def _with_rows(shelf: Shelf, rows: Mapping[str, Row], drafts: Mapping[str, str | None]) -> Shelf:
    """``shelf`` as far as the drafts' courses need it, with the drafts in their places."""
    gone = {path for path in drafts if not is_english(path) and path not in rows}
    touched = {*rows, *gone}
    courses = {path.split("/")[1] for path in drafts}
    values = [_value(row) for row in rows.values() if row.value and row.kind != "drill"]
    quizzes = _quizzes(shelf, courses, touched, values)
    owners, facts = _facts(shelf, courses, touched, rows, quizzes)
    ids = {_id_of(path) for path in touched}
    folders = {*shelf.folders, *("/".join(path.split("/")[:2]) for path in rows)}
    return replace(
        shelf,
        courses={
            **{one.id: one for one in shelf.courses.values() if one.path not in touched},
            **{one.id: one for one in values if isinstance(one, Course)},
        },
        modules=[
            *(one for one in shelf.modules if one.course in courses and one.path not in touched),
            *(one for one in values if isinstance(one, Module)),
        ],
        quizzes=quizzes,
        facts=facts,
        folders=sorted(
            one for one in folders if one.split("/")[1] in courses or one in shelf.folders
        ),
        exercises=[
            *(one for one in shelf.exercises if one.course in courses and one.path not in touched),
            *(
                drill_from_json(row.value, path=path)
                for path, row in rows.items()
                if row.kind == "drill" and row.value
            ),
        ],
        drills=(shelf.drills - ids) | {_id_of(p) for p, row in rows.items() if row.kind == "drill"},
        broken=(shelf.broken - ids) | {_id_of(path) for path, row in rows.items() if not row.kind},
        key_lines={**shelf.key_lines, **{path: row.key_lines for path, row in rows.items()}},
        owners=owners,
        partial=(shelf.partial - touched)
        | {path for path, row in rows.items() if row.has_errors(path)},
    )


def _quizzes(
    shelf: Shelf, courses: set[str], touched: set[str], values: list[Course | Module | Quiz]
) -> dict[str, Quiz]:
    """Quizzes of the drafts' courses, and the pools that they draw from."""
    own = {
        quiz.id: quiz
        for quiz in shelf.quizzes.values()
        if quiz.course in courses and quiz.path not in touched
    }
    own |= {one.id: one for one in values if isinstance(one, Quiz)}
    wanted = {draw.pool for quiz in own.values() for draw in quiz.draw if draw.pool}
    wanted |= {
        name
        for course in courses
        if course in shelf.courses
        for name in shelf.courses[course].pass_quizzes
    }
    pools = {
        name: shelf.quizzes[name]
        for name in wanted - set(own)
        if name in shelf.quizzes and shelf.quizzes[name].path not in touched
    }
    return own | pools


def _facts(
    shelf: Shelf,
    courses: set[str],
    touched: set[str],
    rows: Mapping[str, Row],
    quizzes: Mapping[str, Quiz],
) -> tuple[dict[str, str], dict[str, list[Facts]]]:
    """Owners of the question ids, and facts of the files that matter for the drafts."""
    near = {quiz.path for quiz in quizzes.values()}
    owners = {name: path for name, path in shelf.owners.items() if path not in touched}
    facts = {
        path: list(found)
        for path, found in shelf.facts.items()
        if path not in touched and (path in near or path.split("/")[1] in courses)
    }
    for path, row in sorted(rows.items()):
        facts[path] = list(row.facts)
        for fact in row.facts:
            owner = owners.setdefault(fact.id, path)
            if owner != path and owner not in facts:
                facts[owner] = list(shelf.facts[owner])
    return owners, facts


def _value(row: Row) -> Course | Module | Quiz:
    if row.kind == "course":
        return course_from_json(row.value)
    return module_from_json(row.value) if row.kind == "module" else quiz_from_json(row.value)


def _id_of(path: str) -> str:
    """The course, module or quiz id of a Chinese file."""
    folder, stem = path.split("/")[1], path.rpartition("/")[2].removesuffix(".md")
    kind = kind_of_path(path)
    if kind == "course":
        return folder
    return f"{folder}/{slug_of_file(path) if kind == 'module' else stem}"


def _repeats(shelf: Shelf, course: str) -> Iterator[Problem]:
    pairs = [
        (path, fact)
        for path in sorted(shelf.facts)
        if path.split("/")[1] == course
        for fact in shelf.facts[path]
    ]
    yield from repeated(pairs)


def _is_of(path: str, courses: set[str]) -> bool:
    parts = path.split("/")
    return len(parts) > 1 and parts[1] in courses


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    seen = {(one.path, one.line, one.code, repr(sorted(one.args.items()))): one for one in problems}
    return tuple(seen[key] for key in sorted(seen))


def _new_errors(
    problems: list[Problem], mine: set[str], before: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    """Errors in the drafts, and those that other files of the course get because of them."""
    known = {(one.path, one.code, repr(sorted(one.args.items()))) for one in before}
    return _sorted(
        [
            one
            for one in problems
            if severity_of(one) == "error"
            and (
                one.path in mine
                or (one.path, one.code, repr(sorted(one.args.items()))) not in known
            )
        ]
    )
