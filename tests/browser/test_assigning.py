"""From sign-in to "who is late in my street, remind them", and what staff then see on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from portal.store import units
from portal.store.database import Database
from tests.browser.conftest import Visit
from tests.browser.site import Site, titled

TYPED = "<b>年底</b> **前** :red[学] :smile: :material/home: $x$ -> ![i](/x.png)"


def test_a_manager_assigns_and_reminds_and_staff_see_it(visit: Visit) -> None:
    page = visit("boss_a", "/assignments?v=new", phone=False)
    expect(titled(page, "新建指派")).to_be_visible()
    page.get_by_role("combobox").first.click()
    page.get_by_role("combobox").first.press_sequentially("先期处置基础")
    page.get_by_role("option").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile(r"现在有 \d+ 人符合"))).to_be_visible()
    # some of them alone, and back to everybody
    page.get_by_text("其中一部分人").click()
    page.get_by_role("combobox", name="岗位", exact=True).click()
    page.get_by_role("option", name="网格员", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("给 岗位是网格员")).to_be_visible()
    page.get_by_text("本范围内所有人员").click()
    expect(page.get_by_text("给 所有人员")).to_be_visible()
    page.get_by_text("更多：重复").click()
    page.get_by_label("说明（学员能看到）", exact=True).fill(TYPED)
    page.get_by_role("button", name="指派", exact=True).click()
    expect(page.get_by_text("已指派。")).to_be_visible()
    expect(page.get_by_text("30 天内到期").first).to_be_visible()

    staff = visit("lin", "/")
    expect(staff.get_by_text("30 天后到期").first).to_be_visible()
    # what was typed is there letter by letter, and nothing was made of it
    for reader in (staff, page):
        shown = reader.locator("[data-testid=stMain]").inner_text().replace("\u2060", "")
        assert TYPED in " ".join(shown.split())

    page.get_by_role("button", name="提醒未完成的人").click()
    expect(page.get_by_text(re.compile(r"已提醒 \d+ 人"))).to_be_visible()
    staff.reload()
    expect(staff.get_by_text("还有到期的学习任务")).to_be_visible()

    page.get_by_role("button", name="全部指派").click()
    page.get_by_role("button", name="看谁快到期了，去提醒").click()
    page.get_by_text("复制名单").click()
    expect(page.locator("[data-testid=stCode]")).to_contain_text("30 天后到期")

    page.go_back()
    page.get_by_role("button", name=re.compile("先期处置基础")).first.click()
    page.get_by_role("button", name="修改或结束").click()
    page.get_by_role("button", name="结束指派").click()
    expect(page.get_by_text("指派已结束。")).to_be_visible()
    staff.reload()
    expect(staff.get_by_text("要做的")).to_be_visible()
    expect(staff.get_by_text("30 天后到期")).to_have_count(0)


def test_another_manager_sees_nothing_of_it(visit: Visit) -> None:
    other = visit("boss_b", "/assignments", phone=False)
    expect(titled(other, "学习指派")).to_be_visible()
    expect(other.get_by_text("望江街道")).to_have_count(0)


def test_one_of_many_units_is_looked_for_and_never_taken_for_all(visit: Visit, site: Site) -> None:
    db = Database(site.data / "portal.db")
    with db.write() as conn:
        for n in range(30):
            units.add_unit(conn, site.ids["street_a"], "community", f"江边{n}社区")
    db.close()
    page = visit("boss_a", "/assignments?v=new", phone=False)
    page.get_by_text("其中一部分人").click()
    wanted = page.get_by_role("textbox", name="单位（含下级）")
    wanted.fill("江边")
    wanted.press("Enter")
    expect(page.get_by_text("查找的单位还没有选定")).to_be_visible()
    expect(page.get_by_role("button", name="指派", exact=True)).to_be_disabled()
    wanted.fill("江边7社区")
    wanted.press("Enter")
    expect(page.get_by_text("给 在江边7社区（含下级）")).to_be_visible()
    expect(page.get_by_role("button", name="指派", exact=True)).to_be_enabled()
