"""The after-action report as a PDF says what a group decided, why, and what it will change."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pypdf
import pytest

from portal.actions import tabletop_close, tabletop_lead, tabletop_play
from portal.core import markdown
from portal.core.capabilities import Bilingual
from portal.core.drills import Inject
from portal.core.people import Person
from portal.store import versions
from portal.web import drill_words
from portal.web.drill_files import report
from tests.actions.sample import world as make_world
from tests.actions.test_tabletop import DUE, Room, begin, make_room

TYPED = "**记者**到了 [门口](http://a.example) <b>先别答</b>"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room that was played, rated, planned and closed."""
    versions.forget()
    made = make_room(make_world(tmp_path_factory.mktemp("group")))
    portal, run, boss = made.world.portal, made.run_id, made.boss
    begin(made)
    tabletop_lead.own_news(portal, boss, run, 0, TYPED, [])
    made.to_the_end()
    tabletop_play.remark(portal, made.ann, run, "喊话分工清楚", is_good=True, named=True)
    tabletop_play.remark(portal, made.bo, run, "名册太旧", is_good=False, named=False)
    tabletop_close.rate(portal, boss, run, 1, "M", "少报了四楼")
    tabletop_close.comment(portal, boss, run, 1, "交接用了两分钟")
    tabletop_close.comment(portal, boss, run, -1, "配合好")
    tabletop_close.plan(portal, boss, run, "O2", "名册每月核对一次", None, "老吴", DUE)
    tabletop_close.close(portal, boss, run)
    yield made
    made.world.portal.db.close()


def text_of(room: Room, reader: Person) -> str:
    file = report(room.world.portal, reader, {"r": str(room.run_id)})
    pages = pypdf.PdfReader(io.BytesIO(file.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_the_groups_report_has_roles_votes_arguments_remarks_ratings_and_the_plan(
    room: Room,
) -> None:
    text = text_of(room, room.boss)
    for words in (
        "姓名boss主持人",
        "姓名ann指挥",
        "姓名bo现场、保障",
        "由姓名ann决定",
        "先报警",
        "投票决定",
        "名册在手",
        "改主意了",
        "由主持人姓名boss决定",
        "时间不多",
        "差距较大(M)",
        "理由：少报了四楼",
        "观察记录：交接用了两分钟",
        "观察记录：配合好",
        "喊话分工清楚姓名ann",
        "名册太旧—",
        "名册每月核对一次老吴",
        "2026年12月20日",
    ):
        assert words in text, words
    assert "名册太旧姓名bo" not in text, "left without a name"
    assert "".join(TYPED.split()) in text, "what was typed at the table is no Markdown"
    assert "当时的做法" in text and "你的做法" not in text, "it was the group's"


def test_in_english_the_portals_own_words_are_english(room: Room) -> None:
    text = text_of(room, replace(room.ann, locale="en"))
    for words in ("Facilitator", "Command", "Decidedbyvote", "Whatwassaid", "20Dec2026"):
        assert words in text, words


def test_news_that_were_typed_at_the_table_are_not_markdown_on_the_page_either() -> None:
    typed = Inject(0, Bilingual("**记者** $x$ :smile:"), is_plain=True)
    authored = Inject(0, Bilingual("**记者**"))
    assert drill_words.news(authored, "zh") == "**记者**"
    assert markdown.plain(drill_words.news(typed, "zh")).replace("\u2060", "") == typed.text.zh
