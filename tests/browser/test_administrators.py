"""An administrator's day in the browser: unit, roster, passwords; an auditor's check."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site, settled


def go(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.url}{path}")
    settled(page)


def test_from_a_new_unit_by_a_roster_to_passwords(visit: Visit, site: Site, tmp_path: Path) -> None:
    page = visit("admin", f"/organisation?u={site.ids['street_a']}", phone=False)
    page.get_by_text("新建下级单位", exact=True).click()
    page.get_by_label("名称", exact=True).fill("春晖社区")
    page.get_by_label("名称", exact=True).press("Tab")
    page.get_by_role("button", name="建立").click()
    expect(page.get_by_text("已建立：春晖社区")).to_be_visible()
    expect(page.get_by_text("春晖社区 · 社区（村） · 0 人")).to_be_visible()

    go(page, site, "/roster")
    template = page.request.get(f"{site.url}/download/roster-template?form=xlsx")
    assert template.status == 200
    book = load_workbook(io.BytesIO(template.body()))
    book.worksheets[0].append(["R-1", "孙怡", "云岭市/清河县/望江街道/春晖", "网格员"])
    file = tmp_path / "roster.xlsx"
    book.save(file)
    dragged = tmp_path / "roster.txt"  # dropped on the field, whatever the field asks for
    dragged.write_text("x", "utf-8")
    page.set_input_files("input[type=file]", dragged)
    expect(page.get_by_text("不能上传这种文件")).to_be_visible()
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("第 3 行：没有“云岭市/清河县/望江街道/春晖”这个单位")).to_be_visible()
    expect(page.get_by_role("button", name="导入", exact=True)).to_have_count(0)
    book.worksheets[0]["C3"] = "云岭市/清河县/望江街道/春晖社区"
    book.save(file)
    go(page, site, "/roster")
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("孙怡 R-1")).to_be_visible()
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_text("已导入：新增 1")).to_be_visible()

    go(page, site, "/people")
    page.get_by_text("初始密码", exact=True).click()
    expect(page.get_by_text("导入名册的新人没有密码")).to_be_visible()
    settled(page)  # the list's own filter has the same label
    page.get_by_role("combobox", name="所在单位（含下级）").click()
    page.get_by_role("option", name="春晖社区").click()
    page.get_by_role("button", name="生成初始密码").click()
    expect(page.get_by_text("名单只能下载一次，请当面交给本人")).to_be_visible()  # asked first
    page.get_by_role("button", name="生成初始密码").click()
    link = page.get_by_role("link", name="下载名单")
    expect(link).to_be_visible()
    address = f"{site.url}{link.get_attribute('href')}"
    stranger = visit("trainer", phone=False)
    assert stranger.request.get(address).status == 400
    listed = load_workbook(io.BytesIO(page.request.get(address).body())).worksheets[0]
    assert [cell.value for cell in listed[2]][:3] == ["R-1", "孙怡", "r-1"]
    assert page.request.get(address).status == 400  # once


def test_nothing_is_disabled_by_one_click(visit: Visit, site: Site) -> None:
    page = visit("admin", "/people")
    page.get_by_label("姓名、工号或登录名").fill("staff_b3")
    page.get_by_label("姓名、工号或登录名").press("Enter")
    expect(page.get_by_text("共 1 人")).to_be_visible()
    page.get_by_role("button", name="修改").click()
    page.get_by_text("账号", exact=True).click()
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("将不能登录")).to_be_visible()
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_text("将不能登录")).to_have_count(0)
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("将不能登录")).to_be_visible()
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("已停用，并已从所有设备退出")).to_be_visible()


def test_an_auditor_finds_entries_and_checks_the_log(visit: Visit, site: Site) -> None:
    with sqlite3.connect(site.data / "portal.db", timeout=10) as raw:
        raw.execute(
            "INSERT INTO role_grants (person_id, role, granted_at) VALUES (?, 'auditor', '2026')",
            (site.ids["boss_b"],),
        )
    raw.close()
    page = visit("boss_b", "/audit", phone=False)
    page.get_by_role("combobox", name="操作").click()
    page.get_by_role("option", name="新建单位").click()
    expect(page.get_by_text("槐荫街道").first).to_be_visible()
    expect(page.get_by_text("名称：槐荫街道").first).to_be_visible()  # a fact by its word
    expect(page.get_by_text("登录", exact=True)).to_have_count(0)
    page.get_by_role("button", name="校验全部日志").click()
    expect(page.get_by_text("前后相连，没有改动")).to_be_visible()
    other = visit("admin", "/audit", phone=False)
    expect(other.get_by_text("校验全部日志")).to_have_count(0)
