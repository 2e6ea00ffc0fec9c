"""A change of law in a browser: a trainer judges a place; a citation opens the article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from portal.actions.law_noticing import notice_law_changes
from portal.actions.portal import Portal
from portal.actions.statute_texts import import_file
from portal.content.library import Library
from portal.settings import Settings
from portal.store import law
from portal.store.database import Database
from tests.browser.conftest import Visit
from tests.browser.site import ROOT, Site, settled
from tests.browser.test_look import is_streamlits_own

LAW = "突发事件应对法"
TEXT = """---
title: 中华人民共和国突发事件应对法
effective: 2024-11-01
---

## 第一章 编造的一章

**第一条**　测试用的第一款。

测试用的<b>第二款</b>，不是真的条文。

**第二条**　测试用的第二条。
"""


@pytest.fixture(scope="module")
def amended(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The portal has seen another version of a statute, and has an invented text of it."""
    library = Library(ROOT)
    library.refresh()
    db = Database(site.data / "portal.db")
    portal = Portal(db, library, lambda: datetime.now(UTC), Settings(data_dir=site.data))
    with db.write() as conn:
        seen = next(one for one in law.known(conn).values() if one.short == LAW)
        law.save_known(conn, [replace(seen, version="2007", articles=70)], portal.now())
    assert notice_law_changes(portal) == 1
    file = Path(tmp_path_factory.mktemp("texts")) / "text.md"
    file.write_text(TEXT, "utf-8")
    assert import_file(portal, file, anyway=True).outcome == "new"
    db.close()
    return site


def test_a_trainer_judges_a_place_and_sees_what_is_left(visit: Visit, amended: Site) -> None:
    page = visit("trainer", "/laws", at=amended)
    expect(page.get_by_text("待复核（共").first).to_be_visible()
    page.get_by_role("button", name=f"《{LAW}》").first.click()
    settled(page)
    expect(page.get_by_text("已看过 0 /")).to_be_visible()
    page.get_by_role("checkbox").first.locator("xpath=ancestor::label").click()
    page.get_by_label("理由", exact=False).fill("第一条内容相同")
    page.get_by_role("button", name="记下（1 处）").click()
    expect(page.get_by_text("已记下 1 处。")).to_be_visible()
    expect(page.get_by_text("已看过 1 /")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    found = [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
        if not is_streamlits_own(violation["id"], node["html"])
    ]
    assert not found


def test_a_citation_opens_the_article_at_its_paragraph(visit: Visit, amended: Site) -> None:
    page = visit("lin", f"/statute?law={LAW}&article=1&paragraph=2", at=amended)
    expect(page.get_by_text("测试用的第一款。")).to_be_visible()
    expect(page.get_by_text("测试用的<b>第二款</b>，不是真的条文。")).to_be_visible()
    expect(page.get_by_text("引用的是这一款")).to_have_count(1)
    page.get_by_role("button", name="第二条 ›").click()
    expect(page.get_by_text("测试用的第二条。")).to_be_visible()
    page.goto(f"{amended.url}/statute?law={LAW}&article=9")
    settled(page)
    expect(page.get_by_text("没有导入这一条的官方文本")).to_be_visible()
    page.goto(f"{amended.url}/statute?law={LAW}&article=63")
    settled(page)
    taught = page.get_by_role("link", name="四类事件，三套级别")  # cites it in its text
    expect(taught).to_be_visible()
    expect(page.get_by_role("link", name="看见与判断，先做什么")).to_have_count(0)  # another
    page.get_by_role("button", name="整部法规在哪里讲到").click()
    expect(page.get_by_role("link", name="看见与判断，先做什么")).to_be_visible()
