"""The walk of the authoring guide: a first course, written by one trainer and approved by another.

What to do is told by the portal alone. A test walks it; ``python -m tests.browser.walk`` takes the
guide's pictures.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from io import BytesIO
from pathlib import Path
from re import Pattern

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser import town
from tests.browser.site import LAPTOP, ROOT, Site, chromium, settled, sign_in

PICTURES = ROOT / "portal" / "docs" / "screenshots"


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
    expect(page.get_by_text(payload["name"])).to_be_visible()
    settled(page)  # the file has arrived
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
    expect(page.get_by_text("等待另一位培训师审核。")).to_be_visible()
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
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    photograph("walk-5-published")


def main() -> None:
    """Walk once and keep the pictures for the guide."""
    with tempfile.TemporaryDirectory() as folder:
        content, data = Path(folder) / "content", Path(folder) / "data"
        data.mkdir()
        make_content(content)
        site = Site(data, content=content, ids=town.build(data, content))
        make_trainer(site, "wu")
        site.start()
        try:
            with chromium() as browser:
                author, reviewer = (_open(browser, site, login) for login in ("trainer", "wu"))
                write_first_course(author, Camera(author, PICTURES))
                reviewer.reload()
                settled(reviewer)
                approve(reviewer, Camera(reviewer, PICTURES))
                publish(author, Camera(author, PICTURES))
        finally:
            site.stop()


def _open(browser: Browser, site: Site, login: str) -> Page:
    page = browser.new_context(viewport=LAPTOP, locale="zh-CN").new_page()
    sign_in(page, site, login, "/workspace")
    return page


if __name__ == "__main__":
    main()
