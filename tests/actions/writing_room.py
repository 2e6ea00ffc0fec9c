"""A portal over a real content folder, with trainers to write in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from portal.actions import content_changes, content_drafts, publishing
from portal.actions.content_drafts import Saved
from portal.actions.portal import Portal
from portal.actions.publishing import Published
from portal.content.library import Library
from portal.core.people import Person
from portal.settings import Settings
from tests.actions.sample import World
from tests.actions.sample import world as make_world
from tests.content import small

COURSE = "courses/one/course.md"
MODULE = "courses/one/01-first-visit.md"
QUIZ = "quizzes/one/basics.md"


@dataclass
class Room:
    """``ann`` and ``bo`` are trainers, ``cy`` is not."""

    world: World
    root: Path
    portal: Portal
    ann: Person
    bo: Person
    cy: Person

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path: str, old: str, new: str, who: Person | None = None) -> Saved:
        """Replace words in a file as one writer does."""
        who = who or self.ann
        opened = content_drafts.open_file(self.portal, who, path)
        assert old in opened.text
        text = opened.text.replace(old, new, 1)
        saved = content_drafts.save(self.portal, who, path, text, opened.rev, opened.text)
        assert isinstance(saved, Saved)
        return saved

    def change_id(self, course: str = "one") -> int:
        found = content_changes.find_change(self.portal, self.ann, course)
        assert found is not None
        return int(found.change["id"])

    def submit(self, course: str = "one", words: str = "改期限") -> int:
        change_id = self.change_id(course)
        content_changes.submit(self.portal, self.ann, change_id, words)
        return change_id

    def approve(self, change_id: int, who: Person | None = None) -> None:
        seen = content_changes.seen_digest(self.portal, self.ann, change_id)
        content_changes.review(self.portal, who or self.bo, change_id, "approved", "好", seen)

    def publish(self, course: str = "one") -> Published:
        """Hand in, approve, publish."""
        change_id = self.submit(course)
        self.approve(change_id)
        return publishing.publish(self.portal, self.ann, change_id)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    root = small.make(tmp_path / "content")
    data = tmp_path / "data"
    data.mkdir()
    world = make_world(data)
    library = Library(root)
    library.refresh()
    world.portal = replace(
        world.portal, library=library, settings=Settings(data_dir=data, content_dir=root)
    )
    ann, bo = (world.grant(world.add_person(name, "east"), "trainer") for name in ("ann", "bo"))
    yield Room(world, root, world.portal, ann, bo, world.add_person("cy", "east"))
    world.portal.db.close()
