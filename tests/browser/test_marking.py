"""An essay on its way: handed in, marked without a name, seen by its writer, appealed against."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from playwright.sync_api import expect

from portal.actions import attempts
from portal.core.capabilities import Bilingual
from portal.core.questions import Criterion, Essay
from portal.core.quizzes import Quiz
from tests.actions.sample import catalogue_of, course, keyed, reopen
from tests.browser.conftest import Visit
from tests.browser.site import Site, settled
from tests.core.making import question

WORDS = "先把人撤到安全的地方，关掉总阀，再打 119 说清地点。"


def hand_in(site: Site) -> int:
    """An essay of grid worker Lin, for whom its mark decides; returns the attempt."""
    rubric = Essay(
        (
            Criterion(3, Bilingual("先保人，再报警，顺序说得对", "People first, then the call")),
            Criterion(2, Bilingual("报警说清地点和危险", "Says where and what")),
        )
    )
    essay = replace(
        question(rubric, "essay-test-1", points=5),
        title=Bilingual("燃气泄漏先做什么", "What first in a gas leak"),
        stem=Bilingual("接到居民反映楼道有燃气味，你到场后先做什么？", "What do you do first?"),
        course="essays",
    )
    quiz = replace(
        Quiz("essays/quiz", "quiz", Bilingual("处置小测验"), "essays", ("essay-0", "essay-test-1")),
        shuffle=False,
    )
    world = reopen(
        site.data / "portal.db",
        catalogue_of((course("essays", ()),), (quiz,), (keyed("essay-0"), essay)),
    )
    world.clock.now = datetime.now(UTC)
    try:
        lin = world.person(site.ids["lin"])
        attempt = attempts.open_attempt(world.portal, lin, quiz.id)
        attempts.answer(world.portal, lin, attempt.id, 0, [1])
        attempts.answer(world.portal, lin, attempt.id, 1, WORDS)
        attempts.submit(world.portal, lin, attempt.id)
    finally:
        world.portal.db.close()
    return attempt.id


def test_an_essay_is_marked_and_its_writer_sees_why_and_appeals(visit: Visit, site: Site) -> None:
    attempt = hand_in(site)
    trainer = visit("trainer", "/marking", phone=False)
    expect(trainer.get_by_text("燃气泄漏先做什么")).to_be_visible()
    expect(trainer.get_by_text("测试A1")).to_have_count(0)  # no name
    trainer.get_by_role("button", name="评分", exact=True).click()
    expect(trainer.get_by_text(WORDS)).to_be_visible()
    first, second = (trainer.get_by_role("spinbutton").nth(n) for n in range(2))
    first.fill("3")
    first.press("Tab")
    second.fill("1")
    second.press("Tab")
    comment = trainer.get_by_label("评语（学员看得到）")
    comment.fill("没有说危险是什么")
    comment.press("Tab")
    expect(trainer.get_by_text("草稿已保存")).to_be_visible()
    expect(trainer.get_by_text("合计 4 / 5 分")).to_be_visible()
    trainer.reload()  # what was typed is there again
    expect(trainer.get_by_label("评语（学员看得到）")).to_have_value("没有说危险是什么")
    trainer.get_by_role("button", name="提交评分").click()
    expect(trainer.get_by_text("评完了，成绩已更新。")).to_be_visible()

    lin = visit("lin")
    expect(lin.get_by_text("论述题评完了：处置小测验")).to_be_visible()
    lin.goto(f"{site.url}/quiz?a={attempt}")
    expect(lin.get_by_text("评分标准")).to_have_count(1)
    expect(lin.get_by_text("3 / 3")).to_be_visible()
    expect(lin.get_by_text("部分正确")).to_have_count(0)  # an essay is neither right nor wrong
    expect(lin.get_by_text("论述题得 4 / 5 分")).to_be_visible()
    expect(lin.get_by_text("没有说危险是什么")).to_be_visible()
    lin.get_by_text("对分数有异议").click()
    reason = lin.get_by_label("为什么觉得分数不对")
    reason.fill("写了燃气味，就是危险")
    reason.press("Tab")
    lin.get_by_role("button", name="提交申诉").click()
    expect(lin.get_by_text("等另一位培训师答复")).to_be_visible()
    lin.goto(site.url)
    settled(lin)
    expect(lin.get_by_text("论述题评完了")).to_have_count(0)  # it has been opened
