"""A question said to be wrong and answered; questions of another program brought in and out."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site, settled
from tests.browser.test_learning import choose, to_a_choice

GIFT = """::先做哪件::闻到燃气味，先做哪件？{=关阀开窗 ~开灯找漏点}

::几日::几日内申请？{#30}

这是说明，不是题目。
"""


def test_a_report_reaches_the_trainer_and_its_answer_the_reporter(visit: Visit) -> None:
    page = visit("wu", "/quiz?q=mediation/basics")
    page.get_by_role("button", name="开始作答").click()
    settled(page)
    to_a_choice(page)
    choose(page, 0)
    page.get_by_role("button", name="对答案").click()
    page.get_by_role("button", name="这道题有问题").click()
    page.get_by_text("法规已变").click()
    page.get_by_label("说明", exact=False).fill("新法条是第三十四条")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交，培训老师答复后")).to_be_visible()

    desk = visit("trainer", "/question_reports", phone=False)
    expect(desk.get_by_text("新法条是第三十四条")).to_be_visible()
    desk.get_by_label("答复理由", exact=False).fill("已按新法条改正")
    desk.get_by_role("button", name="答复", exact=True).click()
    expect(desk.get_by_text("没有待答复的反映")).to_be_visible()

    record = visit("wu", "/record")
    expect(record.get_by_text("已改正： 已按新法条改正")).to_be_visible()


def test_questions_of_another_program_become_a_draft(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "社区.gift"
    file.write_text(GIFT, encoding="utf-8")
    page = visit("trainer", "/exchange", phone=False)
    page.set_input_files("input[type=file]", str(file))
    expect(page.get_by_text("这是说明文字，不是题目。")).to_be_visible()
    expect(page.get_by_text("关阀开窗")).to_be_visible()
    page.get_by_role("textbox", name="标题", exact=True).fill("带来的题")
    page.get_by_role("textbox", name="文件名").fill("brought")
    page.get_by_role("button", name="存成草稿").click()
    expect(page.get_by_text("已存成草稿：2 道题")).to_be_visible()
    page.get_by_text("导出", exact=True).click()
    link = page.get_by_role("link", name="下载")
    expect(link).to_be_visible()
    answer = page.request.get(f"{site.url}{link.get_attribute('href')}")
    assert answer.status == 200 and b"<quiz>" in answer.body()
    mine = visit("lin", "/")
    assert mine.request.get(answer.url).status == 403, "the keys are for trainers alone"
