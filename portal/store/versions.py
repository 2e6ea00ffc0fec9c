"""Content as people met it: every version of a question, quiz or module, kept for ever.

A version is the SHA-256 of its canonical JSON, so a version read once never changes: parsed
questions are kept in memory by it, whichever database they came from.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from portal.core import content_json
from portal.core.courses import Module
from portal.core.questions import Question
from portal.core.quizzes import Quiz
from portal.store.database import Connection

KEPT_QUESTIONS = 4096
_BATCH = 200  # versions asked for in one statement

_questions: OrderedDict[str, Question] = OrderedDict()
_guard = threading.Lock()


def keep(conn: Connection, contents: Iterable[Question | Quiz | Module], at: str) -> list[str]:
    """Store each content unless it is there already; return their versions in order."""
    versions: list[str] = []
    for content in contents:
        body = content_json.to_json(content)
        version = content_json.hash_of(body)
        conn.run(
            """
            INSERT INTO content_versions (version, kind, content_id, body, first_met_at)
            VALUES (:version, :kind, :content_id, :body, :at)
            ON CONFLICT (version) DO NOTHING
            """,
            version=version,
            kind=_kind(content),
            content_id=content.id,
            body=body,
            at=at,
        )
        if isinstance(content, Question):
            _remember({version: content})  # the first answer to it comes soon
        versions.append(version)
    return versions


def get_question(conn: Connection, version: str) -> Question:
    """The question as stored. Raises KeyError when there is no such version."""
    return get_questions(conn, [version])[version]


def get_questions(conn: Connection, versions: Sequence[str]) -> dict[str, Question]:
    """Questions by version, from memory where possible. Raises KeyError on an unknown version."""
    wanted = list(dict.fromkeys(versions))
    found = _recall(wanted)
    missing = [version for version in wanted if version not in found]
    for begin in range(0, len(missing), _BATCH):
        read = _read(conn, missing[begin : begin + _BATCH])
        _remember(read)
        found.update(read)
    return {version: found[version] for version in wanted}


def questions_met(conn: Connection, question_id: str) -> dict[str, Question]:
    """Every version of a question that anybody has met, the oldest first."""
    rows = conn.all(
        """
        SELECT version FROM content_versions
        WHERE kind = 'question' AND content_id = :question_id
        ORDER BY first_met_at, version
        """,
        question_id=question_id,
    )
    return get_questions(conn, [row["version"] for row in rows])


def find_quiz(conn: Connection, version: str) -> Quiz | None:
    """The quiz or exam as stored; None for a module's version or an unknown one."""
    body = conn.value(
        "SELECT body FROM content_versions WHERE version = :version AND kind = 'quiz'",
        version=version,
    )
    return None if body is None else content_json.quiz_from_json(body)


def forget() -> None:
    """Empty the memory: for tests."""
    with _guard:
        _questions.clear()


# Private functions


def _kind(content: Question | Quiz | Module) -> str:
    match content:
        case Question():
            return "question"
        case Quiz():
            return "quiz"
        case Module():
            return "module"


def _read(conn: Connection, versions: list[str]) -> dict[str, Question]:
    names = {f"v{at}": version for at, version in enumerate(versions)}
    rows = conn.all(
        f"""
        SELECT version, body FROM content_versions
        WHERE kind = 'question' AND version IN ({", ".join(f":{name}" for name in names)})
        """,  # noqa: S608 (only parameter names are put in)
        **names,
    )
    return {row["version"]: content_json.question_from_json(row["body"]) for row in rows}


def _recall(versions: list[str]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    with _guard:
        for version in versions:
            question = _questions.get(version)
            if question is not None:
                _questions.move_to_end(version)
                found[version] = question
    return found


def _remember(questions: dict[str, Question]) -> None:
    with _guard:
        _questions.update(questions)
        while len(_questions) > KEPT_QUESTIONS:
            _questions.popitem(last=False)
