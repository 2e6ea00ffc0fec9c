"""The workspace in a browser: a first course from nothing, and no word lost on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import town
from tests.browser.conftest import Visit
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

SLOW_MS = 15_000  # a save and a check on a machine that does other things as well


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A portal whose content has registries and one course; ``trainer`` and ``wu`` may write."""
    base = tmp_path_factory.mktemp("writing")
    content, data = base / "content", base / "data"
    data.mkdir()
    make_content(content)
    running = Site(data, content=content, ids=town.build(data, content))
    make_trainer(running, "wu")
    running.start()
    yield running
    running.stop()


def draft(site: Site, path: str) -> str:
    with sqlite3.connect(site.data / "portal.db") as raw:
        found = raw.execute("SELECT text FROM content_drafts WHERE path = ?", (path,)).fetchone()
    raw.close()
    return str(found[0]) if found else ""


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
    page.get_by_role("button", name="本课程的修改").click()
    expect(page.get_by_text("还没有发布的修改")).to_be_visible()
    page.wait_for_timeout(300)
    assert "最后一句" in draft(room, path)
