"""Fixtures of the actions' tests: a portal over a real database in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.people import Person
from portal.store import versions
from tests.actions.sample import World
from tests.actions.sample import world as make_world


@pytest.fixture
def learning(tmp_path: Path) -> Iterator[World]:
    """A portal with the sample catalogue and four units."""
    versions.forget()
    made = make_world(tmp_path)
    yield made
    made.portal.db.close()


@pytest.fixture
def learner(learning: World) -> Person:
    """A grid worker in the community "east-1"."""
    return learning.add_person("wang", "east-1")
