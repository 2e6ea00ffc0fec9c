"""The page's profile, its story, and the right to question it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.actions import capability_questions as questions
from portal.actions import capability_view, home, next_steps
from portal.actions.errors import NotAllowed, Refused
from portal.core.capabilities import Bilingual
from portal.core.capability import score
from portal.core.capability_story import Point
from portal.core.people import Person
from tests.actions.sample import World
from tests.actions.test_evidence import profile, take


def line(view, key: str = "emergency"):
    return next(one for one in view.lines if one.key == key)


@pytest.fixture
def admin(learning: World) -> Person:
    return learning.grant(learning.add_person("admin", None), "administrator")


def practised(world: World, person: Person) -> None:
    from portal.actions import attempts

    take(world, person, "fire/quiz", [1], [1], [1], [0])
    world.clock.forward(days=3)
    view = attempts.open_checkpoints(world.portal, person, "fire/checked")
    for position in (0, 1):
        attempts.answer(world.portal, person, view.attempt.id, position, [1])
        attempts.check_item(world.portal, person, view.attempt.id, position)


def test_nothing_is_concluded_without_answers(learning: World, learner: Person) -> None:
    view = capability_view.profile(learning.portal, learner)
    assert view.answers == 0 and view.moves == ()
    assert all(one.now is None and one.level is None and one.missing == 5 for one in view.lines)


def test_under_five_answers_there_is_no_number(learning: World, learner: Person) -> None:
    take(learning, learner, "fire/quiz", [1], [1], [1], [1])
    view = capability_view.profile(learning.portal, learner)
    assert (line(view).answers, line(view).missing, line(view).now) == (4, 1, None)
    assert view.moves == () and line(view).standing == "unknown"
    assert line(view, "law").now is None  # what was learned by correlation is no direct answer


def test_the_story_says_what_moved_the_score_and_the_scores_add_up(
    learning: World, learner: Person
) -> None:
    practised(learning, learner)
    view = capability_view.profile(learning.portal, learner)
    assert line(view).now.low < line(view).now.score < line(view).now.high
    [move] = view.moves
    assert move.kind == "checkpoint" and move.title.zh == "课 fire/checked" and move.points > 0
    before = round(view.history["emergency"][-1].score) - move.points
    assert 50 < before < line(view).now.score
    assert line(view).practised == learning.clock()


def test_a_manager_sees_estimates_and_no_story(learning: World, learner: Person) -> None:
    practised(learning, learner)
    boss = learning.grant(learning.add_person("boss", "east", "street"), "manager", "east")
    view = capability_view.profile(learning.portal, boss, learner.id)
    assert line(view).now == line(capability_view.profile(learning.portal, learner)).now
    assert view.moves == () and view.history is None and not view.own
    stranger = learning.grant(learning.add_person("other", "west", "street"), "manager", "west")
    for act in (capability_view.profile, capability_view.marker):
        with pytest.raises(NotAllowed):
            act(learning.portal, stranger, learner.id)


def test_the_marker_changes_with_the_evidence(learning: World, learner: Person) -> None:
    before = capability_view.marker(learning.portal, learner)
    practised(learning, learner)
    assert capability_view.marker(learning.portal, learner) != before


def test_a_question_is_answered_with_reasons_and_may_take_an_answer_out(
    learning: World, learner: Person, admin: Person
) -> None:
    practised(learning, learner)
    before = profile(learning, learner)
    number = questions.ask(learning.portal, learner, "emergency", "第四题的答案标错了。")
    [waiting] = questions.waiting(learning.portal, admin)
    assert waiting["id"] == number
    case = questions.case(learning.portal, admin, number)
    wrong = [row["id"] for row in case.evidence if row["x"] == 0.0]
    questions.answer(learning.portal, admin, number, "corrected", "确实标错，已去掉。", wrong)
    after = profile(learning, learner)
    [told] = capability_view.profile(learning.portal, learner).corrections
    assert (told.kind, told.title.zh, told.capability) == ("quiz", "练习", "emergency")
    assert (told.changed, told.removed, told.at) == (0, 1, learning.clock())
    moved = score(after.state.mean[5]) - score(before.state.mean[5])
    assert told.points == pytest.approx(moved, abs=1) and told.points > 0
    assert after.answers != before.answers and after.state.mean[5] > before.state.mean[5]
    [mine] = questions.mine(learning.portal, learner)
    assert mine["outcome"] == "corrected" and mine["seen_at"] is None
    assert [one.kind for one in home.home(learning.portal, learner).told] == ["doubt"]
    stamp = next_steps.stamp(learning.portal, learner)
    questions.see_answers(learning.portal, learner)
    assert home.home(learning.portal, learner).told == ()
    assert next_steps.stamp(learning.portal, learner) != stamp, "the first page is made anew"
    assert questions.mine(learning.portal, learner)[0]["seen_at"] is not None
    assert questions.waiting(learning.portal, admin) == []
    deeds = learning.rows("SELECT action, detail FROM audit ORDER BY id")
    assert [row["action"] for row in deeds] == [
        "question_capability",
        "answer_capability_question",
    ]
    assert "标错" not in "".join(row["detail"] for row in deeds)
    with pytest.raises(Refused, match=r"capability\.error_answered"):
        questions.answer(learning.portal, admin, number, "stands", "再答一次看看", [])
    boss = learning.grant(learning.add_person("boss", "east", "street"), "manager", "east")
    assert capability_view.profile(learning.portal, boss, learner.id).corrections == ()


@pytest.mark.parametrize(
    ("outcome", "text", "take_out", "key"),
    [
        ("stands", "不", (), "capability.error_text"),
        ("corrected", "理由写在这里", (), "capability.error_outcome"),
        ("stands", "理由写在这里", (1,), "capability.error_outcome"),
        ("corrected", "理由写在这里", (999,), "capability.error_evidence"),
        ("gone", "理由写在这里", (), "capability.error_outcome"),
    ],
)
def test_an_answer_that_does_not_hold_together_is_refused(
    learning: World, learner: Person, admin: Person, outcome, text, take_out, key
) -> None:
    practised(learning, learner)
    number = questions.ask(learning.portal, learner, "", "为什么这么低？请看看")
    with pytest.raises(Refused) as refused:
        questions.answer(learning.portal, admin, number, outcome, text, take_out)
    assert refused.value.key == key
    assert len(questions.waiting(learning.portal, admin)) == 1


def test_who_may_ask_and_answer(learning: World, learner: Person, admin: Person) -> None:
    for key, text in (("", "短"), ("cooking", "这一项不存在吧？")):
        with pytest.raises(Refused):
            questions.ask(learning.portal, learner, key, text)
    numbers = [questions.ask(learning.portal, learner, "law", "请核对一下") for _ in range(3)]
    with pytest.raises(Refused) as refused:
        questions.ask(learning.portal, learner, "law", "请核对一下")
    assert refused.value.key == "capability.error_open"
    trainer = learning.grant(learning.add_person("t", "east"), "trainer")
    for actor in (learner, trainer):
        with pytest.raises(NotAllowed):
            questions.case(learning.portal, actor, numbers[0])
        with pytest.raises(NotAllowed):
            questions.answer(learning.portal, actor, numbers[0], "stands", "不应该能答复", [])
    own = questions.ask(learning.portal, admin, "law", "我自己的疑问")
    with pytest.raises(NotAllowed):
        questions.answer(learning.portal, admin, own, "stands", "自己答自己", [])


def test_above_and_below_are_said_of_a_whole_band_alone() -> None:
    def standing(needed: float | None, now: Point | None) -> str:
        return capability_view.CapabilityLine(
            "law", Bilingual("法"), "#000000", 9, 0, now, 3, None, 3, needed
        ).standing

    now = Point(datetime(2026, 3, 12, tzinfo=UTC), 60.0, 52.0, 68.0)
    assert [standing(needed, now) for needed in (68.1, 64, 56, 52)] == [
        "below",
        "near",
        "near",
        "above",
    ]
    assert standing(None, now) == standing(64, None) == "unknown"
