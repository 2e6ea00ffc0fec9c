"""A grid worker on a phone: sign in, read, answer, be cut off, come back."""

from __future__ import annotations

import re
import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Reconnected, Site, settled, titled

OPTION = "[data-testid=stRadioOption], [data-testid=stCheckbox] label"
QUIZ = "/quiz?q=first-response/basics"


def saved_answers(site: Site, login: str) -> int:
    """How many questions the person has answered on disk."""
    with sqlite3.connect(site.data / "portal.db") as raw:
        [(count,)] = raw.execute(
            "SELECT COUNT(DISTINCT attempt_id || '/' || position) FROM answer_log "
            "WHERE kind = 'answer' AND attempt_id IN "
            "(SELECT id FROM attempts WHERE person_id = ?)",
            (site.ids[login],),
        ).fetchall()
    return int(count)


def to_a_choice(page: Page) -> None:
    """Turn on until a question with one choice is shown."""
    for _ in range(20):
        if page.locator("[data-testid=stRadioOption]").count():
            return
        turn(page)


def turn(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="下一题").click()
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)


def choose(page: Page, n: int) -> str:
    """Choose option ``n`` and wait until the page says that this was saved; return its words."""
    said = page.get_by_text(re.compile("已保存 \\d\\d:\\d\\d:\\d\\d"))
    before = (
        said.inner_text() if said.is_visible() else ""
    )  # an earlier answer, or another device's
    option = page.locator("[data-testid=stRadioOption]").nth(n)
    option.click()
    expect(said).to_be_visible()
    if before:
        expect(said).not_to_have_text(before)
    return option.inner_text()


def chosen(page: Page) -> str:
    return page.locator("[data-testid=stRadioOption]:has(input:checked)").inner_text()


def test_a_deep_link_survives_sign_in_and_reload(visit: Visit) -> None:
    page = visit("lin", "/module?m=first-response/report", anew=True)
    heading = page.locator("h1").inner_text()
    assert "m=first-response" in page.url
    page.reload()
    settled(page)
    assert page.locator("h1").inner_text() == heading


def test_a_module_is_read_section_by_section_and_its_place_is_kept(visit: Visit) -> None:
    page = visit("lin", "/module?m=first-response/recognise")
    first = page.locator("h1").inner_text()
    page.get_by_role("button", name="下一节").click()
    expect(titled(page, first)).to_have_count(0)
    second = page.locator("h1").inner_text()
    again = visit("lin", "/module?m=first-response/recognise")
    expect(titled(again, second)).to_be_visible()
    again.goto(again.url.split("/module")[0] + "/")
    settled(again)
    again.get_by_role("button", name="继续学习").click()
    expect(titled(again, second)).to_be_visible()


def test_turning_a_section_begins_at_its_top(visit: Visit) -> None:
    page = visit("wu", "/module?m=first-response/recognise")
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 99999)")
    first = page.locator("h1").inner_text()
    page.get_by_role("button", name="下一节").click()
    expect(titled(page, first)).to_have_count(0)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_a_checkpoint_gives_feedback_and_may_be_tried_again(visit: Visit) -> None:
    page = visit("lin", "/module?m=first-response/recognise&s=头五分钟的顺序")
    expect(page.get_by_role("button", name="对答案")).to_be_disabled()
    wrong = page.locator("[data-testid=stRadioOption]", has_text="站在门口打电话")
    wrong.click()
    page.get_by_role("button", name="对答案").click()
    expect(page.get_by_text("没答对，看看下面的解析")).to_be_visible()
    expect(page.get_by_text("正确答案")).to_be_visible()
    page.get_by_role("button", name="再答一次").click()
    page.locator("[data-testid=stRadioOption]", has_text="轻声退到楼外").click()
    page.get_by_role("button", name="对答案").click()
    expect(page.get_by_text("答对了")).to_be_visible()


def test_every_saved_answer_is_there_after_kill_9(visit: Visit, site: Site) -> None:
    page = visit("admin", QUIZ)
    page.get_by_role("button", name="开始作答").click()
    expect(page.get_by_text("第 1 题，共 20 题")).to_be_visible()
    said: dict[str, str] = {}
    for _ in range(4):
        to_a_choice(page)
        said[page.url] = choose(page, 1)
        turn(page)
    acknowledged = saved_answers(site, "admin")
    assert acknowledged == len(said)

    to_a_choice(page)
    # a click that the dying server never saw: it heals at the next run
    site.freeze()
    page.locator("[data-testid=stRadioOption]").nth(0).click()
    unseen = page.url
    site.kill()
    site.start()
    expect(page.get_by_text(re.compile("已保存"))).to_be_visible(timeout=60_000)
    assert saved_answers(site, "admin") == acknowledged + 1

    for url, words in {**said, unseen: ""}.items():
        page.goto(url)
        settled(page)
        expect(page.locator("[data-testid=stRadioOption]:has(input:checked)")).to_have_count(1)
        assert words in chosen(page)


def test_a_choice_followed_at_once_by_next_is_saved(visit: Visit, site: Site) -> None:
    page = visit("boss_b", QUIZ)
    page.get_by_role("button", name="开始作答").click()
    expect(page.get_by_text("第 1 题，共 20 题")).to_be_visible()
    to_a_choice(page)
    url, before = page.url, page.url
    site.freeze()  # both clicks reach a server that is busy
    option = page.locator("[data-testid=stRadioOption]").nth(1)
    option.click()
    words = option.inner_text()
    page.get_by_role("button", name="下一题").click()
    site.thaw()
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)
    page.goto(url)
    settled(page)
    assert chosen(page) == words
    assert saved_answers(site, "boss_b") == 1


def test_another_device_resumes_and_an_old_page_does_not_overwrite_it(
    visit: Visit, site: Site
) -> None:
    phone = visit("chief", QUIZ)
    phone.get_by_role("button", name="开始作答").click()
    expect(phone.get_by_text("第 1 题，共 20 题")).to_be_visible()
    to_a_choice(phone)
    choose(phone, 0)
    laptop = visit("chief", phone.url.removeprefix(site.url), phone=False)
    expect(laptop.locator("[data-testid=stRadioOption]").nth(0).locator("input")).to_be_checked()
    newer = choose(laptop, 1)
    back = Reconnected(phone)
    site.kill()
    site.start()  # the phone reconnects to a fresh session and brings its old values along
    back.wait()  # in its first run a press would be nobody's
    turn(phone)
    phone.get_by_role("button", name="上一题").click()
    settled(phone)
    expect(phone.locator("[data-testid=stRadioOption]:has(input:checked)")).to_have_text(newer)


def test_a_page_that_runs_again_shows_the_newer_answer_of_another_device(visit: Visit) -> None:
    phone = visit("wu", QUIZ)
    phone.get_by_role("button", name="开始作答").click()
    expect(phone.get_by_text("第 1 题，共 20 题")).to_be_visible()
    to_a_choice(phone)
    choose(phone, 0)
    laptop = visit("wu", "/quiz" + phone.url.split("/quiz")[1], phone=False)
    newer = choose(laptop, 1)
    phone.locator("h1").click()
    phone.keyboard.press("r")  # Streamlit's key for running the page again
    expect(phone.locator("[data-testid=stRadioOption]:has(input:checked)")).to_have_text(newer)
    laptop.reload()
    settled(laptop)
    assert chosen(laptop) == newer


def test_a_quiz_is_handed_in_reviewed_and_recorded(visit: Visit) -> None:
    page = visit("lin", QUIZ)
    page.get_by_role("button", name="开始作答").click()
    expect(page.get_by_text("第 1 题，共 20 题")).to_be_visible()
    to_a_choice(page)
    choose(page, 0)
    page.get_by_role("button", name="交卷").click()
    expect(page.get_by_text("还有 19 题没有作答")).to_be_visible()
    page.get_by_role("button", name="确认交卷").click()
    expect(page.get_by_text("未通过：")).to_be_visible()
    expect(page.get_by_text("逐题回顾")).to_be_visible()
    page.goto(page.url.split("/quiz")[0] + "/record")
    settled(page)
    expect(page.get_by_text("未通过").first).to_be_visible()


def test_no_key_reaches_the_browser_before_the_answer_is_checked(visit: Visit, site: Site) -> None:
    from portal.content.library import Library

    library = Library(site.content, None)
    library.refresh()
    page = visit("boss_a", "/")
    frames: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: frames.append(bytes(data))),
    )
    page.goto(f"{site.url}{QUIZ}")
    settled(page)
    page.get_by_role("button", name="开始作答").click()
    expect(page.get_by_text("第 1 题，共 20 题")).to_be_visible()
    for _ in range(6):
        turn(page)
    sent = b"".join(frames).decode("utf-8", "ignore")
    quiz = library.catalogue.quizzes["first-response/basics"]
    for question_id in quiz.question_ids:
        explanation = library.catalogue.questions[question_id].explanation
        if explanation is not None:
            assert explanation.zh[:20] not in sent, question_id
    assert "共 20 题" in sent  # the frames were read


def test_sign_out_on_one_page_ends_the_other(visit: Visit) -> None:
    page = visit("wu", "/learn")
    other = page.context.new_page()
    other.goto(page.url.split("/learn")[0] + "/account/logout")
    other.click("button[type=submit]")
    page.wait_for_url("**/account/login**", timeout=15_000)


def test_search_finds_a_word_of_two_characters(visit: Visit) -> None:
    page = visit("lin", "/learn")
    page.get_by_label("搜索").fill("疏散")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("找到 \\d+ 处"))).to_be_visible()
