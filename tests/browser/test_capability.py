"""The profile as people meet it: no verdict without evidence, and the right to question it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from portal import settings as portal_settings
from portal.actions import capability_rounds, evidence
from portal.actions.starting import open_portal
from portal.store import evidence as log
from tests.browser.conftest import Visit
from tests.browser.site import ROOT, Site, settled, titled


def give_answers(site: Site, logins: tuple[str, ...], count: int) -> None:
    """Let people have answered questions on emergencies, as practice does."""
    given = {"data_dir": str(site.data), "content_dir": str(ROOT)}
    portal = open_portal(portal_settings.load(overrides=given))
    try:
        catalogue = portal.library.catalogue
        found = [q for q in catalogue.questions.values() if q.capability == "emergency"][:count]
        for login in logins:
            with portal.db.write() as conn:
                for question in found:
                    version = catalogue.versions[question.id]
                    evidence.practice_answered(
                        conn, portal, site.ids[login], question, version, 1.0, portal.now()
                    )
        capability_rounds.refresh(portal)
    finally:
        portal.db.close()


def take_one_out(site: Site, login: str) -> None:
    given = {"data_dir": str(site.data), "content_dir": str(ROOT)}
    portal = open_portal(portal_settings.load(overrides=given))
    try:
        person_id = site.ids[login]
        with portal.db.write() as conn:
            [row, *_] = log.of_person(conn, person_id)
            evidence.take_out(conn, person_id, [row["id"]], "test", portal.now())
    finally:
        portal.db.close()


def test_a_profile_says_how_sure_it_is_and_may_be_questioned(visit: Visit, site: Site) -> None:
    give_answers(site, ("wu",), 12)
    take_one_out(site, "wu")
    page = visit("wu", "/capability")
    expect(page.get_by_text(re.compile("八成把握在 \\d+–\\d+ 之间"))).to_have_count(1)
    expect(page.get_by_text(re.compile("证据不足：再答 5 道"))).to_have_count(5)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(2)
    expect(page.get_by_text(re.compile("每日练习（.*作答）：1 题不再计入"))).to_be_visible()
    page.get_by_text("以表格查看").first.click()
    expect(page.locator("table")).to_contain_text("证据不足")
    page.get_by_label("哪里不对").fill("第三题的答案标错了，请核对。")
    page.get_by_role("button", name="提交疑问").click()
    expect(page.get_by_text("等待管理员答复")).to_be_visible()

    desk = visit("admin", "/capability-questions", phone=False)
    desk.get_by_role("link", name=re.compile("测试B")).or_(
        desk.get_by_role("button", name=re.compile("测试B"))
    ).first.click()
    expect(desk.get_by_text("第三题的答案标错了，请核对。")).to_be_visible()
    desk.get_by_label("答复与理由（本人会看到）").fill("核对过，答案没有标错。")
    desk.get_by_role("button", name="答复", exact=True).click()
    expect(desk.get_by_text("结果不变")).to_be_visible()

    page.goto(site.url)
    settled(page)
    page.get_by_role("link", name=re.compile("你对能力的疑问有答复")).click()
    expect(page.get_by_text("你提出的疑问有了答复")).to_be_visible()
    expect(page.get_by_text("核对过，答案没有标错。")).to_be_visible()


def test_a_manager_sees_the_unit_with_its_uncertainty(visit: Visit, site: Site) -> None:
    give_answers(site, ("boss_b", "staff_b0", "staff_b1", "staff_b2", "staff_b3"), 6)
    page = visit("boss_b", "/capability-map", phone=False)
    expect(titled(page, "槐荫街道")).to_be_visible()
    page.get_by_text("以表格查看").first.click()
    expect(page.locator("table")).to_contain_text(re.compile("\\d+–\\d+ · 6 人中 [56] 人证据足够"))
    other = visit("boss_a", f"/capability-map?u={site.ids['street_b']}", phone=False)
    expect(other.get_by_text("没有这一项，或者你无权查看")).to_be_visible()
