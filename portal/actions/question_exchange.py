"""Questions of other programs, looked at, then kept as a draft; and our own, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.actions import content_drafts, content_making, permission
from portal.actions.audit import note
from portal.actions.content_drafts import Clash
from portal.actions.errors import NotAllowed, Refused
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.core import markdown
from portal.core.folding import fold
from portal.core.people import Person
from portal.core.questions import Question
from portal.exchange import questions as exchange
from portal.exchange.questions import Format, Imported
from portal.exchange.questions.as_markdown import write_file


def look(portal: Portal, actor: Person, name: str, data: bytes, form: str = "") -> Imported:
    """What a file holds, and what could not be carried; nothing is kept.

    Raises NotAllowed, and Refused("error.unknown_format").
    """
    with permission.read(portal, actor, "edit_content"):
        pass
    chosen = next((one for one in exchange.IN if one == form), None)
    chosen = chosen or exchange.guess(name, data[: 1 << 20])
    if chosen is None:
        raise Refused("error.unknown_format")
    return exchange.read(chosen, data)


def known(portal: Portal, actor: Person, found: Sequence[Question]) -> dict[str, bool]:
    """Ids of our questions that ask in the same words as some of ``found``, each with whether it is
    there in another language edition, too, which an import does not write. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content"):
        pass
    asked = {_folded(question.stem.zh) for question in found}
    return {
        key: bool(question.stem.en)
        for key, question in portal.library.catalogue.questions.items()
        if _folded(question.stem.zh) in asked
        or (question.stem.en and _folded(question.stem.en) in asked)
    }


def keep(
    portal: Portal,
    actor: Person,
    course: str,
    name: str,
    kind: str,
    title: str,
    questions: Sequence[Question],
) -> str:
    """The questions, with new ids, as a new quiz, exam or pool that is a draft; return its path.

    Raises NotAllowed, and Refused as ``content_making.new_quiz`` does, ``error.retire_clash``.
    """
    if not questions:
        raise Refused("error.no_questions")
    path = content_making.new_quiz(portal, actor, course, name, kind, title)
    ids = content_making.free_ids(portal, actor, course, len(questions))
    numbered = [replace(one, id=new) for one, new in zip(questions, ids, strict=True)]
    text = write_file(numbered, kind, " ".join(title.split()))
    opened = content_drafts.open_file(portal, actor, path)
    saved = content_drafts.save(portal, actor, path, text, opened.rev, opened.text)
    if isinstance(saved, Clash):
        raise Refused("error.retire_clash")
    return path


def take(portal: Portal, actor: Person, quiz_id: str, form: str, locale: str) -> File:
    """The questions of a quiz, exam or pool in another program's format.

    The key is in it: only who writes questions may have it. Raises NotAllowed.
    """
    chosen = next((one for one in exchange.OUT if one == form), None)
    quiz = portal.library.catalogue.quizzes.get(quiz_id)
    if chosen is None or quiz is None:
        raise NotAllowed
    found = _questions(portal, quiz.question_ids)
    with permission.write(portal, actor, "edit_content", bump=False) as conn:
        note(portal, conn, actor, "exported", f"quiz:{quiz_id}", format=form, questions=len(found))
    data, _ = exchange.write(chosen, found, locale)
    ending, media_type = exchange.OUT[chosen]
    return File(f"{quiz.title.in_(locale)}{ending}", media_type, data)


def losses(portal: Portal, actor: Person, quiz_id: str, form: str, locale: str) -> Imported:
    """What the format has no place for. Raises NotAllowed."""
    with permission.read(portal, actor, "edit_content"):
        pass
    chosen: Format | None = next((one for one in exchange.OUT if one == form), None)
    quiz = portal.library.catalogue.quizzes.get(quiz_id)
    if chosen is None or quiz is None:
        raise NotAllowed
    _, notes = exchange.write(chosen, _questions(portal, quiz.question_ids), locale)
    return Imported((), notes)


# Private functions


def _folded(stem: str) -> str:
    """A stem's words, for comparing: marks, spaces and letter case do not matter."""
    return "".join(char for char in fold(markdown.plain(stem)) if char.isalnum())


def _questions(portal: Portal, ids: Sequence[str]) -> list[Question]:
    known = portal.library.catalogue.questions
    return [known[one] for one in ids if one in known]
