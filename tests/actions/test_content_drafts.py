"""No saved word is lost, and nobody writes over another's change unseen."""

from __future__ import annotations

import pytest

from portal.actions import content_drafts as drafts
from portal.actions.content_drafts import Clash, Saved
from portal.actions.errors import NotAllowed, Refused
from tests.actions.sample import reopen
from tests.actions.writing_room import COURSE, MODULE, QUIZ, Room, room

__all__ = ["room"]


def test_a_draft_is_kept_beside_the_file(room: Room) -> None:
    before = room.read(QUIZ)
    saved = room.write(QUIZ, "只收成本费", "只收工本费")
    assert saved.rev == 1
    opened = drafts.open_file(room.portal, room.bo, QUIZ)
    assert "只收工本费" in opened.text
    assert opened.draft is not None and opened.draft["saved_by_name"] == "姓名 ann"
    assert room.read(QUIZ) == before
    room.portal.library.refresh()
    assert "只收成本费" in room.portal.library.source(QUIZ)


def test_a_draft_survives_a_restart(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    path = room.portal.db.path
    room.portal.db.close()
    again = reopen(path)
    rows = again.rows("SELECT text FROM content_drafts WHERE path = :path", path=QUIZ)
    assert "只收工本费" in rows[0]["text"]
    again.portal.db.close()


def test_opening_and_saving_the_same_text_makes_no_draft(room: Room) -> None:
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    assert drafts.save(room.portal, room.ann, QUIZ, opened.text, 0, opened.text) == Saved(0, "")
    assert drafts.open_file(room.portal, room.ann, QUIZ).change is None


def test_a_second_tab_does_not_write_over_the_first(room: Room) -> None:
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    first = opened.text.replace("按标的收费", "按标的额收费")
    second = opened.text.replace("只收成本费", "只收工本费")
    assert isinstance(drafts.save(room.portal, room.ann, QUIZ, first, 0, opened.text), Saved)
    clash = drafts.save(room.portal, room.bo, QUIZ, second, 0, opened.text)
    assert isinstance(clash, Clash)
    assert (clash.mine, clash.theirs, clash.base) == (second, first, opened.text)
    assert clash.their_name == "姓名 ann"
    assert drafts.open_file(room.portal, room.ann, QUIZ).text == first
    # what both changed fits together here; the writer takes it, knowing what it is made of
    assert clash.merged.conflicts == 0
    both = clash.merged.text
    assert isinstance(drafts.save(room.portal, room.bo, QUIZ, both, clash.rev, first), Saved)
    drafts.settle(room.portal, room.bo, QUIZ, clash.save_id)
    now = drafts.open_file(room.portal, room.ann, QUIZ)
    assert "按标的额收费" in now.text and "只收工本费" in now.text and now.waiting == 0


def test_a_late_text_waits_until_it_was_looked_at(room: Room) -> None:
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    room.write(QUIZ, "按标的收费", "甲")
    late = opened.text.replace("按标的收费", "乙")
    first = drafts.save(room.portal, room.bo, QUIZ, late, 0, opened.text)
    assert isinstance(first, Clash) and first.merged.conflicts == 1
    longer = drafts.save(
        room.portal, room.bo, QUIZ, late + "丙", 0, opened.text, replaces=first.save_id
    )
    assert isinstance(longer, Clash)
    assert drafts.open_file(room.portal, room.bo, QUIZ).waiting == 1
    waiting = drafts.late_save(room.portal, room.bo, QUIZ)
    assert waiting is not None and waiting.mine == late + "丙"
    assert (waiting.base, waiting.base_rev) == (opened.text, 0)
    assert drafts.late_save(room.portal, room.ann, QUIZ) is None, "it is for who wrote it"
    drafts.settle(room.portal, room.bo, QUIZ, waiting.save_id)
    assert drafts.late_save(room.portal, room.bo, QUIZ) is None


def test_a_file_changed_on_disk_is_noticed(room: Room) -> None:
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    outside = room.read(QUIZ).replace("按标的收费", "外面改的")
    (room.root / QUIZ).write_text(outside, encoding="utf-8")
    mine = opened.text.replace("只收成本费", "只收工本费")
    clash = drafts.save(room.portal, room.ann, QUIZ, mine, 0, opened.text)
    assert isinstance(clash, Clash)
    assert (clash.mine, clash.theirs) == (mine, outside)


def test_a_file_changed_on_disk_under_a_draft_is_merged_when_asked(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    outside = room.read(QUIZ).replace("按标的收费", "外面改的")
    (room.root / QUIZ).write_text(outside, encoding="utf-8")
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    assert opened.moved
    merged = drafts.merge_with_disk(room.portal, room.ann, QUIZ)
    assert merged.conflicts == 0
    drafts.save(room.portal, room.ann, QUIZ, merged.text, opened.rev, opened.text)
    drafts.take_over(room.portal, room.ann, QUIZ)
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    assert not opened.moved and "外面改的" in opened.text and "只收工本费" in opened.text


def test_discarding_the_last_draft_ends_the_change(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    room.write(MODULE, "先听，再记", "先听后记")
    drafts.discard(room.portal, room.ann, QUIZ)
    assert drafts.open_file(room.portal, room.ann, QUIZ).change is not None
    drafts.discard(room.portal, room.ann, MODULE)
    assert drafts.open_file(room.portal, room.ann, MODULE).change is None


def test_a_draft_is_checked_with_the_other_drafts_of_its_course(room: Room) -> None:
    room.write(QUIZ, "#one-002", "#one-cp-1")
    found = drafts.check(room.portal, room.ann, MODULE)
    assert [(one.path, one.code) for one in found.new] == [(QUIZ, "Q005")]
    again = drafts.check(room.portal, room.ann, QUIZ, room.read(QUIZ))
    assert again.new == ()


def test_old_line_ends_marks_and_encodings_are_read(room: Room) -> None:
    text = room.read(QUIZ)
    (room.root / QUIZ).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert drafts.open_file(room.portal, room.ann, QUIZ).text == text
    (room.root / QUIZ).write_bytes(text.encode("gb18030"))
    assert drafts.open_file(room.portal, room.ann, QUIZ).text == text


def test_only_trainers_and_only_content(room: Room) -> None:
    with pytest.raises(NotAllowed):
        drafts.open_file(room.portal, room.cy, QUIZ)
    with pytest.raises(NotAllowed):
        drafts.save(room.portal, room.cy, QUIZ, "x", 0, "")
    for path in ("../x.md", "courses/statutes.toml", "courses/one/assets/a.png", "x", ""):
        with pytest.raises(NotAllowed):
            drafts.open_file(room.portal, room.ann, path)
    with pytest.raises(Refused, match="too_large"):
        drafts.save(room.portal, room.ann, COURSE, "字" * 200_000, 0, "")
    (room.root / "courses/one/02-link.md").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="link"):
        drafts.open_file(room.portal, room.ann, "courses/one/02-link.md")


@pytest.mark.parametrize(
    "text", ["", "\0", "---\n", "\ud800", "a\r\nb\rc", "---\na: &x [*x]\n---\n"]
)
def test_any_text_is_kept(room: Room, text: str) -> None:
    opened = drafts.open_file(room.portal, room.ann, QUIZ)
    assert isinstance(drafts.save(room.portal, room.ann, QUIZ, text, 0, opened.text), Saved)
    assert drafts.check(room.portal, room.ann, QUIZ).new or text == "a\r\nb\rc"
