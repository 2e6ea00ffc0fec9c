"""What publishing one file does to those who learn from it, asked before it is published.

``impacts`` is the one place where the publish dialog asks: which questions come, change and go,
what stands on the changed ones (attempts, people, passes, completed courses) and whether somebody
has to decide what becomes of their answers. Further remarks come from steps that are added to
``STEPS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.content.tree import english_of, is_english
from portal.core import content_json
from portal.core.edit_impact import Change, changes_the_key, what_changed
from portal.core.questions import Question
from portal.core.regrading import Obstacle, obstacle
from portal.store import question_decisions, versions
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of the dialog: a locale key and what fills its placeholders.

    ``asks``: somebody has to decide before the file may be published.
    """

    key: str
    args: Mapping[str, object] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands on a question that changes or goes, and what was chosen for them.

    ``versions`` are those with the same key as the one that is replaced. ``decides``: it was
    graded, and a choice is required. ``choice``: deed, reason, take_passes for exactly this edit.
    """

    question_id: str
    title: str
    changes: tuple[Change, ...]
    gone: bool
    digest: str  # of the new text: a choice for another text does not hold
    versions: tuple[str, ...]
    decides: bool
    obstacle: Obstacle | None  # why a regrade is out of the question
    choice: Row | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Who met the versions of a ``Standing``: submitted ``attempts`` of ``people``, of whom
    ``passed`` have a pass with it, attempts that are ``open``, course ``completions`` that stand on
    such a pass, people who met it in ``checkpoints``."""

    attempts: int
    people: int
    passed: int
    open: int
    completions: int
    checkpoints: int


@dataclass(frozen=True, slots=True)
class Impact:
    """``added``, ``changed`` and ``removed`` are ids of questions; ``remarks`` what steps say."""

    path: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    standings: tuple[Standing, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a decision is still open."""
        return any(remark.asks for remark in self.remarks) or any(
            one.decides and one.choice is None for one in self.standings
        )


Step = Callable[[Portal, Impact, str, str | None], tuple[Remark, ...]]
# each gets the portal, the impact so far, the old text ("" for a new file) and the new one (None:
# deleted), and answers with its remarks
STEPS: list[Step] = []


@dataclass(frozen=True, slots=True)
class Edit:
    """One file of a change: its text before ("" for a new file) and after (None: deleted)."""

    path: str
    old: str
    new: str | None


def impacts(
    conn: Connection, portal: Portal, edits: Sequence[Edit], choices: Mapping[str, Row]
) -> list[Impact]:
    """What each file of a change does. Questions are followed over all files: one that moves from
    a file to another stays the same question."""
    read = {
        edit.path: (
            _questions(portal, edit.path, edit.old or None),
            _questions(portal, edit.path, edit.new),
        )
        for edit in edits
        if not is_english(edit.path)  # an edition only adds words
    }
    everything = {key: one for _, after in read.values() for key, one in after.items()}
    made = []
    for edit in edits:
        before, after = read.get(edit.path, ({}, {}))
        found = Impact(
            edit.path,
            added=tuple(sorted(after.keys() - before.keys())),
            changed=tuple(sorted(i for i in before.keys() & after.keys() if before[i] != after[i])),
            removed=tuple(sorted(before.keys() - after.keys())),
        )
        remarks = tuple(r for step in STEPS for r in step(portal, found, edit.old, edit.new))
        standings = tuple(
            _standing(conn, before[key], everything.get(key), choices.get(key))
            for key in (*found.changed, *found.removed)
        )
        made.append(
            Impact(edit.path, found.added, found.changed, found.removed, remarks, standings)
        )
    return made


def count(conn: Connection, portal: Portal, one: Standing) -> Counts:
    """Who stands on the question. Reads every attempt that holds it."""
    row = question_decisions.counts_on(conn, one.question_id, one.versions)
    asked_by = [
        (quiz_id, course.id)
        for course in portal.library.catalogue.courses.values()
        for quiz_id in course.pass_quizzes
    ]
    completions = 0
    if row["passed"]:
        completions = question_decisions.completions_on(
            conn, one.question_id, one.versions, asked_by
        )
    return Counts(completions=completions, **row)


def refuse_undecided(found: Sequence[Impact]) -> None:
    """Raises Refused ``error.impact_undecided`` while a decision is open."""
    waiting = [
        one.question_id
        for impact in found
        for one in impact.standings
        if one.decides and one.choice is None
    ]
    if waiting or any(impact.asks for impact in found):
        raise Refused("error.impact_undecided", n=len(waiting), id=(waiting or [""])[0])


# Private functions


def _questions(portal: Portal, path: str, text: str | None) -> dict[str, Question]:
    """The questions in ``text`` by id."""
    if text is None:
        return {}
    # without its edition: English words are no part of what is asked here
    row = portal.library.check({path: text, english_of(path): None}).rows.get(path)
    if row is None:
        return {}
    made = (content_json.question_from_json(item) for item in row.items)
    return {question.id: question for question in made}


def _standing(
    conn: Connection, old: Question, new: Question | None, choice: Row | None
) -> Standing:
    kept = versions.questions_met(conn, old.id)
    same = tuple(sorted(one for one, was in kept.items() if not changes_the_key(was, old)))
    digest = content_json.version_of(new) if new else ""
    decides = new is not None and changes_the_key(old, new)
    return Standing(
        question_id=old.id,
        title=old.title.zh,
        changes=what_changed(old, new) if new else (),
        gone=new is None,
        digest=digest,
        versions=same,
        decides=decides and question_decisions.is_graded(conn, old.id, same),
        obstacle=obstacle(old, new) if new else None,
        choice=choice if choice is not None and choice["digest"] == digest else None,
    )
