"""What a manager sees, and what a manager of another unit does not, on a laptop."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TimedOut

from portal.actions import assignments, issuing, stepping
from portal.actions.assignments import Draft
from portal.actions.portal import Portal
from portal.content.library import Library
from portal.core.assignments import Item
from portal.core.audience import Everyone
from portal.core.due import Once, OnDate
from portal.settings import Settings
from portal.store import obligations, people
from portal.store.database import Database
from tests.browser.conftest import Visit
from tests.browser.site import ROOT, Site, settled, titled

QUIZ = "/quiz?q=first-response/basics"


def result_of(visit: Visit, login: str) -> str:
    """Hand in a quiz as ``login``; return the number of the attempt."""
    page = visit(login, QUIZ)
    page.get_by_role("button", name=re.compile("开始作答|再做一次")).click()
    expect(page.get_by_text("第 1 题，共 20 题")).to_be_visible()
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("button", name="确认交卷").click()
    page.wait_for_url(re.compile("[?&]a=\\d+"))
    found = re.search(r"[?&]a=(\d+)", page.url)
    assert found is not None
    return found[1]


def text_of(page: Page) -> str:
    return page.locator("[data-testid=stMain]").inner_text()


def test_the_manager_of_the_unit_sees_the_result_and_another_does_not(
    visit: Visit, site: Site
) -> None:
    attempt = result_of(visit, "lin")
    mine = visit("boss_a", f"/quiz?a={attempt}", phone=False)
    expect(mine.get_by_text(re.compile("未通过|通过"))).to_be_visible()
    assert "逐题回顾" not in text_of(mine)  # the score, not the single answers

    other = visit("boss_b", f"/quiz?a={attempt}", phone=False)
    expect(other.get_by_text("没有这一项，或者你无权查看")).to_be_visible()
    assert "未通过" not in text_of(other)
    other.goto(f"{site.url}/overview?u={site.ids['street_a']}")
    settled(other)
    assert "望江街道" not in text_of(other)
    other.goto(f"{site.url}/overview")
    settled(other)
    assert "槐荫街道" in text_of(other) and "望江街道" not in text_of(other)


def test_a_manager_finds_a_persons_record_and_another_manager_does_not(
    visit: Visit, site: Site
) -> None:
    result_of(visit, "lin")
    page = visit("boss_a", "/staff", phone=False)
    search = page.get_by_label("姓名或工号")
    search.fill("LIN")
    search.press("Enter")
    expect(page.get_by_text("共 1 人")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="测试A1").click()
    record = opened.value
    expect(titled(record, "的学习记录")).to_be_visible()
    expect(record.get_by_text("未通过").first).to_be_visible()
    other = visit("boss_b", f"/record?p={site.ids['lin']}", phone=False)
    expect(other.get_by_text("没有这一项，或者你无权查看")).to_be_visible()
    assert "未通过" not in text_of(other)


def test_the_overview_counts_the_result_and_its_table_is_the_file(visit: Visit, site: Site) -> None:
    result_of(visit, "lin")
    page = visit("boss_a", "/overview", phone=False)
    expect(titled(page, "望江街道")).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]").first).to_be_visible()
    # certificates and tabletops stand with a manager's other pages, not in menus of one page each
    expect(page.get_by_text("单位管理")).to_be_visible()
    assert not [one for one in ("系统管理", "教学") if page.get_by_text(one, exact=True).count()]
    shown = page.get_by_test_id("stElementToolbarButton").evaluate_all(
        """all => all.filter(one => getComputedStyle(one).display !== 'none')
          .map(one => one.querySelector('button').ariaLabel.split('：')[0])"""
    )
    assert set(shown) == {"显示数据", "下载图片", "全屏"}
    page.get_by_text("以表格查看").first.click()
    expect(page.locator("table").first).to_be_visible()
    last = page.locator("table tbody tr").last.locator("td").all_inner_texts()
    taken = page.request.get(f"{site.url}/download/months?u={site.ids['street_a']}&form=csv")
    assert taken.status == 200 and "attachment" in taken.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(taken.body().decode("utf-8-sig"))))
    month = dict(zip(lines[0], lines[-1], strict=True))
    head = page.locator("table thead th").all_inner_texts()
    assert "测验通过率" in head and int(month["交卷次数"]) > 0
    for name, shown in zip(head[1:], last[1:], strict=True):
        assert month[name] == shown, name


def test_a_file_of_another_unit_is_refused_and_noted(visit: Visit, site: Site) -> None:
    page = visit("boss_b", "/overview", phone=False)
    for name in ("units", "unit_report", "people", "inspection"):
        answer = page.request.get(f"{site.url}/download/{name}?u={site.ids['street_a']}")
        assert answer.status == 403 and "望江" not in answer.text()
    mine = page.request.get(f"{site.url}/download/unit_report?u={site.ids['street_b']}")
    assert mine.body().startswith(b"%PDF") and mine.headers["cache-control"] == "no-store"
    raw = sqlite3.connect(site.data / "portal.db")
    noted = dict(raw.execute("SELECT action, COUNT(*) FROM audit GROUP BY action").fetchall())
    raw.close()
    assert noted["refused"] >= 4 and noted["exported"] >= 1


def test_a_past_day_shows_the_unit_as_it_was(visit: Visit, site: Site) -> None:
    page = visit("boss_a", "/overview?d=2025-01-31", phone=False)
    expect(page.get_by_text("你看的是 2025年1月31日 当天的情况")).to_be_visible()
    expect(page.get_by_text("人数 0")).to_be_visible()  # nobody was posted then
    page.goto(f"{site.url}/overview?d=2025-02-31")
    settled(page)
    expect(page.get_by_text("不是有效的日期")).to_be_visible()


def test_pages_of_other_roles_are_not_there(visit: Visit, site: Site) -> None:
    page = visit("lin", "/overview")
    for path in ("overview", "units", "staff", "results", "content", "people"):
        page.goto(f"{site.url}/{path}")
        settled(page)
        text = text_of(page)
        assert "应学完成率" not in text and "内容检查" not in text and "新增人员" not in text


@pytest.fixture(scope="module")
def late(site: Site) -> Iterator[Site]:
    """Street A was assigned a quiz whose day has passed; lin completed a course in October."""
    library = Library(ROOT, site.data / "content-cache.db")
    library.refresh()
    db = Database(site.data / "portal.db")
    portal = Portal(db, library, lambda: datetime.now(UTC), Settings(data_dir=site.data))
    with db.read() as conn:
        boss = people.find_person(conn, site.ids["boss_a"])
    assert boss is not None
    today = portal.now().date()
    quiz = Item("quiz", "first-response/basics")
    due = OnDate(today + timedelta(days=40))
    draft = Draft(site.ids["street_a"], "冬季巡查准备", "", (quiz,), Everyone(), due, Once())
    made = assignments.create(portal, boss, draft)
    list(stepping.bring_into_step(portal, made))
    with db.write() as conn:
        day = (today - timedelta(days=3)).isoformat()
        conn.run("UPDATE obligations SET due_on = :day, ruled_due_on = :day", day=day)
        obligations.recount(conn)
        given = {"p": site.ids["lin"], "c": "co-governance", "at": "2025-10-31T02:00:00.000Z"}
        conn.run(
            """
            INSERT INTO course_progress (person_id, course_id, started_at, seen_at, completed_at,
                completed_version, completed_unit_id, hours)
            VALUES (:p, :c, :at, :at, :at, 'v', :u, 3)
            """,
            **given,
            u=site.ids["street_a"],
        )
        conn.run("INSERT INTO certificates_due VALUES (:p, :c, :at, 'completion')", **given)
    issuing.issue_due(portal)
    db.close()
    return site


def test_from_sign_in_to_a_reminder_of_who_is_late_in_my_street(visit: Visit, late: Site) -> None:
    clicks: list[str] = []

    def click(target: Locator) -> None:
        target.click()
        clicks.append(str(target))

    page = visit("boss_a", "/", phone=False)
    click(page.get_by_role("button", name="单位管理"))
    click(page.get_by_text("单位学情"))
    click(page.get_by_role("button", name="看谁逾期了，去提醒"))
    expect(page.get_by_text("逾期（7）")).to_be_visible()
    expect(page.get_by_role("link", name="测试A1")).to_be_visible()
    click(page.get_by_role("button", name="全部提醒"))
    expect(page.get_by_text("已提醒 7 人")).to_be_visible()
    assert len(clicks) == 4
    staff = visit("lin", "/record")
    expect(staff.get_by_text("逾期 1 项")).to_be_visible()
    expect(staff.get_by_text("测试A0指派：冬季巡查准备")).to_be_visible()


def test_a_certificate_is_taken_verified_revoked_and_then_verifies_as_revoked(
    visit: Visit, late: Site
) -> None:
    page = visit("lin", "/record")
    page.get_by_role("button", name="开具学时证明").click()
    asking = page.get_by_role("dialog")
    since = asking.locator("[data-testid=stDateInput] input").first
    since.fill("2025-10-31")
    since.press("Enter")
    asking.get_by_text("培训学时证明").click()
    expect(asking.get_by_text("这一期间完成 1 门课程，3 学时。")).to_be_visible()
    offered = asking.get_by_role("link", name="学时证明（PDF）").get_attribute("href") or ""
    assert "from=2025-10-31" in offered and "to=" not in offered
    page.keyboard.press("Escape")
    address = page.get_by_role("link", name="下载证书（PDF）").get_attribute("href")
    content = page.request.get(f"{late.url}{address}").body()
    words = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    number = re.search(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]", words)
    assert number is not None and "测试A1" in words

    stranger = page.context.browser.new_context(locale="zh-CN").new_page()  # type: ignore[union-attr]
    stranger.goto(f"{late.url}/verify")
    stranger.get_by_label("证书编号").fill(number[0].lower())
    stranger.get_by_role("button", name="核验").click()
    expect(stranger.get_by_role("region", name="有效")).to_be_visible()

    admin = visit("admin", "/certificates", phone=False)
    search = admin.get_by_role("textbox", name="姓名、工号或证书编号")
    search.fill("LIN")
    search.press("Enter")
    admin.get_by_role("button", name="测试A1 · 有效").click()
    expect(admin.get_by_text(number[0])).to_be_visible()
    why = admin.get_by_label("撤销的原因")
    why.fill("替考，经核实")
    why.press("Enter")
    admin.get_by_role("button", name="撤销证书").click()
    expect(admin.get_by_text("任何人核验 测试A1 的这张证书都会看到")).to_be_visible()
    admin.get_by_test_id("stBaseButton-primary").click()
    expect(admin.get_by_text("撤销：替考，经核实")).to_be_visible()

    stranger.reload()
    expect(stranger.get_by_role("region", name="已撤销")).to_be_visible()
    told = stranger.inner_text("main")
    assert "测***" in told and "测试A1" not in told and "替考" not in told
    stranger.context.close()


def test_a_bar_opens_its_unit_and_the_legend_leaves_one_measure(visit: Visit, late: Site) -> None:
    page = visit("chief", "/overview", phone=False)
    chart = page.locator("[data-testid=stVegaLiteChart] svg.marks").first
    for _ in range(5):  # a chart that is just being drawn anew does not hear a click
        chart.click(position={"x": 600, "y": 12})  # the first row, beside its bar of nothing
        with contextlib.suppress(TimedOut):
            page.wait_for_url(re.compile(rf"[?&]u={late.ids['street_a']}\b"), timeout=6_000)
            break
    expect(titled(page, "望江街道")).to_be_visible()

    result_of(visit, "lin")
    page.goto(f"{late.url}/units")
    settled(page)
    page.get_by_role("radio", name="几项一起看").click()
    marks = page.locator("[data-testid=stVegaLiteChart] svg .mark-symbol.role-mark path")
    expect(page.locator("svg .role-legend-label text").first).to_be_attached()
    shown = [mark.get_attribute("opacity") for mark in marks.all()]
    assert len(shown) >= 3 and set(shown) == {"1"}
    page.locator("svg .role-legend-label text").first.click(force=True)
    expect(marks.nth(1)).to_have_attribute("opacity", "0.2")
    left = [mark.get_attribute("opacity") for mark in marks.all()]
    assert left.count("1") == 1 and left.count("0.2") == len(shown) - 1
