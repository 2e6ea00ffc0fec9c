"""A change is published as approved, by two people, whole, and into Git where there is one."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from portal.actions import (
    attempts,
    content_changes,
    content_drafts,
    content_history,
    publishing,
    regrading,
)
from portal.actions import publishing_impact as seam
from portal.actions.errors import NotAllowed, Refused
from portal.actions.portal import Portal
from portal.actions.publishing_impact import Impact, Remark
from tests.actions.writing_room import COURSE, MODULE, QUIZ, Room, room

__all__ = ["room"]


def test_what_a_second_person_approved_is_served_and_kept(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    room.write(COURSE, "这门课讲调解。", "这门课讲人民调解。")
    done = room.publish()
    assert (done.added, done.changed, done.removed, done.held_back) == (0, 1, 0, ())
    assert "只收工本费" in room.read(QUIZ)
    assert "只收工本费" in room.portal.library.source(QUIZ)
    assert content_changes.find_change(room.portal, room.ann, "one") is None
    history = content_history.versions(room.portal, room.ann, QUIZ)
    assert [row["source"] for row in history.rows] == ["portal", "outside"]
    newest = history.rows[0]
    assert (newest["author"], newest["reviewer"]) == ("姓名 ann", "姓名 bo")
    signs = [line.sign for line in content_history.changes_of(room.portal, room.bo, newest["id"])]
    assert signs.count("-") == signs.count("+") == 1


def test_an_author_does_not_review_their_own_change(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    room.write(MODULE, "先听，再记", "先听后记", who=room.bo)
    change_id = room.submit()
    for author in (room.ann, room.bo):
        with pytest.raises(Refused, match="own_review"):
            room.approve(change_id, author)
    with pytest.raises(NotAllowed):
        room.approve(change_id, room.cy)
    with pytest.raises(Refused, match="not_approved"):
        publishing.publish(room.portal, room.ann, change_id)


def test_a_lone_trainer_may_publish_alone_where_the_setting_says_so_and_it_is_noted(
    room: Room,
) -> None:
    room.portal = replace(room.portal, settings=replace(room.portal.settings, content_review="own"))
    room.write(QUIZ, "只收成本费", "只收工本费")
    publishing.publish(room.portal, room.ann, room.change_id())
    rows = room.world.rows("SELECT detail FROM audit WHERE action = 'publish_content'")
    assert '"reviewed": false' in rows[0]["detail"]


def test_writing_on_takes_an_approval_away(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    change_id = room.submit()
    room.approve(change_id)
    room.write(QUIZ, "按标的收费", "偷偷改的")
    with pytest.raises(Refused, match="not_approved"):
        publishing.publish(room.portal, room.ann, change_id)
    assert "偷偷改的" not in room.read(QUIZ)


def test_a_reviewer_judges_what_they_have_seen(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    change_id = room.submit()
    seen = content_changes.seen_digest(room.portal, room.bo, change_id)
    room.write(QUIZ, "按标的收费", "后来改的")
    content_changes.submit(room.portal, room.ann, change_id, "")
    with pytest.raises(Refused, match="changed_meanwhile"):
        content_changes.review(room.portal, room.bo, change_id, "approved", "", seen)
    with pytest.raises(Refused, match="comment"):
        content_changes.review(room.portal, room.bo, change_id, "returned", " ", seen)


def test_sending_back_tells_the_author_why(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    change_id = room.submit()
    seen = content_changes.seen_digest(room.portal, room.bo, change_id)
    content_changes.review(room.portal, room.bo, change_id, "returned", "依据呢？", seen)
    found = content_changes.find_change(room.portal, room.ann, "one")
    assert found is not None and found.change["state"] == "returned"
    assert found.reviews[0]["comment"] == "依据呢？"
    assert not found.may_publish
    room.submit()


def test_errors_and_open_conflicts_are_not_handed_in(room: Room) -> None:
    room.write(QUIZ, "- [x] 不收取", "- [ ] 不收取")
    with pytest.raises(Refused) as refused:
        room.submit()
    assert refused.value.args_by_name == {"n": 1, "path": QUIZ, "line": 13}
    room.write(QUIZ, "- [ ] 不收取", "- [x] 不收取")
    room.write(COURSE, "这门课讲调解。", "<<<<<<< 甲\n一\n=======\n二\n>>>>>>> 乙")
    with pytest.raises(Refused, match="marks"):
        room.submit()


def test_a_change_on_disk_after_approval_is_not_written_over(room: Room) -> None:
    room.write(QUIZ, "只收成本费", "只收工本费")
    room.write(MODULE, "先听，再记", "先听后记")
    change_id = room.submit()
    room.approve(change_id)
    outside = room.read(QUIZ) + "\n"
    (room.root / QUIZ).write_text(outside, encoding="utf-8")
    with pytest.raises(Refused, match="moved"):
        publishing.publish(room.portal, room.ann, change_id)
    assert room.read(QUIZ) == outside
    assert "先听，再记" in room.read(MODULE)
    assert content_drafts.open_file(room.portal, room.ann, MODULE).draft is not None


def test_an_old_version_is_brought_back_as_a_draft(room: Room) -> None:
    before = room.read(QUIZ)
    room.write(QUIZ, "只收成本费", "只收工本费")
    room.publish()
    first = content_history.versions(room.portal, room.ann, QUIZ).rows[-1]
    content_history.restore(room.portal, room.ann, first["id"])
    assert content_drafts.open_file(room.portal, room.ann, QUIZ).text == before
    room.publish()
    assert room.read(QUIZ) == before
    assert content_history.versions(room.portal, room.ann, QUIZ).total == 3


def git(root: Path, *args: str) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@x.invalid", *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_publishing_commits_in_the_authors_name(room: Room) -> None:
    git(room.root, "init", "-q", "-b", "main")
    git(room.root, "add", ".")
    git(room.root, "commit", "-q", "-m", "first")
    room.write(QUIZ, "只收成本费", "只收工本费")
    done = room.publish()
    assert done.commit == git(room.root, "rev-parse", "HEAD").strip()
    said = git(room.root, "log", "-1", "--format=%an|%ae|%s", "--name-only").split()
    assert said == ["姓名", "ann|ann@academy.invalid|改期限", QUIZ]
    history = content_history.versions(room.portal, room.ann, QUIZ)
    assert history.rows[0]["commit_id"] == done.commit


def test_a_refusal_of_git_is_told_and_the_file_is_published(room: Room) -> None:
    git(room.root, "init", "-q", "-b", "main")
    (room.root / ".git/index.lock").write_text("")
    room.write(QUIZ, "只收成本费", "只收工本费")
    done = room.publish()
    assert done.commit is None and "index.lock" in done.git_said
    assert "只收工本费" in room.portal.library.source(QUIZ)


def test_the_dialog_asks_what_a_change_does_to_learners(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(_: Portal, found: Impact, old: str, new: str | None) -> tuple[Remark, ...]:
        return (Remark("impact.regrade", {"n": len(found.changed)}, asks=True),)

    monkeypatch.setattr(seam, "STEPS", [step])
    room.write(QUIZ, "只收成本费", "只收工本费")
    room.write(QUIZ, "#one-002", "#one-009")
    [found] = publishing.impacts(room.portal, room.ann, room.change_id())
    assert (found.added, found.changed, found.removed) == (("one-009",), ("one-001",), ("one-002",))
    assert found.asks and found.remarks[0].args == {"n": 1}


def take_basics(room: Room, option: int) -> int:
    attempt = attempts.open_attempt(room.portal, room.cy, "one/basics")
    for item in attempts.get_attempt(room.portal, room.cy, attempt.id).items:
        kind = item.question.body.kind
        if kind in ("single", "truefalse"):
            attempts.answer(room.portal, room.cy, attempt.id, item.position, [option])
    attempts.submit(room.portal, room.cy, attempt.id)
    return attempt.id


def test_a_changed_key_is_published_with_a_decision_that_is_carried_out(room: Room) -> None:
    attempt = take_basics(room, 1)
    sql = "SELECT score, max_score FROM attempts WHERE id = :id"
    assert room.world.rows(sql, id=attempt) == [{"score": 1, "max_score": 2}]
    old_right, old_wrong = first_options(room.read(QUIZ))
    room.write(QUIZ, f"{old_right}\n{old_wrong}", swapped(old_right, old_wrong))
    change_id = room.submit()
    room.approve(change_id)
    [found] = publishing.impacts(room.portal, room.ann, change_id)
    [standing] = found.standings
    assert standing.changes == ("key",) and standing.decides and standing.obstacle is None
    counts = publishing.counts(room.portal, room.ann, standing)
    assert (counts.attempts, counts.people, counts.open) == (1, 1, 0)
    with pytest.raises(NotAllowed):
        publishing.counts(room.portal, room.cy, standing)
    assert found.asks
    with pytest.raises(Refused, match="impact_undecided"):
        publishing.publish(room.portal, room.ann, change_id)
    choose = publishing.choose
    with pytest.raises(Refused, match="decision_reason"):
        choose(room.portal, room.ann, change_id, standing.question_id, "regrade", "")
    with pytest.raises(NotAllowed):
        choose(room.portal, room.cy, change_id, standing.question_id, "regrade", "我要分")
    choose(room.portal, room.ann, change_id, standing.question_id, "regrade", "答案写反了")
    assert not publishing.impacts(room.portal, room.ann, change_id)[0].asks
    publishing.publish(room.portal, room.ann, change_id)
    [step] = regrading.carry_on(room.portal)
    assert (step.attempts, step.changed, step.finished) == (1, 1, True)
    assert room.world.rows(sql, id=attempt) == [{"score": 0, "max_score": 2}]


def test_a_choice_holds_for_the_text_it_was_made_for(room: Room) -> None:
    take_basics(room, 0)
    old_right, old_wrong = first_options(room.read(QUIZ))
    room.write(QUIZ, f"{old_right}\n{old_wrong}", swapped(old_right, old_wrong))
    change_id = room.change_id()
    [found] = publishing.impacts(room.portal, room.ann, change_id)
    question_id = found.standings[0].question_id
    publishing.choose(room.portal, room.ann, change_id, question_id, "keep", "刚上线")
    assert not publishing.impacts(room.portal, room.ann, change_id)[0].asks
    room.write(QUIZ, old_wrong.replace("- [ ] ", "- [x] "), old_wrong.replace("- [ ] ", "- [x] 又"))
    assert publishing.impacts(room.portal, room.ann, change_id)[0].asks


def test_wording_asks_nobody(room: Room) -> None:
    take_basics(room, 0)
    room.write(QUIZ, "只收成本费", "只收工本费")
    change_id = room.change_id()
    [found] = publishing.impacts(room.portal, room.ann, change_id)
    assert [one.changes for one in found.standings] == [("options",)]
    assert publishing.counts(room.portal, room.ann, found.standings[0]).attempts == 1
    assert not found.asks


def first_options(text: str) -> tuple[str, str]:
    """The first right option of the quiz and the wrong one below it."""
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("- [x]"))
    other = next(line for line in lines[at + 1 :] if line.startswith("- [ ]"))
    assert lines[at + 1] == other
    return lines[at], other


def swapped(right: str, wrong: str) -> str:
    return f"{right.replace('[x]', '[ ]')}\n{wrong.replace('[ ]', '[x]')}"
