"""What is made from templates is sound at once, and ids stay when files move."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from portal.actions import (
    content_changes,
    content_drafts,
    content_making,
    content_overview,
    content_uploads,
)
from portal.actions.errors import NotAllowed, Refused
from portal.content.library import Library
from portal.content.parsing import kind_of_path
from portal.content.tree import english_of, is_english
from portal.core import content_templates
from portal.core.content_snippets import MENUS, snippet
from portal.core.content_templates import english_skeleton, left_to_replace, quiz_file, quoted
from tests.actions.writing_room import MODULE, QUIZ, Room, room

__all__ = ["room"]
ROOT = Path(__file__).parents[2]


def errors(room: Room, path: str) -> list[str]:
    found = content_drafts.check(room.portal, room.ann, path)
    return [f"{one.path}:{one.line}:{one.code}" for one in found.new]


@cache
def png() -> bytes:
    out = BytesIO()
    Image.effect_noise((40, 40), 50).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("title", ["燃气安全", 'a: "b" #c \\', "- x", "&a *b !c", "{} []"])
def test_a_new_course_is_sound_and_is_served_once_published(room: Room, title: str) -> None:
    path = content_making.new_course(room.portal, room.ann, "gas", title, "law", title)
    assert errors(room, path) == []
    room.publish("gas")
    course = room.portal.library.catalogue.courses["gas"]
    assert course.title.zh == title
    assert [module.id for module in course.modules] == ["gas/start"]
    assert "gas-001" in room.portal.library.catalogue.questions


def test_what_a_template_asks_to_replace_is_found(room: Room) -> None:
    content_making.new_course(room.portal, room.ann, "gas", "燃气", "law", "先做什么")
    change = content_changes.find_change(room.portal, room.ann, "gas")
    assert change is not None
    left = {
        file.path: [file.new.split("\n")[at - 1] for at in left_to_replace(file.new)]
        for file in change.files
    }
    assert left["courses/gas/course.md"] == ["写给谁、学完能做什么、要多长时间。"]
    assert len(left["courses/gas/01-start.md"]) == 4
    everything = " ".join(
        [
            *(file.new for file in change.files),
            *(
                quiz_file("quiz", "x", "x-1"),
                *(snippet(key, "zh") for keys in MENUS.values() for key in keys),
            ),
        ]
    )
    for words in content_templates._TO_BE_REPLACED:
        assert words in everything, "nobody writes that any more"
    assert not left_to_replace(room.read(QUIZ))
    [line] = [
        one
        for one in content_overview.list_courses(room.portal, room.bo, "2026-01-01", "zh")
        if one.course == "gas"
    ]
    assert line.title == "燃气"


def test_new_modules_and_quizzes_are_sound_and_have_ids_of_their_own(room: Room) -> None:
    first = content_making.new_module(room.portal, room.ann, "one", "leak", "漏水")
    second = content_making.new_module(room.portal, room.ann, "one", "noise", "噪声")
    assert (first, second) == ("courses/one/02-leak.md", "courses/one/03-noise.md")
    for kind in ("quiz", "exam", "pool"):
        content_making.new_quiz(room.portal, room.ann, "one", f"new-{kind}", kind, "测验")
    assert errors(room, first) == []
    ids = content_making.free_ids(room.portal, room.ann, "one", 3)
    assert ids == ["one-107", "one-108", "one-109"]


def test_names_that_are_taken_or_fit_nothing_are_refused(room: Room) -> None:
    for name in ("", "A", "a b", "../x", "é", "readme", "9a", "course", "x" * 200):
        with pytest.raises(Refused, match="folder"):
            content_making.new_module(room.portal, room.ann, "one", name, "题")
    with pytest.raises(Refused, match="taken"):
        content_making.new_module(room.portal, room.ann, "one", "first-visit", "题")
    with pytest.raises(Refused, match="taken"):
        content_making.new_course(room.portal, room.ann, "one", "题", "law", "题")
    with pytest.raises(Refused, match="title"):
        content_making.new_quiz(room.portal, room.ann, "one", "a", "quiz", "  ")
    with pytest.raises(NotAllowed):
        content_making.new_module(room.portal, room.cy, "one", "a", "题")


def test_renaming_and_reordering_keep_ids_and_editions(room: Room) -> None:
    second = content_making.new_module(room.portal, room.ann, "one", "leak", "漏水")
    renamed = content_making.rename(room.portal, room.ann, MODULE, "welcome")
    assert renamed == "courses/one/01-welcome.md"
    order = content_making.reorder(room.portal, room.ann, "one", [second, renamed])
    assert order == ["courses/one/01-leak.md", "courses/one/02-welcome.md"]
    assert errors(room, order[0]) == []
    room.publish()
    modules = room.portal.library.catalogue.courses["one"].modules
    assert [module.id for module in modules] == ["one/leak", "one/first-visit"]
    assert modules[1].has_english
    assert not (room.root / MODULE).exists()
    with pytest.raises(NotAllowed):
        content_making.reorder(room.portal, room.ann, "one", [order[0]])


def test_a_deleted_module_is_gone_once_published(room: Room) -> None:
    second = content_making.new_module(room.portal, room.ann, "one", "leak", "漏水")
    content_making.delete(room.portal, room.ann, MODULE)
    assert errors(room, second) == []
    room.publish()
    assert list(room.portal.library.catalogue.modules) == ["one/leak"]


def test_an_english_edition_begins_as_the_chinese_structure(room: Room) -> None:
    edition = content_making.new_edition(room.portal, room.ann, QUIZ)
    text = content_drafts.open_file(room.portal, room.ann, edition).text
    assert "`#one-001`\n" in text and "依据:" not in text and "**Explanation**" in text
    assert errors(room, edition) == []
    with pytest.raises(Refused, match="taken"):
        content_making.new_edition(room.portal, room.ann, MODULE)


def test_every_course_of_the_project_gives_a_sound_skeleton() -> None:
    library = Library(ROOT)
    library.refresh()
    paths = [
        path
        for path in library.paths()
        if path.endswith(".md")
        and not is_english(path)
        and "kind: drill" not in library.source(path)
    ]
    assert len(paths) > 20
    for path in paths[::12]:
        module = kind_of_path(path) == "module"
        draft = {english_of(path): english_skeleton(library.source(path), in_module=module)}
        assert library.check(draft).new == (), path


def test_an_uploaded_picture_belongs_to_the_change(room: Room) -> None:
    shown = content_uploads.upload(
        room.portal, room.ann, MODULE, "阀门 1.PNG", png(), "关阀门的 [手]"
    )
    assert shown == "![关阀门的 \\[手\\]](assets/阀门-1.png)"
    again = content_uploads.upload(room.portal, room.ann, MODULE, "阀门 1.PNG", png(), "手")
    assert again.endswith("(assets/阀门-1.png)")
    room.write(MODULE, "先听，再记", f"{again}\n\n先听，再记")
    room.write(
        "courses/one/01-first-visit.en.md", "Listen first, then", f"{again}\n\nListen first, then"
    )
    assert errors(room, MODULE) == []
    room.publish()
    assert room.portal.library.asset("one", "assets/阀门-1.png") is not None


def test_pictures_of_a_quiz_are_reached_from_its_folder(room: Room) -> None:
    shown = content_uploads.upload(room.portal, room.ann, QUIZ, "a.png", png(), "阀门")
    assert shown == "![阀门](../../courses/one/assets/a.png)"
    room.write(QUIZ, "收取任何费用吗？", f"收取任何费用吗？\n\n{shown}")
    assert errors(room, QUIZ) == []


def test_a_picture_of_that_name_is_not_written_over(room: Room) -> None:
    (room.root / "courses/one/assets").mkdir()
    (room.root / "courses/one/assets/a.png").write_bytes(b"old")
    shown = content_uploads.upload(room.portal, room.ann, MODULE, "a.png", png(), "阀门")
    assert shown == "![阀门](assets/a-2.png)"


def test_what_is_no_picture_is_refused_with_the_reason(room: Room) -> None:
    cases = {
        b"%PDF-1.7": "image_type",
        png()[:800]: "image_damaged",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>": "image_svg",
        bytes(21 * 1024 * 1024): "image_size",
    }
    for content, key in cases.items():
        with pytest.raises(Refused, match=key):
            content_uploads.upload(room.portal, room.ann, MODULE, "a.png", content, "阀门")
    with pytest.raises(Refused, match="alternative"):
        content_uploads.upload(room.portal, room.ann, MODULE, "a.png", png(), " ")
    with pytest.raises(NotAllowed):
        content_uploads.upload(room.portal, room.cy, MODULE, "a.png", png(), "阀门")
    assert content_changes.find_change(room.portal, room.ann, "one") is None


def test_any_words_are_one_yaml_value() -> None:
    assert quoted('a"\\b\n---\x00c') == '"a\\"\\\\b --- c"'
