from __future__ import annotations

import time
from dataclasses import replace

import pytest

from portal.actions import search
from portal.actions.errors import NotAllowed
from portal.core.people import Person
from tests.actions.sample import World, catalogue_of, course, module, sample_catalogue


def test_search_needs_a_learner_and_finds_courses(learning: World, learner: Person) -> None:
    assert search.find(learning.portal, learner, "课程 fire")[0].query == {"c": "fire"}
    with pytest.raises(NotAllowed):
        search.find(learning.portal, replace(learner, must_change=True), "课程")


def test_a_changed_catalogue_is_indexed_beside_the_request(
    learning: World, learner: Person
) -> None:
    search.find(learning.portal, learner, "课程")
    served = sample_catalogue()
    added = course("new", (module("new/one", ("start", ())),))
    learning.serve(catalogue_of((*list(served.courses.values())[:1], added), fingerprint="2"))
    gone = [hit.id for hit in search.find(learning.portal, learner, "law")]
    assert gone == []  # still in the old index, not offered any more
    deadline = time.monotonic() + 5
    while search.find(learning.portal, learner, "课程 new")[0].query != {"c": "new"}:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not search.refresh_index(learning.portal)
