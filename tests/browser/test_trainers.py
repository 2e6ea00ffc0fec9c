"""A trainer's mistake shows with file, line and cure within seconds, and nothing else breaks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Settle, Visit
from tests.browser.site import ROOT, Site, settled


@pytest.fixture
def edited_site(tmp_path: Path, settle: Settle) -> Iterator[Site]:
    content = tmp_path / "content"
    for folder in ("courses", "quizzes"):
        content.mkdir(exist_ok=True)
        shutil.copytree(ROOT / folder, content / folder)
    data = tmp_path / "data"
    data.mkdir()
    running = Site(data, content=content, ids=settle(data))
    running.start()
    yield running
    running.stop()


def reload_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Look again and again: a change of files is noticed within a second or two."""
    for _ in range(60):
        page.reload()
        settled(page)
        if is_so():
            return
        page.wait_for_timeout(300)
    raise AssertionError(page.locator("[data-testid=stMain]").inner_text())


def test_a_broken_quiz_is_shown_by_line_and_the_last_good_one_is_served(
    visit: Visit, edited_site: Site
) -> None:
    page = visit("trainer", "/content", phone=False, at=edited_site)
    named = page.get_by_text("quizzes/first-response/basics.md")
    quiz = edited_site.content / "quizzes/first-response/basics.md"
    text = quiz.read_text(encoding="utf-8")
    quiz.write_text(text.replace("- [x]", "- [ ]", 1), encoding="utf-8")
    reload_until(page, lambda: named.count() > 0)
    learner = visit("lin", "/quiz?q=first-response/basics", at=edited_site)
    expect(learner.get_by_role("button", name="开始作答")).to_be_visible()
    quiz.write_text(text, encoding="utf-8")
    reload_until(page, lambda: named.count() == 0)
    expect(page.get_by_text("内容检查").first).to_be_visible()
