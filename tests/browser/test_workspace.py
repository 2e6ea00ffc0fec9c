"""The workspace in a browser: a first course from nothing, and no word lost on the way."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from re import Pattern

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser import town
from tests.browser.conftest import Visit
from tests.browser.site import ROOT, Site, settled

MODULE = "courses/gas-safety/01-start.md"


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


def make_content(content: Path) -> None:
    """The project's registries, and a small course."""
    (content / "courses/basics").mkdir(parents=True)
    (content / "quizzes").mkdir()
    for name in ("capabilities.toml", "statutes.toml"):
        text = (ROOT / "courses" / name).read_text("utf-8")
        (content / "courses" / name).write_text(text, "utf-8")
    (content / "courses/basics/course.md").write_text(
        "---\ntitle: 入门\ncapability: law\nlevel: 1\nhours: 1\n---\n\n介绍。\n", "utf-8"
    )
    (content / "courses/basics/01-a.md").write_text(
        "---\ntitle: 第一课\nminutes: 5\n---\n\n## 一\n\n第一句。\n\n## 二\n\n第二句。\n", "utf-8"
    )


def make_trainer(site: Site, login: str) -> None:
    with sqlite3.connect(site.data / "portal.db") as raw:
        raw.execute(
            "INSERT INTO role_grants (person_id, role, granted_at) "
            "VALUES (?, 'trainer', '2026-01-01T00:00:00.000Z')",
            (site.ids[login],),
        )
    raw.close()


def editor(page: Page) -> Locator:
    area = page.get_by_label("Markdown 编辑区")
    expect(area).to_be_visible()
    return area


def draft(site: Site, path: str) -> str:
    with sqlite3.connect(site.data / "portal.db") as raw:
        found = raw.execute("SELECT text FROM content_drafts WHERE path = ?", (path,)).fetchone()
    raw.close()
    return str(found[0]) if found else ""


def picture() -> bytes:
    image = Image.new("RGB", (640, 360), "#eef3f8")
    pen = ImageDraw.Draw(image)
    pen.line((60, 180, 580, 180), fill="#1d4e89", width=26)
    pen.ellipse((270, 130, 370, 230), fill="#b83a26")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def fold_out(page: Page, words: str) -> None:
    page.get_by_text(words, exact=True).click()


def write_first_course(page: Page, photograph: Camera) -> None:
    """The author's part of the walk: only what the portal itself says is needed."""
    expect(page.get_by_role("heading", name="编写内容")).to_be_visible()
    fold_out(page, "新建课程")
    page.get_by_role("textbox", name="课程名称", exact=True).fill("燃气安全入户检查")
    page.get_by_role("textbox", name="第一个单元的名称").fill("入户前的准备")
    page.get_by_role("button", name="建立课程").click()
    expect(page.get_by_text("网址名只能用小写英文字母")).to_be_visible()
    page.get_by_role("textbox", name="网址名").first.fill("gas-safety")
    page.get_by_role("button", name="建立课程").click()
    area = editor(page)
    expect(area).to_have_value(holding("先看一个案例"))
    photograph("walk-1-new")
    # a picture, with the words that it asks for
    area.click()
    area.press("Control+Home")
    for _ in range(8):
        area.press("ArrowDown")
    fold_out(page, "插入图片")
    payload: FilePayload = {"name": "阀门.png", "mimeType": "image/png", "buffer": picture()}
    page.locator("input[type=file]").set_input_files(payload)
    page.get_by_role("button", name="上传并插入").click()
    expect(page.get_by_text("请用一句话写出图里有什么")).to_be_visible()
    page.get_by_role("textbox", name="图里有什么").fill("红色手轮是楼道里的燃气总阀")
    page.get_by_role("button", name="上传并插入").click()
    expect(area).to_have_value(holding("assets/阀门.png"))
    shown = page.get_by_alt_text("红色手轮是楼道里的燃气总阀")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 640
    # a second question, and a slip that the portal points at
    area.press("Control+End")
    page.get_by_text("题目", exact=True).first.click()
    page.get_by_role("button", name="判断题").click()
    expect(area).to_have_value(holding("gas-safety-002"))
    area.press("Control+End")
    text = area.input_value().replace("- [x] 正确\n- [ ] 错误", "- 【x】 正确\n- [ ] 错误")
    area.fill(text)
    expect(page.get_by_text("选项用了【】，应该用半角方括号。")).to_be_visible()
    photograph("walk-2-problem")
    page.get_by_role("button", name="错误 Q101").click()
    area.press("Home")
    area.press("Shift+End")
    page.keyboard.insert_text("- [x] 正确")
    expect(page.get_by_text("没有发现问题")).to_be_visible()
    # a citation, looked up by a word of its name
    area.press("Control+End")
    fold_out(page, "插入法规引用")
    page.get_by_role("textbox", name="按名称里的字查找法规").fill("燃气")
    page.get_by_role("textbox", name="按名称里的字查找法规").press("Enter")
    page.get_by_role("textbox", name="第几条").fill("27")
    page.get_by_role("textbox", name="第几条").press("Enter")
    page.get_by_role("button", name="插入到光标处").click()
    expect(area).to_have_value(holding("《城镇燃气管理条例》第二十七条"))
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    photograph("walk-3-written")
    page.get_by_role("button", name="本课程的修改").click()
    page.get_by_role("textbox", name="改了什么、为什么").fill("新课：入户检查前要做的准备")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("等待另一位培训员审核。")).to_be_visible()
    expect(page.get_by_role("button", name="发布", exact=True)).to_have_count(0)


def holding(words: str) -> Pattern[str]:
    """A pattern that finds ``words`` anywhere in a value."""
    return re.compile(re.escape(words))


class Camera:
    """Takes the guide's pictures when it is given a folder, nothing otherwise."""

    def __init__(self, page: Page, folder: Path | None = None) -> None:
        self.page = page
        self.folder = folder

    def __call__(self, name: str) -> None:
        if self.folder is not None:
            self.page.wait_for_timeout(800)
            self.page.screenshot(path=self.folder / f"{name}.png")


def approve(page: Page, photograph: Camera) -> None:
    """The second person's part: found in the tree, looked at, approved."""
    expect(page.get_by_text("有 1 门课程的修改等你审核")).to_be_visible()
    page.get_by_text("燃气安全入户检查").or_(page.get_by_text("gas-safety")).first.click()
    expect(page.get_by_text("新课：入户检查前要做的准备")).to_be_visible()
    photograph("walk-4-review")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_text("审核通过，可以发布。")).to_be_visible()


def publish(page: Page, photograph: Camera) -> None:
    page.reload()
    settled(page)
    expect(page.get_by_text("新增 2 道题")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布 3 个文件")).to_be_visible()
    photograph("walk-5-published")


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
    expect(first.get_by_text("草稿已保存")).to_be_visible()
    two.fill(two.input_value().replace("第二句。", "第二句，乙改的。"))
    expect(second.get_by_text("两边的文字都在")).to_be_visible()
    assert "乙改的" not in draft(room, path) and "甲改的" in draft(room, path)
    second.get_by_role("button", name="合并两边的改动").click()
    expect(second.get_by_text("草稿已保存")).to_be_visible()
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
    expect(page.get_by_text("草稿已保存")).to_be_visible()
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
