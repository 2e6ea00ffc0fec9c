"""The tree of courses and quizzes for trainers: what is sound, what is being changed by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from yaml.nodes import ScalarNode

from portal.actions import content_state as state
from portal.actions import permission
from portal.actions.portal import Portal
from portal.content import writing
from portal.content.parsing import Row as Parsed
from portal.content.parsing import kind_of_path
from portal.content.tree import chinese_of, english_of, is_english
from portal.core.catalogue import Catalogue
from portal.core.content_json import course_from_json, module_from_json, quiz_from_json
from portal.core.findings import Findings
from portal.core.front_matter import read_front
from portal.core.people import Person
from portal.core.problem_texts import severity_of
from portal.store import content_changes, content_drafts
from portal.store.database import Connection


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course: numbers of problems in what is published, the state of its open change ("" when
    there is none), how many files that touches, whether the day of review has passed."""

    course: str
    title: str
    errors: int
    warnings: int
    state: str
    drafts: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """One Chinese file and its edition. ``deed``: ``""``, ``new``, ``changed`` or ``deleted`` by
    the open change; problems are those the file would have if the change were published."""

    path: str
    kind: str  # course, module, quiz, exam, pool, drill
    title: str
    errors: int
    warnings: int
    deed: str
    edition: str  # path of the English edition; "" when there is none
    edition_deed: str


def list_courses(portal: Portal, actor: Person, today: str, locale: str) -> list[CourseLine]:
    """All courses by title, those not published yet first. ``today`` is an ISO date.

    Raises NotAllowed.
    """
    known_courses = portal.library.catalogue.courses
    with permission.read(portal, actor, "edit_content") as c:
        changes = {row["course"]: row for row in content_changes.list_open(c)}
        touched = Counter(row["course"] for row in content_drafts.list_open(c))
        new = {course: row for course, row in changes.items() if course not in known_courses}
        titles = {course: _drafted_title(c, row["id"], course) for course, row in new.items()}
    catalogue = portal.library.catalogue
    counted = _counted(catalogue)
    folders = {path.split("/")[1] for path in portal.library.paths() if path.endswith(".md")}
    lines = []
    for course in folders | changes.keys():
        known = catalogue.courses.get(course)
        lines.append(
            CourseLine(
                course=course,
                title=titles.get(course) or _title(catalogue, course, locale),
                errors=counted.get((course, "error"), 0),
                warnings=counted.get((course, "warning"), 0),
                state=changes[course]["state"] if course in changes else "",
                drafts=touched[course],
                overdue=bool(known and known.review_by and known.review_by < today),
            )
        )
    return sorted(lines, key=lambda one: (one.course in catalogue.courses, one.title))


def _drafted_title(c: Connection, change_id: int, course: str) -> str:
    """The title that the draft of a course gives it that is not published yet; "" without one."""
    path = f"courses/{course}/course.md"
    draft = content_drafts.find(c, change_id, path)
    return title_of(path, draft["text"]) if draft is not None and draft["text"] else ""


def _title(catalogue: Catalogue, course: str, locale: str) -> str:
    """The course's title; of a folder that holds nothing but one pool, the pool's."""
    known = catalogue.courses.get(course)
    if known is not None:
        return known.title.in_(locale)
    pools = [quiz for quiz in catalogue.quizzes.values() if quiz.course == course]
    return pools[0].title.in_(locale) if len(pools) == 1 else course


def list_files(portal: Portal, actor: Person, course: str, locale: str) -> list[FileLine]:
    """The files of one course as its open change would make them. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content") as c:
        drafts = state.open_drafts(c, course)
    texts = {} if drafts is None else drafts.texts
    checked = portal.library.check(texts, () if drafts is None else drafts.assets)
    problems = portal.library.catalogue.problems if drafts is None else checked.problems
    counted = Counter((one.path, severity_of(one)) for one in problems)
    deeds = {} if drafts is None else {path: _deed(row) for path, row in drafts.rows.items()}
    paths = {
        path
        for path in (*portal.library.paths(), *texts)
        if path.endswith(".md") and path.split("/")[1] == course
    }
    lines = []
    for path in sorted({chinese_of(path) if is_english(path) else path for path in paths}):
        edition = english_of(path) if english_of(path) in paths else ""
        kind, title = _kind_and_title(portal.library.catalogue, checked.rows, path, locale)
        lines.append(
            FileLine(
                path=path,
                kind=kind,
                title=title,
                errors=counted[path, "error"] + (counted[edition, "error"] if edition else 0),
                warnings=counted[path, "warning"] + (counted[edition, "warning"] if edition else 0),
                deed=deeds.get(path, ""),
                edition=edition,
                edition_deed=deeds.get(edition, ""),
            )
        )
    order = {"course": 0, "module": 1}
    return sorted(lines, key=lambda one: (order.get(one.kind, 2), one.path))


def title_of(path: str, text: str) -> str:
    """The title that a file's settings give it; its name where they cannot be read."""
    front = read_front(text.split("\n"), Findings(path))
    node = front.nodes.get("title") if front is not None else None
    return str(node.value) if isinstance(node, ScalarNode) else path.rpartition("/")[2]


def is_writable(portal: Portal) -> bool:
    """Whether the portal may write into its content folder at all."""
    return writing.is_writable(portal.library.root)


# Private functions


def _counted(catalogue: Catalogue) -> Mapping[tuple[str, str], int]:
    return Counter(
        (problem.path.split("/")[1], severity_of(problem))
        for problem in catalogue.problems
        if problem.path.count("/") > 0
    )


def _deed(row: Mapping[str, object]) -> str:
    if row["deed"] == "delete":
        return "deleted"
    return "new" if row["base_sha256"] is None else "changed"


def _kind_and_title(
    catalogue: Catalogue, rows: Mapping[str, Parsed], path: str, locale: str
) -> tuple[str, str]:
    """From the draft where there is one, else from what is served; the file's name as last."""
    name = path.rpartition("/")[2]
    row = rows.get(path)
    if row is not None and row.value:
        match row.kind:
            case "course":
                return "course", course_from_json(row.value).title.in_(locale)
            case "module":
                return "module", module_from_json(row.value).title.in_(locale)
            case "quiz":
                quiz = quiz_from_json(row.value)
                return quiz.kind, quiz.title.in_(locale)
    served = {
        **{one.path: ("course", one.title) for one in catalogue.courses.values()},
        **{one.path: ("module", one.title) for one in catalogue.modules.values()},
        **{one.path: (one.kind, one.title) for one in catalogue.quizzes.values()},
        **{one.path: ("drill", one.title) for one in catalogue.drills.values()},
    }
    if path in served:
        kind, title = served[path]
        return kind, title.in_(locale)
    return ("drill" if row is not None and row.kind == "drill" else kind_of_path(path)), name
