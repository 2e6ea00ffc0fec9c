"""Answers counted into the figures of their questions; reports, uses, retiring, import."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.actions import (
    attempts,
    content_drafts,
    item_counting,
    item_statistics,
    notifications,
    progress,
    question_bank,
    question_exchange,
    question_reports,
)
from portal.actions.errors import NotAllowed, Refused
from portal.core.capabilities import Bilingual
from portal.core.items import analyse
from portal.core.people import Person
from portal.core.quizzes import Draw
from portal.exchange import questions as exchange
from tests.actions.sample import POOL, QUIZ, World, catalogue_of, sample_catalogue
from tests.actions.writing_room import Room, room
from tests.core.making import essay, question

__all__ = ["room"]


@pytest.fixture
def trainer(learning: World) -> Person:
    return learning.grant(learning.add_person("trainer", "county"), "trainer")


def take(world: World, person: Person, responses: list[list[int] | None]) -> int:
    attempt = attempts.open_attempt(world.portal, person, "fire/quiz")
    for position, response in enumerate(responses):
        if response is not None:
            attempts.answer(world.portal, person, attempt.id, position, response)
    attempts.submit(world.portal, person, attempt.id)
    return attempt.id


def crowd(world: World, patterns: list[list[list[int] | None]]) -> list[int]:
    people = [world.add_person(f"p{at}", "east") for at in range(len(patterns))]
    return [take(world, one, pattern) for one, pattern in zip(people, patterns, strict=True)]


PATTERNS: list[list[list[int] | None]] = [
    [[1], [1], [1], [1]],
    [[1], [1], [0], None],
    [[1], [2], [2], [0]],
    [[3], [1], [1], [1]],
    [[1], [0], [1], [0]],
]


def marks(pattern: list[list[int] | None]) -> list[float]:
    return [float(response == [1]) for response in pattern]


def test_the_figures_are_those_of_the_sheet(learning: World, trainer: Person) -> None:
    crowd(learning, PATTERNS)
    assert item_counting.count_pending(learning.portal) == len(PATTERNS)
    found = item_statistics.quiz(learning.portal, trainer, "fire/quiz")
    test, items = analyse([marks(pattern) for pattern in PATTERNS], [1] * 4)
    for name in ("n", "items", "mean", "median", "sd", "skewness", "kurtosis", "cic"):
        assert getattr(found.test, name) == pytest.approx(getattr(test, name)), name
    for shown, expected in zip(found.items, items, strict=True):
        assert shown.figures.discrimination_index == pytest.approx(expected.discrimination_index)
        assert shown.figures.effective_weight == pytest.approx(expected.effective_weight)
        assert shown.figures.random_guess_score == 0.25
        assert [flag.code for flag in shown.flags] == ["provisional"]
    assert [item.question.id for item in found.items] == ["q-1", "q-2", "q-3", "q-4"]


def test_only_first_attempts_count_and_each_once(learning: World, trainer: Person) -> None:
    person = learning.add_person("again", "east")
    take(learning, person, PATTERNS[0])
    take(learning, person, PATTERNS[2])
    for _ in range(2):
        item_counting.count_pending(learning.portal)
    assert item_statistics.quiz(learning.portal, trainer, "fire/quiz").test.n == 1
    assert learning.rows("SELECT COUNT(*) AS n FROM item_pending") == [{"n": 0}]


def test_a_crash_in_between_neither_loses_nor_doubles(
    learning: World, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(learning, PATTERNS)
    fails = iter([False, False, True])
    real = item_counting.items.done

    def done(conn: object, attempt_id: int) -> None:
        if next(fails, False):
            raise RuntimeError("killed")
        real(conn, attempt_id)  # type: ignore[arg-type]

    monkeypatch.setattr(item_counting.items, "done", done)
    with pytest.raises(RuntimeError):
        item_counting.count_pending(learning.portal)
    assert learning.rows("SELECT COUNT(*) AS n FROM item_totals") == [{"n": 0}]
    item_counting.count_pending(learning.portal)
    assert item_statistics.quiz(learning.portal, trainer, "fire/quiz").test.n == len(PATTERNS)


def test_an_unmarked_essay_waits(learning: World, trainer: Person) -> None:
    base = sample_catalogue()
    written = replace(question(essay(), "e-1"), course="fire")
    quiz = replace(QUIZ, question_ids=("q-1", "e-1"))
    learning.serve(
        catalogue_of(tuple(base.courses.values()), (quiz,), (base.questions["q-1"], written), "2")
    )
    person = learning.add_person("writer", "east")
    attempt = attempts.open_attempt(learning.portal, person, "fire/quiz")
    attempts.answer(learning.portal, person, attempt.id, 1, "我的看法")
    attempts.submit(learning.portal, person, attempt.id)
    assert item_counting.count_pending(learning.portal) == 0
    with learning.portal.db.write() as conn:
        conn.run(
            """
            INSERT INTO marks (attempt_id, position, score, max_score, marker_id, reason, at)
            VALUES (:id, 1, 5, 10, :by, '', '2026-11-22T07:00:00.000Z')
            """,
            id=attempt.id,
            by=trainer.id,
        )
    assert item_counting.count_pending(learning.portal) == 0, "not before the next day"
    learning.clock.forward(hours=25)
    assert item_counting.count_pending(learning.portal) == 1


def test_choosers_curve_and_ability(learning: World, trainer: Person) -> None:
    crowd(learning, PATTERNS * 7)
    item_counting.count_pending(learning.portal)
    (found,) = item_statistics.question(learning.portal, trainer, "q-2")
    assert (found.n, found.facility) == (35, pytest.approx(0.6))
    assert [one.n for one in found.choosers] == [7, 21, 7, 0]
    assert sum(group.n for group in found.curve) == 35
    assert found.bounds is not None and found.correlation is not None
    assert found.bounds[0] < found.correlation < found.bounds[1]


def test_a_drawn_quiz_has_no_common_consistency(learning: World, trainer: Person) -> None:
    base = sample_catalogue()
    quiz = replace(QUIZ, question_ids=(), draw=(Draw("fire/pool", 2),))
    learning.serve(
        catalogue_of(
            tuple(base.courses.values()), (quiz, POOL), tuple(base.questions.values()), "2"
        )
    )
    for at in range(6):
        person = learning.add_person(f"d{at}", "east")
        attempt = attempts.open_attempt(learning.portal, person, "fire/quiz")
        attempts.answer(learning.portal, person, attempt.id, 0, [1])
        attempts.submit(learning.portal, person, attempt.id)
    item_counting.count_pending(learning.portal)
    found = item_statistics.quiz(learning.portal, trainer, "fire/quiz")
    assert found.drawn and found.test.cic is None and found.test.mean is not None


def test_versions_stay_apart(learning: World, trainer: Person) -> None:
    crowd(learning, PATTERNS[:2])
    base = sample_catalogue()
    edited = replace(base.questions["q-1"], stem=Bilingual("改过的题干"))
    questions = tuple(edited if one.id == "q-1" else one for one in base.questions.values())
    learning.serve(
        catalogue_of(tuple(base.courses.values()), tuple(base.quizzes.values()), questions, "2")
    )
    learning.clock.forward(days=1)
    take(learning, learning.add_person("late", "east"), PATTERNS[2])
    item_counting.count_pending(learning.portal)
    newest, older = item_statistics.question(learning.portal, trainer, "q-1")
    assert (newest.n, newest.question.stem.zh) == (1, "改过的题干")
    assert older.n == 2


def test_figures_are_for_trainers(learning: World, learner: Person) -> None:
    manager = learning.grant(learning.add_person("boss", "east"), "manager", "east")
    for person in (learner, manager):
        with pytest.raises(NotAllowed):
            item_statistics.list_quizzes(learning.portal, person)
        with pytest.raises(NotAllowed):
            question_reports.queue(learning.portal, person)
        with pytest.raises(NotAllowed):
            question_bank.similar(learning.portal, person, "x")
        with pytest.raises(NotAllowed):
            question_exchange.take(learning.portal, person, "fire/quiz", "gift", "zh")
    with pytest.raises(NotAllowed):
        question_reports.answer(learning.portal, learner, 1, "stands", "x", all_open=False)


# Reports


def test_a_report_is_made_once_answered_with_a_reason_and_seen(
    learning: World, learner: Person, trainer: Person
) -> None:
    attempt_id = take(learning, learner, PATTERNS[0])
    question_reports.report(learning.portal, learner, attempt_id, 0, "law", " 法条 已改 ")
    with pytest.raises(Refused, match="report_open"):
        question_reports.report(learning.portal, learner, attempt_id, 0, "key", "")
    queue = question_reports.queue(learning.portal, trainer)
    ((row, asked),) = queue.rows
    assert (row["text"], asked.id, queue.total) == ("法条 已改", "q-1", 1)
    assert "name" not in row and "person_id" not in row, "the reporter is not named"
    with pytest.raises(Refused, match="report_reason"):
        question_reports.answer(learning.portal, trainer, row["id"], "mended", " ", all_open=False)
    question_reports.answer(learning.portal, trainer, row["id"], "mended", "已改", all_open=False)
    with pytest.raises(Refused, match="report_answered"):
        question_reports.answer(learning.portal, trainer, row["id"], "stands", "x", all_open=False)
    ((mine, _),) = question_reports.mine(learning.portal, learner)
    assert (mine["outcome"], mine["answer"]) == ("mended", "已改")
    question_reports.report(learning.portal, learner, attempt_id, 0, "key", "")


def test_reports_on_one_question_are_answered_together(learning: World, trainer: Person) -> None:
    people = [learning.add_person(f"r{at}", "east") for at in range(3)]
    for person in people:
        attempt_id = take(learning, person, PATTERNS[0])
        question_reports.report(learning.portal, person, attempt_id, 1, "wording", "")
    first = question_reports.queue(learning.portal, trainer).rows[0][0]
    assert first["same"] == 3
    done = question_reports.answer(
        learning.portal, trainer, first["id"], "stands", "题意没有问题", all_open=True
    )
    assert done == 3
    assert question_reports.queue(learning.portal, trainer).total == 0
    assert question_reports.queue(learning.portal, trainer, answered=True).total == 3
    for person in people:
        (told,) = progress.home(learning.portal, person).told
        assert (told.kind, told.outcome, told.answer) == ("report", "stands", "题意没有问题")
        notifications.note_opened(learning.portal, person, ("report",))
        assert not progress.home(learning.portal, person).told


def test_reports_are_ones_own_and_few(learning: World, learner: Person) -> None:
    other = learning.add_person("other", "east")
    attempt_id = take(learning, learner, PATTERNS[0])
    for asked in ((attempt_id, 99), (attempt_id + 99, 0)):
        with pytest.raises(NotAllowed):
            question_reports.report(learning.portal, learner, *asked, "key", "")
    with pytest.raises(NotAllowed):
        question_reports.report(learning.portal, other, attempt_id, 0, "key", "")
    for reason, words in (("other", ""), ("nonsense", "x"), ("key", "x" * 501)):
        with pytest.raises(Refused, match="report_words"):
            question_reports.report(learning.portal, learner, attempt_id, 0, reason, words)
    for position in range(4):
        question_reports.report(learning.portal, learner, attempt_id, position, "key", "")
    with learning.portal.db.write() as conn:
        conn.run("UPDATE question_reports SET answered_at = at")
        conn.run(
            """
            INSERT INTO question_reports (person_id, question_id, version, reason, text, at)
            SELECT person_id, question_id || '-' || id, version, reason, text, at
            FROM question_reports
            UNION ALL
            SELECT person_id, question_id || '+' || id, version, reason, text, at
            FROM question_reports LIMIT 6
            """
        )
    with pytest.raises(Refused, match="report_often"):
        question_reports.report(learning.portal, learner, attempt_id, 0, "key", "")
    learning.clock.forward(hours=25)
    question_reports.report(learning.portal, learner, attempt_id, 0, "key", "")


# The bank, and in and out


def test_where_a_question_is_used(learning: World, trainer: Person) -> None:
    crowd(learning, PATTERNS[:3])
    item_counting.count_pending(learning.portal)
    found = question_bank.uses(learning.portal, trainer, "q-1")
    assert set(found.quizzes) == {"fire/quiz", "fire/exam"}
    assert found.answered == {"fire/quiz": 3}
    assert question_bank.uses(learning.portal, trainer, "c-1").modules == ("fire/checked",)


def test_near_duplicates_are_found_by_question_and_by_words(
    learning: World, trainer: Person
) -> None:
    base = sample_catalogue()
    long = "楼道里发现电动车正在充电，网格员应当先做哪一件事情？"
    other = "楼道里发现电动车正在充电，网格员应该先做哪一件事情呢？"
    made = (
        replace(base.questions["q-1"], stem=Bilingual(long)),
        replace(base.questions["q-2"], stem=Bilingual(other)),
        base.questions["q-3"],
    )
    learning.serve(catalogue_of(tuple(base.courses.values()), (), made, "2"))
    (found,) = question_bank.similar_to(learning.portal, trainer, made[0])
    assert found.question.id == "q-2" and 0.5 < found.alike < 1
    by_words = question_bank.similar(learning.portal, trainer, f"**{long}**")
    assert [one.question.id for one in by_words] == ["q-1", "q-2"]
    assert by_words[0].alike == 1


def test_retiring_is_a_draft_that_adds_one_chip(room: Room) -> None:
    known = room.portal.library.catalogue.questions
    asked = next(one for one in known.values() if one.path.startswith("quizzes/"))
    before = content_drafts.open_file(room.portal, room.ann, asked.path).text
    path = question_bank.retire(room.portal, room.ann, asked.id)
    after = content_drafts.open_file(room.portal, room.ann, path).text
    assert after.replace(" `停用`", "", 1) == before
    with pytest.raises(Refused, match="retired_already"):
        question_bank.retire(room.portal, room.ann, asked.id)
    with pytest.raises(Refused, match="no_such_question"):
        question_bank.retire(room.portal, room.ann, "nobody-1")


GIFT = "::先做::闻到燃气味先做哪件？{=关阀 ~开灯}\n\n::几日::几日内？{#30}\n\n说明文字"


def test_an_import_becomes_a_draft_with_ids_of_its_own(room: Room) -> None:
    found = question_exchange.look(room.portal, room.ann, "q.gift", GIFT.encode())
    assert [note.code for note in found.notes] == ["description"]
    path = question_exchange.keep(
        room.portal, room.ann, "one", "from-moodle", "pool", '题 "库" \\ #', found.questions
    )
    assert path == "quizzes/one/from-moodle.md"
    checked = content_drafts.check(room.portal, room.ann, path)
    assert [one.code for one in checked.new if one.code in ("Q001", "Q002", "F001")] == []
    room.publish("one")
    catalogue = room.portal.library.catalogue
    pool = catalogue.quizzes["one/from-moodle"]
    assert pool.title.zh == '题 "库" \\ #'
    assert [catalogue.questions[key].title.zh for key in pool.question_ids] == ["先做", "几日"]
    data = question_exchange.take(room.portal, room.ann, "one/from-moodle", "moodle", "zh")
    assert data.name.endswith(".moodle.xml")
    back = exchange.read("moodle", data.content)
    assert [one.body for one in back.questions] == [one.body for one in found.questions]


def test_unknown_files_and_names_are_refused(room: Room) -> None:
    with pytest.raises(Refused, match="unknown_format"):
        question_exchange.look(room.portal, room.ann, "x.bin", b"\x00\x01\x02")
    with pytest.raises(Refused, match="no_questions"):
        question_exchange.keep(room.portal, room.ann, "one", "a", "pool", "x", ())
    with pytest.raises(NotAllowed):
        question_exchange.take(room.portal, room.ann, "one/none", "gift", "zh")


def test_what_is_imported_once_more_is_told(learning: World, trainer: Person) -> None:
    served = learning.shelf.catalogue
    stem = Bilingual("燃气泄漏，**先**做什么？", "What comes first in a gas leak?")
    both = {
        **served.questions,
        "q-1": replace(served.questions["q-1"], stem=stem),
        "q-2": replace(served.questions["q-2"], stem=Bilingual("几日内答复？")),
    }
    learning.serve(replace(served, questions=both))

    def known(*stems: str) -> dict[str, bool]:
        found = [replace(served.questions["q-3"], id="", stem=Bilingual(one)) for one in stems]
        return question_exchange.known(learning.portal, trainer, found)

    assert known("燃气泄漏，先做什么?", "别的题") == {"q-1": True}
    assert known("What comes first in a gas leak?") == {"q-1": True}
    assert known("几日内答复") == {"q-2": False}
    assert known("全新的题") == {}
    with pytest.raises(NotAllowed):
        question_exchange.known(learning.portal, learning.add_person("other", "east"), [])
