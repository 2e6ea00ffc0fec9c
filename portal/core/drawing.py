"""Which questions an attempt asks, in which order, and how their options are shown.

Everything is decided by one integer, the attempt's seed, so that a paper can be drawn again on
any machine and under any Python: wherever a random order is needed, the candidates are sorted
by ``SHA-256("<seed>/<purpose>/<name>")`` and taken from the front. No random generator is used,
because none promises the same stream between versions.

- A draw takes from its pool the questions that are not retired and have one of its levels,
  spread over these levels as evenly as it can, so that papers are alike in difficulty; a level
  that is short is made up from the others.
- No question comes twice. Draws with fewer candidates choose first, so that a wide draw does
  not eat what a narrow one needs. A draw that is short gives what exists; checking the content
  (Z003) says so to the author.
- Questions written in the quiz itself are all asked, before the drawn ones, unless a draw takes
  from this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from portal.core.questions import Choice, Cloze, Matching, Ordering, Question
from portal.core.quizzes import Draw, Quiz


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One question of an attempt.

    ``option_order`` lists authored positions in the order they are shown: options of a choice,
    items of an ordering, right cells of a matching, and for a cloze the entries of all its
    drop-downs one after another (``gap_orders`` takes them apart). Empty for typed answers.
    """

    question_id: str
    option_order: tuple[int, ...]


def draw(quiz: Quiz, pools: Mapping[str, Sequence[Question]], seed: int) -> list[DrawnItem]:
    """The paper of one attempt. ``pools[quiz.id]`` are the quiz's own questions.

    Raises ValueError when there is no question to ask, and KeyError on a pool that is not given.
    """
    own = [question for question in pools[quiz.id] if not question.retired]
    entries = [_candidates(quiz, entry, pools) for entry in quiz.draw]
    from_own = any(entry.pool in (None, quiz.id) for entry in quiz.draw)
    chosen = [] if from_own else own
    taken = {question.id for question in chosen}
    picked: dict[int, list[Question]] = {}
    for at in sorted(range(len(entries)), key=lambda at: (len(entries[at]), at)):
        free = [question for question in entries[at] if question.id not in taken]
        picked[at] = _spread(free, quiz.draw[at], f"{seed}/draw {at}")
        taken.update(question.id for question in picked[at])
    questions = [*chosen, *(question for at in sorted(picked) for question in picked[at])]
    if not questions:
        raise ValueError(f"quiz {quiz.id} has no question to ask")
    if quiz.shuffle:
        questions = _shuffled(questions, f"{seed}/paper")
    return [
        DrawnItem(question.id, option_order(question, seed, shuffle=quiz.shuffle))
        for question in questions
    ]


def option_order(question: Question, seed: int, *, shuffle: bool = True) -> tuple[int, ...]:
    """How the options of ``question`` are shown in the attempt with ``seed``.

    True/false and ``fixed`` choices keep their order, as does every choice of a quiz that does
    not shuffle. An ordering is always shuffled, and never shown in its right order when it has
    more than two items; so are the right cells of a matching, which would give the key away.
    """
    body, salt = question.body, f"{seed}/options of {question.id}"
    match body:
        case Choice():
            keeps = body.fixed or body.kind == "truefalse" or not shuffle
            return _positions(len(body.options), "" if keeps else salt)
        case Ordering():
            return _out_of_order(_positions(len(body.items), salt))
        case Matching():
            return _positions(len(body.rights), salt)
        case Cloze():
            return tuple(
                position
                for at, gap in enumerate(body.gaps)
                for position in _positions(len(gap.choices), f"{salt}/{at}" if shuffle else "")
            )
    return ()


def gap_orders(body: Cloze, order: Sequence[int]) -> list[tuple[int, ...]]:
    """``option_order`` of a cloze, gap by gap; empty for typed gaps."""
    orders, begin = [], 0
    for gap in body.gaps:
        orders.append(tuple(order[begin : begin + len(gap.choices)]))
        begin += len(gap.choices)
    return orders


def _candidates(quiz: Quiz, entry: Draw, pools: Mapping[str, Sequence[Question]]) -> list[Question]:
    return [
        question
        for question in pools[entry.pool or quiz.id]
        if not question.retired and (not entry.levels or question.level in entry.levels)
    ]


def _spread(questions: list[Question], entry: Draw, salt: str) -> list[Question]:
    """``entry.take`` questions, as evenly over the levels as they allow."""
    ordered = _shuffled(questions, salt)
    if not entry.levels:
        return ordered[: entry.take]
    met: dict[int, int] = {}
    rounds: list[tuple[int, Question]] = []
    for question in ordered:  # the n-th of each level belongs to round n
        met[question.level] = met.get(question.level, 0) + 1
        rounds.append((met[question.level], question))
    rounds.sort(key=lambda pair: pair[0])  # stable: within a round as shuffled
    return [question for _, question in rounds][: entry.take]


def _out_of_order(order: tuple[int, ...]) -> tuple[int, ...]:
    in_order = order == tuple(range(len(order)))
    return (*order[1:], order[0]) if in_order and len(order) > 2 else order


def _shuffled(questions: Sequence[Question], salt: str) -> list[Question]:
    return sorted(questions, key=lambda question: (_digest(salt, question.id), question.id))


def _positions(length: int, salt: str) -> tuple[int, ...]:
    """0 … length-1, shuffled unless ``salt`` is empty."""
    positions = range(length)
    return tuple(sorted(positions, key=lambda at: _digest(salt, str(at))) if salt else positions)


def _digest(salt: str, name: str) -> bytes:
    return sha256(f"{salt}/{name}".encode()).digest()
