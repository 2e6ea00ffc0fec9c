"""What a manager sees, and what a manager of another unit does not, on a laptop."""

from __future__ import annotations

import csv
import io
import re
import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site, settled

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
    expect(other.get_by_text("没有这一项，或者您无权查看")).to_be_visible()
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
    expect(record.locator("h1")).to_contain_text("的学习记录")
    expect(record.get_by_text("未通过").first).to_be_visible()
    other = visit("boss_b", f"/record?p={site.ids['lin']}", phone=False)
    expect(other.get_by_text("没有这一项，或者您无权查看")).to_be_visible()
    assert "未通过" not in text_of(other)


def test_the_overview_counts_the_result_and_its_table_is_the_file(visit: Visit, site: Site) -> None:
    result_of(visit, "lin")
    page = visit("boss_a", "/overview", phone=False)
    expect(page.locator("h1")).to_have_text("望江街道")
    expect(page.locator("[data-testid=stVegaLiteChart]").first).to_be_visible()
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
    expect(page.get_by_text("您看的是 2025年1月31日 当天的情况")).to_be_visible()
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
