"""A trainer's mistake shows with file, line and cure within seconds, and nothing else breaks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import town
from tests.browser.conftest import Visit
from tests.browser.site import ROOT, Site


@pytest.fixture
def edited_site(tmp_path: Path) -> Iterator[Site]:
    content = tmp_path / "content"
    for folder in ("courses", "quizzes"):
        content.mkdir(exist_ok=True)
        shutil.copytree(ROOT / folder, content / folder)
    data = tmp_path / "data"
    data.mkdir()
    running = Site(data, content=content, ids=town.build(data, content))
    running.start()
    yield running
    running.stop()


def test_a_broken_quiz_is_shown_by_line_and_the_last_good_one_is_served(
    visit: Visit, edited_site: Site
) -> None:
    page = visit("trainer", "/content", phone=False, at=edited_site)
    quiz = edited_site.content / "quizzes/first-response/basics.md"
    text = quiz.read_text(encoding="utf-8")
    quiz.write_text(text.replace("- [x]", "- [ ]", 1), encoding="utf-8")
    page.wait_for_timeout(2_500)
    page.reload()
    expect(page.get_by_text("quizzes/first-response/basics.md").first).to_be_visible()
    learner = visit("lin", "/quiz?q=first-response/basics", at=edited_site)
    expect(learner.get_by_role("button", name="开始作答")).to_be_visible()
    quiz.write_text(text, encoding="utf-8")
    page.wait_for_timeout(2_500)
    page.reload()
    expect(page.get_by_text("内容检查").first).to_be_visible()
    expect(page.get_by_text("quizzes/first-response/basics.md")).to_have_count(0)
