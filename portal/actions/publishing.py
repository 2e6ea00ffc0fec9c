"""Publishing a change: what was approved is written into the content folder, all of it or nothing.

Order: check that the change may be published, that its files have no errors and are what the
drafts were made from → write the files → note it in the records → let the library read them →
commit them where the folder is a Git repository. A crash after the files were written leaves a
change that can be published again; a refusal of Git is told and takes nothing back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.actions import content_state as state
from portal.actions import permission, publishing_impact, regrading
from portal.actions.audit import note
from portal.actions.content_changes import approved, refuse_faults
from portal.actions.content_state import Drafts
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.actions.publishing_impact import Counts, Edit, Impact, Standing
from portal.actions.syncing import sync_courses
from portal.content import git, writing
from portal.content.git import GitRefused
from portal.content.writing import Unwritable, Write, like_before
from portal.core.catalogue import Catalogue
from portal.core.change_rules import may_publish
from portal.core.content_paths import is_source
from portal.core.people import Person
from portal.core.problem_texts import severity_of
from portal.core.times import iso
from portal.store import (
    content_changes,
    content_drafts,
    content_revisions,
    question_decisions,
)
from portal.store.database import Connection, Row

MAIL_DOMAIN = "academy.invalid"  # an address that can belong to nobody (RFC 2606)


@dataclass(frozen=True, slots=True)
class Published:
    """What learners get from now on: numbers of questions and module ids; ``held_back`` are files
    that are on disk and not served in this form. ``commit`` is None where the folder is no Git
    repository or Git refused (``git_said``)."""

    paths: tuple[str, ...]
    added: int
    changed: int
    removed: int
    new_modules: tuple[str, ...]
    gone_modules: tuple[str, ...]
    held_back: tuple[str, ...]
    commit: str | None = None
    git_said: str = ""


def impacts(portal: Portal, actor: Person, change_id: int) -> list[Impact]:
    """What each file of a change does to learners, for the publish dialog. Raises NotAllowed."""
    with permission.read(portal, actor, "publish_content") as c:
        return _impacts(c, portal, state.get_drafts(c, change_id))


def counts(portal: Portal, actor: Person, standing: Standing) -> Counts:
    """Who stands on a question of ``impacts``; takes a while after many answers. Raises
    NotAllowed."""
    with permission.read(portal, actor, "publish_content") as c:
        return publishing_impact.count(c, portal, standing)


def choose(
    portal: Portal,
    actor: Person,
    change_id: int,
    question_id: str,
    deed: str,
    reason: str,
    *,
    take_passes: bool = False,
) -> None:
    """Choose what becomes of answers to a question whose key this change edits: ``keep``,
    ``regrade`` or ``void``. It holds for the text as it stands; publishing carries it out.

    Raises NotAllowed, and Refused: ``error.decision_reason``, ``error.decision_options``,
    ``error.decision_kind``, ``error.decision_essay``.
    """
    words = regrading.reason_of(reason)
    with permission.write(portal, actor, "regrade") as c:
        found = [
            one
            for impact in _impacts(c, portal, state.get_drafts(c, change_id))
            for one in impact.standings
            if one.question_id == question_id and one.decides
        ]
        if not found or deed not in regrading.DEEDS:
            raise NotAllowed
        if deed == "regrade" and found[0].obstacle is not None:
            raise Refused(f"error.decision_{found[0].obstacle}")
        question_decisions.choose(
            c,
            change_id=change_id,
            question_id=question_id,
            digest=found[0].digest,
            deed=deed,
            take_passes=int(take_passes and deed != "keep"),
            reason=words,
            chosen_by=actor.id,
            chosen_at=iso(portal.now()),
        )


def publish(portal: Portal, actor: Person, change_id: int) -> Published:
    """Put a change into service; answers to questions whose key it edits are dealt with as chosen.

    Raises NotAllowed, or Refused with ``error.content_not_approved``, ``error.impact_undecided``,
    ``error.content_errors``, ``error.content_marks``, ``error.content_moved`` (a file was changed
    outside), ``error.content_readonly``, ``error.content_link``, ``error.content_not_written``.
    """
    before = portal.library.catalogue
    # the library's lock first: a refresh that is under way is waited for outside the transaction
    with portal.library.undisturbed(), permission.write(portal, actor, "publish_content") as c:
        drafts = state.get_drafts(c, change_id)
        reviews = content_changes.reviews(c, change_id)
        _refuse_unapproved(c, portal, drafts, reviews)
        refuse_faults(portal, drafts)
        found = _impacts(c, portal, drafts)
        publishing_impact.refuse_undecided(found)
        writes = [_write_of(c, portal, drafts, path) for path in drafts.rows]
        _write_files(portal, writes)
        author = content_changes.authors(c, change_id)[0]
        _keep_versions(c, portal, actor, drafts, writes, author, reviews)
        _decide(c, portal, actor, change_id, found)
        content_changes.close(c, change_id, "published", actor.id, portal.now())
        content_drafts.remove_all(c, change_id)
        paths = tuple(drafts.rows)
        reviewed = bool(approved(reviews))
        note(
            *(portal, c, actor, "publish_content", f"content:{drafts.change['course']}"),
            files=list(paths),
            reviewed=reviewed,
        )
    portal.library.refresh()
    sync_courses(portal)
    commit, said = _commit(portal, paths, author, drafts.change)
    if commit or said:
        with portal.db.write(bump=False) as c:
            content_changes.add_commit(c, change_id, commit, said, portal.now())
    return _outcome(before, portal.library.catalogue, drafts, commit, said)


# Private functions


def _impacts(c: Connection, portal: Portal, drafts: Drafts) -> list[Impact]:
    edits = [
        Edit(path, drafts.rows[path]["base_text"] or "", text)
        for path, text in drafts.texts.items()
    ]
    choices = question_decisions.choices(c, drafts.change["id"])
    return publishing_impact.impacts(c, portal, edits, choices)


def _decide(
    c: Connection, portal: Portal, actor: Person, change_id: int, found: Sequence[Impact]
) -> None:
    """Record what was chosen for answers; it is carried out in the background."""
    for one in (one for impact in found for one in impact.standings):
        if one.decides and one.choice is not None:
            regrading.add_decision(
                c,
                portal,
                actor,
                one.question_id,
                one.choice["deed"],
                list(one.versions),
                one.choice["reason"],
                take_passes=bool(one.choice["take_passes"]),
                change_id=change_id,
            )


def _refuse_unapproved(c: Connection, portal: Portal, drafts: Drafts, reviews: list[Row]) -> None:
    rule = portal.settings.content_review
    digest = state.digest(c, drafts)
    if not drafts.rows or not may_publish(drafts.change["state"], approved(reviews), digest, rule):
        raise Refused("error.content_not_approved")


def _write_of(c: Connection, portal: Portal, drafts: Drafts, path: str) -> Write:
    row = drafts.rows[path]
    try:
        before = writing.read_file(portal.library.root, path)
    except Unwritable:
        raise Refused("error.content_link", path=path) from None
    except OSError as error:
        raise Refused("error.content_not_written", path=path, detail=error.strerror) from None
    if row["deed"] == "delete":
        return Write(path, None, row["base_sha256"])
    if row["text"] is None:
        content = content_drafts.asset(c, drafts.change["id"], path)
        return Write(path, content, row["base_sha256"])
    return Write(path, like_before(row["text"], before), row["base_sha256"])


def _write_files(portal: Portal, writes: Sequence[Write]) -> None:
    try:
        writing.write_files(portal.library.root, writes)
    except Unwritable as error:
        keys = {
            "moved": "error.content_moved",
            "readonly": "error.content_readonly",
            "link": "error.content_link",
        }
        key = keys.get(error.reason, "error.content_not_written")
        raise Refused(key, path=error.path, detail=error.detail) from None


def _keep_versions(
    c: Connection,
    portal: Portal,
    actor: Person,
    drafts: Drafts,
    writes: Sequence[Write],
    author: Row,
    reviews: list[Row],
) -> None:
    """Every file as it was found, where that is not known yet, and as it is now."""
    course = drafts.change["course"]
    reviewer = reviews[0]["reviewer_id"] if approved(reviews) else None
    for write in writes:
        row = drafts.rows[write.path]
        known = content_revisions.latest_sha256(c, write.path)
        if row["base_sha256"] is not None and known != row["base_sha256"]:
            content_revisions.add(
                c,
                path=write.path,
                course=course,
                source="outside",
                sha256=row["base_sha256"],
                text=row["base_text"],
                at=portal.now(),
            )
        content_revisions.add(
            c,
            path=write.path,
            course=course,
            source="portal",
            sha256=writing.digest(write.content),
            text=row["text"] if row["deed"] == "write" else None,
            at=portal.now(),
            change_id=drafts.change["id"],
            note=drafts.change["note"],
            author_id=author["id"],
            reviewer_id=reviewer,
            published_by=actor.id,
        )


def _commit(
    portal: Portal, paths: Sequence[str], author: Row, change: Row
) -> tuple[str | None, str]:
    root = portal.library.root
    if not git.in_repository(root):
        return None, ""
    words = change["note"] or f"{change['course']}: {len(paths)}"
    email = f"{author['login']}@{MAIL_DOMAIN}"
    try:
        return git.commit(root, paths, author["name"], email, words), ""
    except GitRefused as error:
        return None, str(error)


def _outcome(
    before: Catalogue, after: Catalogue, drafts: Drafts, commit: str | None, said: str
) -> Published:
    course = drafts.change["course"]
    old, new = (_questions_of(one, course) for one in (before, after))
    modules = [
        {module.id for module in one.modules.values() if module.course == course}
        for one in (before, after)
    ]
    broken = {one.path for one in after.problems if severity_of(one) == "error"}
    return Published(
        paths=tuple(drafts.rows),
        added=len(new.keys() - old.keys()),
        changed=sum(1 for name in old.keys() & new.keys() if old[name] != new[name]),
        removed=len(old.keys() - new.keys()),
        new_modules=tuple(sorted(modules[1] - modules[0])),
        gone_modules=tuple(sorted(modules[0] - modules[1])),
        held_back=tuple(path for path in drafts.rows if is_source(path) and path in broken),
        commit=commit,
        git_said=said,
    )


def _questions_of(catalogue: Catalogue, course: str) -> dict[str, str]:
    """Versions of a course's questions by id."""
    return {
        name: catalogue.versions.get(name, "")
        for name, question in catalogue.questions.items()
        if question.course == course
    }
