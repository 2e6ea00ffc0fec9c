"""A facilitator and two phones play a drill to its end; one is cut off, the server is killed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Settle, Visit
from tests.browser.site import ROOT, Site, settled, titled
from tests.content.small import make, put
from tests.content.test_drills import FILE, TEXT


@pytest.fixture(scope="module")
def room_site(tmp_path_factory: pytest.TempPathFactory, settle: Settle) -> Iterator[Site]:
    """A portal with one small drill, whose first decision is the command's."""
    content = make(tmp_path_factory.mktemp("content"))
    for name in ("courses/capabilities.toml", "courses/statutes.toml"):
        put(content, name, (ROOT / name).read_text("utf-8"))
    text = TEXT.replace(
        "`#smoke-1` `目标:O1` `限时:60秒`", "`#smoke-1` `目标:O1` `角色:指挥` `限时:600秒`"
    )
    put(content, FILE, text)
    data = tmp_path_factory.mktemp("room-data")
    site = Site(data, content=content, ids=settle(data))
    site.start()
    yield site
    site.stop()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def choose(page: Page, words: str) -> None:
    page.locator("[data-testid=stRadioOption]", has_text=words).click()


def scanned(page: Page) -> list[str]:
    """What a phone's camera reads off the screen."""
    return [
        one.text for one in zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot()))) if one
    ]


def smallest(page: Page) -> float:
    """The smallest type in px of what the projector shows, apart from the way back."""
    sizes = page.locator(
        ".st-key-projector :is(p, li, h1, h2, h3, strong, .callout-title)"
    ).evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    return float(min(sizes))


def test_a_facilitator_and_two_phones_play_to_the_end(visit: Visit, room_site: Site) -> None:
    lead = visit("boss_a", "/tabletop_lead", at=room_site, phone=False)
    press(lead, "开房间")
    expect(lead.get_by_text("扫码，或在")).to_be_visible()
    with sqlite3.connect(room_site.data / "portal.db", timeout=10) as raw:
        [(code,)] = raw.execute("SELECT code FROM drill_rooms").fetchall()
    raw.close()
    hall = visit("boss_a", "/tabletop_lead?r=1&s=1", at=room_site, phone=False)
    hall.set_viewport_size({"width": 1920, "height": 1080})
    expect(hall.locator("[data-testid=stImage]")).to_be_visible()
    address = f"{room_site.url}/tabletop?code={code}"
    assert scanned(hall) == [address], "a camera finds the way in"
    assert smallest(hall) >= 28
    lin = visit("lin", address.removeprefix(room_site.url), at=room_site)
    press(lin, "加入")
    lin.get_by_role("button", name="指挥").click()
    press(lin, "就任")
    wu = visit("wu", "/tabletop", at=room_site)
    wu.get_by_label("房间号").fill("ACDEF9")
    press(wu, "加入")
    expect(wu.get_by_text("没有这个房间号")).to_be_visible()
    wu.get_by_label("房间号").fill(code)
    press(wu, "加入")
    expect(lead.get_by_text("到场 2 人")).to_be_visible(timeout=20_000)
    press(lead, "开始推演")
    # the command decides, the other phone sees the options and no button to decide
    expect(wu.get_by_text("这一步由指挥决定")).to_be_visible(timeout=20_000)
    expect(hall.get_by_text("还有")).to_be_visible(timeout=20_000)
    assert smallest(hall) >= 28
    assert hall.locator("[data-testid=stMain]").evaluate("one => one.scrollHeight") <= 1080
    expect(wu.get_by_role("button", name="就这样决定")).to_have_count(0)
    source = wu.content()
    assert "断电就困在里面" not in source and "谁知道楼上住着谁" not in source, (
        "no answers, no notes"
    )
    expect(lead.get_by_text("谁知道楼上住着谁")).to_be_visible()
    # one phone is cut off while the room goes on
    wu.goto("about:blank")
    choose(lin, "打 119")
    press(lin, "就这样决定")
    expect(lin.get_by_text("你怎么交接？")).to_be_visible(timeout=20_000)
    # the server is killed in the middle; everybody comes back to where the room is
    room_site.kill()
    room_site.start()
    run = re.search(r"r=(\d+)", lin.url)
    assert run is not None
    wu.goto(f"{room_site.url}/tabletop?r={run[1]}")
    settled(wu)
    for page, words in ((wu, "说大概"), (lin, "交名册")):
        expect(page.get_by_text("你怎么交接？")).to_be_visible(timeout=30_000)
        choose(page, words)
        press(page, "投票")
        expect(page.get_by_text("已投票")).to_be_visible(timeout=20_000)
    press(lead, "截止投票")
    # one vote each: the command breaks the tie
    expect(lin.get_by_text("票数相同").first).to_be_visible(timeout=20_000)
    choose(lin, "交名册")
    press(lin, "就这样决定")
    for page in (lin, wu):
        expect(page.get_by_text("谁的车？")).to_be_visible(timeout=20_000)
        choose(page, "说明楼道停车")
        press(page, "投票")
        expect(page.get_by_text("已投票")).to_be_visible(timeout=20_000)
    expect(lead.get_by_text("已投 2 / 2")).to_be_visible(timeout=20_000)
    press(lead, "截止投票")
    expect(wu.get_by_text("现场复盘").first).to_be_visible(timeout=20_000)
    wu.get_by_label("写一条").fill("名册要每月更新")
    press(wu, "发送")
    expect(lead.get_by_text("名册要每月更新")).to_be_visible(timeout=20_000)
    lead.get_by_label("要做什么").fill("每月核对名册")
    lead.get_by_label("责任人姓名").fill("老吴")
    press(lead, "加入计划")
    expect(lead.get_by_text("每月核对名册")).to_be_visible(timeout=20_000)
    press(lead, "结束复盘，结果生效")
    lead.get_by_text("不能再改").wait_for()
    lead.get_by_role("button", name="结束复盘，结果生效").last.click()
    expect(wu.get_by_text("复盘报告已经生成")).to_be_visible(timeout=20_000)
    wu.get_by_role("link", name="看复盘报告").click()
    expect(titled(wu, "复盘：楼道里的电瓶")).to_be_visible()
    expect(wu.get_by_text("名册要每月更新")).to_be_visible()
    expect(wu.get_by_text("测试A0：主持人")).to_be_visible()
    expect(wu.get_by_text("你的做法")).to_have_count(0)
    wu.set_viewport_size({"width": 360, "height": 740})
    assert wu.evaluate("document.documentElement.scrollWidth") <= 360
    # what the group has to improve leads to a room of the same drill, not to playing alone
    lead.goto(f"{room_site.url}/drills")
    settled(lead)
    expect(lead.get_by_text("每月核对名册")).to_be_visible()
    lead.get_by_role("link", name="再开一次桌面推演：楼道里的电瓶").click()
    expect(titled(lead, "主持推演")).to_be_visible()
    assert f"u={room_site.ids['street_a']}" in lead.url and "d=one" in lead.url
    press(lead, "开房间")
    expect(lead.get_by_text("扫码，或在")).to_be_visible()


def test_a_stranger_and_another_units_manager_see_nothing(visit: Visit, room_site: Site) -> None:
    stranger = visit("boss_b", "/tabletop_lead?r=1", at=room_site, phone=False)
    stranger.get_by_role("button", name="接手主持").click()
    expect(stranger.locator("[data-testid=stAlert]").first).to_be_visible()
    expect(stranger.get_by_text("楼道里的电瓶")).to_have_count(0)
