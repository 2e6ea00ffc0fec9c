"""A community worker plays a drill on a phone, is cut off, comes back, and reads what to change."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import settings as portal_settings
from portal.actions import drill_runs
from portal.actions.starting import open_portal
from portal.store import people
from tests.browser.conftest import Settle, Visit
from tests.browser.site import ROOT, Site, settled, titled
from tests.content.small import make, put
from tests.content.test_drills import FILE, TEXT
from tests.core.drill_files import DRILL_EN

DRILL = "/drill?d=one/fire"
# the shortest limit there is for the first decision; the others have none
HURRY = (
    TEXT.replace("title: 楼道里的电瓶", "title: 十秒钟")
    .replace("`限时:60秒` `超时:3`", "`限时:10秒` `超时:1`")
    .replace(" `限时:30秒`", "")
    .replace("`#", "`#hurry-")
)


@pytest.fixture(scope="module")
def drill_site(tmp_path_factory: pytest.TempPathFactory, settle: Settle) -> Iterator[Site]:
    """A portal with one small drill, whose people act on their own data."""
    content = make(tmp_path_factory.mktemp("content"))
    for name in ("courses/capabilities.toml", "courses/statutes.toml"):
        put(content, name, (ROOT / name).read_text("utf-8"))
    put(content, FILE, TEXT.replace("minutes: 10", "minutes: 10\npace: 2"))  # news in four seconds
    put(content, "quizzes/one/fire.en.md", DRILL_EN)
    put(content, "quizzes/one/hurry.md", HURRY)
    data = tmp_path_factory.mktemp("drill-data")
    site = Site(data, content=content, ids=settle(data))
    _play(data, content, site.ids["trainer"])
    site.start()
    yield site
    site.stop()


def _play(data: Path, content: Path, person_id: int) -> None:
    """Let somebody of street A have played badly, for managers to read."""
    given = {"data_dir": str(data), "content_dir": str(content)}
    portal = open_portal(portal_settings.load(overrides=given))
    with portal.db.read() as conn:
        person = people.find_person(conn, person_id)
    assert person is not None
    run_id = drill_runs.begin(portal, person, "one/fire")
    for decision, option in (("smoke-1", 0), ("old-1", 1), ("brigade-1", 0)):
        drill_runs.choose(portal, person, run_id, decision, option)
    portal.db.close()


def decide(page: Page, words: str) -> None:
    """Choose the option that holds ``words`` and confirm; the next step or the report follows."""
    question = page.locator("h3").first.inner_text()
    page.locator("[data-testid=stRadioOption]", has_text=words).click()
    page.get_by_role("button", name="就这样做").click()
    expect(page.locator("h3", has_text=question)).to_have_count(0)


def events(site: Site, login: str) -> list[str]:
    with sqlite3.connect(site.data / "portal.db", timeout=10) as raw:
        rows = raw.execute(
            "SELECT e.kind FROM drill_events e JOIN drill_runs r ON r.id = e.run_id"
            " WHERE r.person_id = ? ORDER BY e.run_id, e.number",
            (site.ids[login],),
        ).fetchall()
    raw.close()
    # a server that takes long to come back is an absence, which is given back
    return [kind for (kind,) in rows if kind != "absence"]


def test_a_drill_on_a_phone_from_the_list_to_what_to_do_differently(
    visit: Visit, drill_site: Site
) -> None:
    page = visit("lin", "/drills", at=drill_site)
    page.get_by_role("link", name="楼道里的电瓶").click()
    page.get_by_role("button", name="开始演练").click()
    # news that was not there at the beginning arrives while one thinks
    late = page.get_by_text("烟更大了")
    expect(page.get_by_text("闻到胶皮味")).to_be_visible()
    expect(late).to_have_count(0)
    source = page.content()
    assert "断电就困在里面" not in source and "elapsed" not in source, "no answers in the browser"
    # confirmed without a choice, nothing is taken
    page.get_by_role("button", name="就这样做").click()
    expect(page.get_by_text("先选一个做法")).to_be_visible()
    expect(late).to_be_visible(timeout=20_000)
    decide(page, "用电梯上去看看")
    expect(page.get_by_text("伤亡（人） 1 ▲1")).to_be_visible()
    # cut off in the middle: the server is killed, and the page goes on where it was
    drill_site.kill()
    drill_site.start()
    page.goto(drill_site.url + DRILL)
    settled(page)
    expect(page.get_by_text("怎么找到他们")).to_be_visible()
    decide(page, "在楼下继续喊")
    decide(page, "说已经处理好了")
    expect(titled(page, "复盘：楼道里的电瓶")).to_be_visible()
    expect(page.get_by_text("有 3 步下次要换个做法")).to_be_visible()
    # the first screen says what to do next time, by which law, and where to learn it
    points = page.locator("[data-testid=stHtml] ol li")
    expect(points).to_have_count(3)
    expect(points.first).to_contain_text("打 119，喊三楼以上的住户沿另一侧楼梯下楼")
    expect(points.last).to_be_in_viewport()
    expect(points.first.get_by_role("link", name="《消防法》第四十四条")).to_be_in_viewport()
    expect(page.get_by_role("link", name=re.compile("^先学："))).to_be_in_viewport()
    better = page.get_by_text("更好的做法：").first
    expect(better).to_be_visible()
    expect(page.get_by_text("打 119，喊三楼以上的住户沿另一侧楼梯下楼").first).to_be_visible()
    law = page.get_by_role("link", name=re.compile("消防法》第四十四条")).first
    assert "/statute?law=" in (law.get_attribute("href") or "")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载复盘报告").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert events(drill_site, "lin") == ["begin", "choose", "choose", "choose"]
    # the plan waits on the list, and overflows nothing on a narrow phone
    page.goto(drill_site.url + "/drills")
    settled(page)
    expect(page.get_by_text("要改进的")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_time_runs_out_on_the_servers_clock_and_the_run_goes_on(
    visit: Visit, drill_site: Site
) -> None:
    page = visit("boss_b", "/drill?d=one/hurry", at=drill_site)
    page.get_by_role("button", name="开始演练").click()
    expect(page.get_by_text("先做哪一件？")).to_be_visible()
    # nobody touches the page: the clock decides, and says what has come of it
    expect(page.get_by_text("没有等到你的决定，事态自己往下走了")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("伤亡（人） 1 ▲1")).to_be_visible()
    expect(page.get_by_text("怎么找到他们")).to_be_visible()
    decide(page, "让邻居带路")
    decide(page, "还没有逐户核对" if page.get_by_text("还没有逐户核对").count() else "交名册")
    decide(page, "说明楼道停车")
    expect(titled(page, "复盘：十秒钟")).to_be_visible()
    expect(page.get_by_text("（超时，没有决定）").first).to_be_visible()


def test_in_english_a_run_is_left_and_is_rated_nowhere(visit: Visit, drill_site: Site) -> None:
    page = visit("wu", DRILL, at=drill_site, locale="en-GB")
    page.get_by_role("button", name="Start the drill").click()
    expect(page.get_by_text("seconds left")).to_be_visible()
    page.locator("[data-testid=stRadioOption]", has_text="Call 119").click()
    page.get_by_role("button", name="Do this").click()
    expect(page.get_by_text("How do you hand over?")).to_be_visible()
    settled(page)  # what stands below the question is still being replaced
    page.get_by_text("Leave this run").click()
    page.get_by_role("button", name="Leave without finishing").click()
    expect(page.get_by_text("You have left this run")).to_be_visible()
    page.get_by_role("link", name="All drills").click()
    expect(titled(page, "Drills")).to_be_visible()
    expect(page.get_by_text(re.compile("On-call.*Not played yet"))).to_be_visible()


def test_managers_and_trainers_have_their_pages(visit: Visit, drill_site: Site) -> None:
    page = visit("boss_a", "/unit_drills", at=drill_site, phone=False)
    expect(page.get_by_text("不足五人，不显示").first).to_be_visible()
    expect(page.get_by_text("未销号的改进事项").first).to_be_visible()
    page = visit("trainer", "/drill_map", at=drill_site, phone=False)
    expect(page.get_by_text("最短走法")).to_be_visible()
    expect(page.get_by_role("img", name="演练的场景、决策和去向")).to_be_visible()
