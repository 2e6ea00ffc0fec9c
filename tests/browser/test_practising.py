"""A few cards on a phone: answered, marked, gone on with after a reload; the placement; badges."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import settled


def give_some_answer(page: Page) -> None:
    """Put something into whatever input the card has."""
    radios = page.locator("[data-testid=stRadioOption]")
    boxes = page.locator("[data-testid=stCheckbox] label")
    order = page.get_by_role("button", name="就是这个顺序")
    menus = page.locator("[data-testid=stSelectbox] input")
    if radios.count():
        radios.first.click()
    elif boxes.count():
        boxes.first.click()
    elif order.count():
        order.click()
    elif menus.count():
        menus.first.click()
        page.get_by_role("option").first.click()
    else:
        page.locator("[data-testid=stTextInput] input").first.fill("12")
        page.keyboard.press("Tab")


def test_cards_are_done_one_by_one_and_gone_on_with(visit: Visit) -> None:
    page = visit("wu", "/practice")
    page.get_by_role("button", name="开始练习").click()
    expect(page.get_by_text("第 1 题")).to_be_visible()
    submit = page.get_by_role("button", name="提交")
    expect(submit).to_be_disabled()
    settled(page)
    give_some_answer(page)
    expect(submit).to_be_enabled()
    page.reload()
    settled(page)
    expect(page.get_by_role("button", name="提交")).to_be_enabled()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("button", name="下一题")).to_be_visible()
    expect(page.get_by_text("天后再见这道题")).to_be_visible()
    page.get_by_role("button", name="下一题").click()
    expect(page.get_by_text("第 2 题")).to_be_visible()
    page.goto(page.url.split("?")[0])
    settled(page)
    expect(page.get_by_text("今天已练 1 题")).to_be_visible()
    page.get_by_role("button", name="继续练习").click()
    expect(page.get_by_text("第 2 题")).to_be_visible()


def test_a_newcomer_is_offered_the_placement_and_goes_on_where_it_was(visit: Visit) -> None:
    page = visit("boss_b", "/")
    page.get_by_role("button", name="开始摸底").click()
    expect(page.get_by_text("18 道题，约 10 分钟")).to_be_visible()
    page.get_by_role("button", name="开始摸底").click()
    expect(page.get_by_text("第 1 题，共 18 题")).to_be_visible()
    page.get_by_role("button", name="不知道").click()
    expect(page.get_by_text("第 2 题，共 18 题")).to_be_visible()
    page.goto(page.url.split("/placement")[0])
    settled(page)
    page.get_by_role("link", name="继续摸底（1/18）").click()
    expect(page.get_by_text("第 2 题，共 18 题")).to_be_visible()
