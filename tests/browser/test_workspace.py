"""The workspace in a browser: a first course from nothing, and no word lost on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from portal import settings
from portal.actions import attempts
from portal.actions.starting import open_portal
from portal.store import people
from tests.browser.conftest import Settle, Visit
from tests.browser.site import Site, settled
from tests.browser.walk import (
    Camera,
    approve,
    editor,
    holding,
    make_content,
    make_trainer,
    publish,
    write_first_course,
)
from tests.core.drill_files import DRILL, DRILL_EN

PLAYED = "quizzes/basics/fire.md"
QUIZ = "quizzes/calls/quiz.md"
QUIZ_TEXT = """---
kind: quiz
title: 报警测验
shuffle: false
---

### 报警电话

`#calls-001` `2分`

发现有人偷井盖，打哪个电话报警？

- [x] 120
- [ ] 110

### 火警电话

`#calls-002` `2分`

- [x] 119
- [ ] 122
"""
SLOW_MS = 15_000  # a save and a check on a machine that does other things as well


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, settle: Settle) -> Iterator[Site]:
    """A portal whose content has registries and one course; ``trainer`` and ``wu`` may write."""
    base = tmp_path_factory.mktemp("writing")
    content, data = base / "content", base / "data"
    data.mkdir()
    make_content(content)
    for folder in ("courses/calls", "quizzes/calls", "quizzes/basics"):
        (content / folder).mkdir()
    intro = (content / "courses/basics/course.md").read_text("utf-8")
    (content / "courses/calls/course.md").write_text(intro.replace("入门", "报警"), "utf-8")
    (content / QUIZ).write_text(QUIZ_TEXT, "utf-8")
    (content / PLAYED).write_text(DRILL, "utf-8")
    (content / PLAYED.replace(".md", ".en.md")).write_text(DRILL_EN, "utf-8")
    running = Site(data, content=content, ids=settle(data))
    make_trainer(running, "wu")
    hand_in(running)
    running.start()
    yield running
    running.stop()


def hand_in(site: Site) -> None:
    """Lin answers both questions as is right in truth; the key of the first says otherwise."""
    given = {"data_dir": str(site.data), "content_dir": str(site.content)}
    portal = open_portal(settings.load(overrides=given))
    try:
        with portal.db.read() as conn:
            lin = people.find_person(conn, site.ids["lin"])
        attempt = attempts.open_attempt(portal, lin, "calls/quiz")
        for item in attempts.get_attempt(portal, lin, attempt.id).items:
            right = 1 if item.question.id == "calls-001" else 0
            attempts.answer(portal, lin, attempt.id, item.position, [right])
        attempts.submit(portal, lin, attempt.id)
    finally:
        portal.db.close()


def rows(site: Site, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(site.data / "portal.db") as raw:
        found = raw.execute(sql).fetchall()
    raw.close()
    return found


def draft(site: Site, path: str) -> str:
    with sqlite3.connect(site.data / "portal.db") as raw:
        found = raw.execute("SELECT text FROM content_drafts WHERE path = ?", (path,)).fetchone()
    raw.close()
    return str(found[0]) if found else ""


def click_into(area: Locator, words: str) -> None:
    """Set the caret before ``words``, as a click does."""
    area.evaluate(
        """(area, words) => {
            const at = area.value.indexOf(words);
            area.focus(); area.setSelectionRange(at, at); area.click();
        }""",
        words,
    )


def test_a_first_course_is_written_reviewed_and_published(visit: Visit, room: Site) -> None:
    author = visit("trainer", "/workspace", phone=False, at=room)
    write_first_course(author, Camera(author))
    reviewer = visit("wu", "/workspace", phone=False, at=room)
    approve(reviewer, Camera(reviewer))
    publish(author, Camera(author))
    learner = visit("lin", "/module?m=gas-safety/start", at=room)
    expect(learner.get_by_alt_text("红色手轮是楼道里的燃气总阀")).to_be_visible()
    assert (room.content / "courses/gas-safety/assets/阀门.png").is_file()


def test_two_pages_do_not_write_over_each_other(visit: Visit, room: Site) -> None:
    path = "courses/basics/01-a.md"
    first, second = (
        visit(login, f"/workspace?f={path}", phone=False, at=room) for login in ("trainer", "wu")
    )
    one, two = editor(first), editor(second)
    one.fill(one.input_value().replace("第一句。", "第一句，甲改的。"))
    expect(first.get_by_text("草稿已保存")).to_be_visible(timeout=SLOW_MS)
    two.fill(two.input_value().replace("第二句。", "第二句，乙改的。"))
    expect(second.get_by_text("两边的文字都在")).to_be_visible(timeout=SLOW_MS)
    assert "乙改的" not in draft(room, path) and "甲改的" in draft(room, path)
    elsewhere = visit("wu", f"/workspace?f={path}", phone=False, at=room)
    expect(elsewhere.get_by_text("两边的文字都在")).to_be_visible(timeout=SLOW_MS)
    expect(editor(elsewhere)).to_have_value(holding("乙改的"))
    second.get_by_role("button", name="合并两边的改动").click()
    expect(second.get_by_text("草稿已保存")).to_be_visible(timeout=SLOW_MS)
    expect(two).to_have_value(holding("甲改的"))
    assert "甲改的" in draft(room, path) and "乙改的" in draft(room, path)


def test_what_the_server_never_got_is_found_again(visit: Visit, room: Site) -> None:
    path = "courses/basics/course.md"
    page = visit("trainer", f"/workspace?f={path}", phone=False, at=room)
    area = editor(page)
    room.freeze()
    try:
        area.fill(area.input_value() + "\n写到一半。\n")
        page.wait_for_timeout(600)
    finally:
        room.kill()
        room.start()
    assert "写到一半" not in draft(room, path)
    page.reload()
    settled(page)
    expect(editor(page)).to_have_value(holding("写到一半"))
    expect(page.get_by_text("草稿已保存")).to_be_visible(timeout=SLOW_MS)
    assert "写到一半" in draft(room, path)


def test_leaving_at_once_loses_nothing(visit: Visit, room: Site) -> None:
    path = "courses/basics/course.md"
    page = visit("trainer", f"/workspace?f={path}", phone=True, at=room)
    area = editor(page)
    area.press("Control+End")
    page.keyboard.type("最后一句")
    room.freeze()  # a server that is busy reads everything at once
    page.get_by_role("button", name="本课程的修改").click()
    page.wait_for_timeout(600)  # longer than the editor waits before it says where the caret is
    room.thaw()
    expect(page.get_by_text("还没有发布的修改")).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", name="文件")).to_be_visible()
    assert "最后一句" in draft(room, path) and page.url.endswith("?c=basics")


def test_a_drill_is_seen_as_it_is_written(visit: Visit, room: Site) -> None:
    page = visit("trainer", f"/workspace?f={PLAYED}", phone=False, at=room)
    area = editor(page)
    expect(page.locator("li", has_text="先救人再救物（关键）")).to_be_visible()
    page.get_by_text("看路线图").click()
    expect(page.get_by_role("img", name="演练的场景、决策和去向")).to_be_visible()
    page.get_by_text("看路线图").click()
    news = page.locator("p", has_text="居民：三楼楼道冒烟，闻到胶皮味。")
    click_into(area, "### 先做哪一件")
    expect(news).to_be_visible()
    area.press("Control+End")
    page.keyboard.type(" ")
    expect(news).to_have_count(0)
    click_into(area, "### 先做哪一件")  # back, without a word
    expect(news).to_be_visible()
    expect(page.get_by_role("radio", name="打 119，喊三楼以上")).to_be_visible()
    page.get_by_text("看评定、后果和理由").first.click()
    expect(page.locator("p", has_text="火场不坐电梯，断电就困在里面。")).to_be_visible()
    area.fill(DRILL.replace("(#消防到场)", "(#消防没来)", 1))
    expect(page.get_by_role("button", name="错误 D")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("下面是出错之前的样子")).to_be_visible()
    area.fill(DRILL)
    expect(page.get_by_text("下面是出错之前的样子")).to_have_count(0)
    page.goto(f"{room.url}/workspace?f={PLAYED.replace('.md', '.en.md')}")
    settled(page)
    editor(page).fill(f"{DRILL_EN}\n")
    expect(page.get_by_text("草稿已保存")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="本课程的修改").click()
    expect(page.get_by_text("fire.en.md（")).to_be_visible()  # both editions previewed on one page
    expect(page.get_by_role("heading", name="文件")).to_be_visible()


def test_a_key_is_changed_reviewed_and_answers_are_regraded(visit: Visit, room: Site) -> None:
    log = "SELECT * FROM answer_log ORDER BY id"
    before = rows(room, log)
    author = visit("trainer", f"/workspace?f={QUIZ}", phone=False, at=room)
    area = editor(author)
    wrong = "- [x] 120\n- [ ] 110"
    area.fill(area.input_value().replace(wrong, "- [ ] 120\n- [x] 110"))
    expect(author.get_by_text("草稿已保存")).to_be_visible(timeout=SLOW_MS)
    author.get_by_role("button", name="本课程的修改").click()
    author.get_by_role("textbox", name="改了什么、为什么").fill("第一题的答案写反了")
    author.get_by_role("button", name="提交审核").click()
    expect(author.get_by_text("等待另一位培训师审核。")).to_be_visible()
    reviewer = visit("wu", "/workspace?c=calls", phone=False, at=room)
    reviewer.get_by_role("button", name="通过", exact=True).click()
    expect(reviewer.get_by_text("审核通过，可以发布。")).to_be_visible()
    author.reload()
    settled(author)
    expect(author.get_by_text("旧版已有 1 次交卷，1 人答过，其中 0 人凭它合格。")).to_be_visible()
    expect(author.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    expect(author.get_by_text("1 人的 1 份答卷按新答案重新判分")).to_be_visible()
    author.get_by_text("按新答案重判", exact=True).click()
    reason = author.get_by_label("理由（学员看得到）")
    reason.fill("报警是 110")
    reason.press("Tab")
    author.get_by_role("button", name="选定", exact=True).click()
    expect(author.get_by_text("已选：发布后按新答案重判。")).to_be_visible()
    author.get_by_role("button", name="发布", exact=True).click()
    expect(author.get_by_text("已发布 1 个文件")).to_be_visible()
    [attempt] = rows(room, "SELECT id FROM attempts WHERE quiz_id = 'calls/quiz'")
    learner = visit("lin", f"/quiz?a={attempt[0]}", at=room)
    told = learner.get_by_text("原来 0 分，现在 2 分，满分 2 分。")
    for _ in range(20):  # decisions are carried out in rounds
        if told.count():
            break
        learner.wait_for_timeout(1_000)
        learner.reload()
        settled(learner)
    expect(told).to_be_visible()
    expect(learner.get_by_text("报警是 110")).to_be_visible()
    expect(learner.get_by_text("通过：")).to_be_visible()
    assert rows(room, log) == before  # what was answered stays as it was answered
