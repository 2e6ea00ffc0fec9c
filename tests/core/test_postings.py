"""One main posting a person, and a trainer's post gives way to any other."""

from __future__ import annotations

import pytest

from portal.core.postings import Posting, all_in, changes, settle_main


def main_of(*postings):
    settled = settle_main(postings)
    assert sum(one.main for one in settled) == 1
    return next((one.unit_id, one.post) for one in settled if one.main)


@pytest.mark.parametrize(
    ("postings", "main"),
    [
        ([Posting(1, "grid")], (1, "grid")),
        ([Posting(1, "grid"), Posting(2, "mediator")], (1, "grid")),
        ([Posting(1, "grid"), Posting(2, "mediator", main=True)], (2, "mediator")),
        ([Posting(1, "trainer")], (1, "trainer")),
        ([Posting(1, "trainer", main=True), Posting(2, "grid")], (2, "grid")),
        ([Posting(1, "grid", main=True), Posting(2, "grid", main=True)], (1, "grid")),
    ],
)
def test_the_main_posting(postings, main):
    assert main_of(*postings) == main


def test_nobody_without_a_posting_has_a_main_one():
    assert settle_main([]) == ()


def test_repeats_are_one_posting():
    assert settle_main([Posting(1, "grid"), Posting(1, "grid", main=True)]) == (
        Posting(1, "grid", main=True),
    )


def test_what_goes_on_is_neither_ended_nor_begun():
    held = all_in(1, ["grid", "mediator"])
    ended, begun = changes(held, all_in(1, ["mediator", "community"]))
    # the mediator's post becomes the main one: a new stay
    assert ended == (Posting(1, "grid", main=True), Posting(1, "mediator"))
    assert begun == (Posting(1, "mediator", main=True), Posting(1, "community"))
    assert changes(held, held) == ((), ())
