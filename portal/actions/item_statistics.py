"""Figures of quizzes and questions for trainers, read from the distributions.

Nothing here reads an answer: a quiz is some hundred rows whatever the number of its attempts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.actions import permission
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core import item_bins
from portal.core.item_bins import Bin, Choosers, Group
from portal.core.item_flags import ENOUGH, Flag, OptionUse, item_flags, test_flags
from portal.core.item_guessing import random_guess_score
from portal.core.items import (
    ItemStatistics,
    TestStatistics,
    interval,
    item_statistics,
    test_statistics,
    weigh,
)
from portal.core.people import Person
from portal.core.questions import Choice, Question
from portal.store import items, versions
from portal.store.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Item:
    """One question version of a quiz. ``correlation`` is with ability where ``by_ability``."""

    question: Question
    version: str
    figures: ItemStatistics
    correlation: float | None
    bounds: tuple[float, float] | None
    by_ability: bool
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """One version of a quiz. ``drawn``: people met different questions, so there is no common test
    to be consistent; ``waiting`` attempts are not counted yet."""

    quiz_id: str
    version: str
    versions: tuple[Row, ...]
    test: TestStatistics
    items: tuple[Item, ...]
    flags: tuple[Flag, ...]
    drawn: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One version of a question over every quiz. ``choosers`` is empty for what is typed."""

    question: Question
    version: str
    met_at: str
    n: int
    facility: float | None
    correlation: float | None
    bounds: tuple[float, float] | None
    by_ability: bool
    curve: tuple[Group, ...]
    choosers: tuple[Choosers, ...]
    flags: tuple[Flag, ...]


def list_quizzes(portal: Portal, actor: Person) -> tuple[list[Row], int]:
    """A row a quiz with its newest version's figures: quiz_id, quiz_version, persons, mean
    (points), met_at, versions; and how many attempts wait. Raises NotAllowed."""
    with permission.read(portal, actor, "see_item_statistics") as conn:
        rows, waiting = items.quizzes(conn), items.waiting(conn)
    newest: dict[str, Row] = {}
    for row in rows:
        if row["quiz_id"] not in newest:
            mean = row["total"] / row["persons"]
            newest[row["quiz_id"]] = {**row, "mean": mean, "versions": 0}
        newest[row["quiz_id"]]["versions"] += 1
    return sorted(newest.values(), key=lambda row: (-row["persons"], row["quiz_id"])), waiting


def quiz(portal: Portal, actor: Person, quiz_id: str, version: str = "") -> QuizFigures:
    """A version of a quiz, the newest without ``version``.

    Raises NotAllowed, and Refused("error.no_item_figures") when nobody has handed it in.
    """
    with permission.read(portal, actor, "see_item_statistics") as conn:
        found = [row for row in items.quizzes(conn) if row["quiz_id"] == quiz_id]
        row = next((one for one in found if one["quiz_version"] == version), None)
        if row is None:
            if not found:
                raise Refused("error.no_item_figures")
            row = found[0]
        return _quiz(conn, quiz_id, row["quiz_version"], tuple(found))


def question(portal: Portal, actor: Person, question_id: str) -> tuple[QuestionFigures, ...]:
    """Every version of a question that was answered, the newest first. Raises NotAllowed."""
    with permission.read(portal, actor, "see_item_statistics") as conn:
        uses = items.uses(conn, question_id)
        bins = _by_version(items.choices(conn, question_id))
        met = items.versions_met(conn, question_id)
        kept = versions.get_questions(conn, list(met))
    found = []
    for version, at in met.items():
        mine = [row for row in uses if row["version"] == version]
        if mine:
            found.append(_question(kept[version], version, at, mine, bins.get(version, {})))
    return tuple(found)


# Private functions


def _quiz(conn: Connection, quiz_id: str, version: str, found: tuple[Row, ...]) -> QuizFigures:
    joints: dict[tuple[str, str, float], dict[tuple[int, int], int]] = defaultdict(dict)
    for row in items.marks_of_quiz(conn, quiz_id, version):
        key = (row["question_id"], row["version"], row["max_mark"])
        joints[key][row["mark"], row["rest"]] = row["persons"]
    kept = versions.get_questions(conn, [key[1] for key in joints])
    choices = items.choices_of(conn, {key[0] for key in joints})
    figures = weigh(
        [
            item_statistics(joint, key[2], items.UNIT, random_guess_score(kept[key[1]]))
            for key, joint in joints.items()
        ]
    )
    totals = items.totals(conn, quiz_id, version)
    persons = sum(totals.values())
    drawn = any(one.n != persons for one in figures)
    test = test_statistics(totals, figures, items.UNIT)
    if drawn:
        test = replace(test, cic=None, error_ratio=None, standard_error=None)
        figures = tuple(
            replace(one, intended_weight=None, effective_weight=None) for one in figures
        )
    order = {name: at for at, name in enumerate(_order(conn, version))}
    rows = [
        _item(kept[key[1]], key[1], one, _by_version(choices[key[0]]).get(key[1], {}))
        for key, one in zip(joints, figures, strict=True)
    ]
    rows.sort(key=lambda item: (order.get(item.question.id, len(order)), item.question.id))
    waiting = items.waiting(conn)
    return QuizFigures(quiz_id, version, found, test, tuple(rows), test_flags(test), drawn, waiting)


def _order(conn: Connection, version: str) -> Sequence[str]:
    stored = versions.find_quiz(conn, version)
    return stored.question_ids if stored else ()


def _item(
    asked: Question, version: str, figures: ItemStatistics, bins: dict[str, list[Bin]]
) -> Item:
    known = _known(bins)
    correlation = item_bins.correlation(known) if known else figures.rest_correlation
    over = item_bins.persons(known) if known else figures.n
    used = _options(asked, known)
    return Item(
        asked,
        version,
        figures,
        correlation,
        interval(correlation, over),
        by_ability=bool(known),
        flags=item_flags(figures, used, correlation=correlation, persons=over),
    )


def _question(
    asked: Question, version: str, met_at: str, uses: list[Row], bins: dict[str, list[Bin]]
) -> QuestionFigures:
    n = sum(row["persons"] for row in uses)
    earned = sum(row["persons"] * row["mark"] for row in uses) * items.UNIT
    could = sum(row["persons"] * row["max_mark"] for row in uses)
    facility = earned / could if could else None
    known = _known(bins)
    shown = known or bins.get("rest", [])
    correlation, over = item_bins.correlation(shown), item_bins.persons(shown)
    guess = random_guess_score(asked)
    figures = replace(
        item_statistics({}, 1.0, 1.0, guess), n=n, facility=facility, rest_correlation=correlation
    )
    options = len(asked.body.options) if isinstance(asked.body, Choice) else 0
    return QuestionFigures(
        asked,
        version,
        met_at,
        n,
        facility,
        correlation,
        interval(correlation, over),
        by_ability=bool(known),
        curve=item_bins.characteristic(shown),
        choosers=item_bins.choosers(shown, options),
        flags=item_flags(figures, _options(asked, shown), correlation=correlation, persons=over),
    )


def _known(bins: dict[str, list[Bin]]) -> list[Bin]:
    """The bins by ability, once enough persons had one."""
    found = bins.get("ability", [])
    return found if item_bins.persons(found) >= ENOUGH else []


def _options(asked: Question, bins: Sequence[Bin]) -> list[OptionUse]:
    if not isinstance(asked.body, Choice) or not bins:
        return []
    found = item_bins.choosers(bins, len(asked.body.options))
    return [
        OptionUse(f"{chr(65 + one.option)}", option.correct, one.n, one.mean_ability)
        for one, option in zip(found, asked.body.options, strict=True)
    ]


def _by_version(rows: Sequence[Row]) -> dict[str, dict[str, list[Bin]]]:
    found: dict[str, dict[str, list[Bin]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["version"]][row["measure"]].append(
            Bin(
                row["choice"],
                row["bin"],
                row["persons"],
                row["fraction_sum"],
                row["ability_sum"],
                row["ability_squares"],
                row["fraction_squares"],
                row["product_sum"],
            )
        )
    return found
