"""Who may judge and publish a change: two people, and only what was approved."""

from __future__ import annotations

import pytest

from portal.core.change_rules import digest_of, may_publish, may_review


@pytest.mark.parametrize(
    ("state", "approved", "digest", "rule", "may"),
    [
        ("approved", "a", "a", "second", True),
        ("approved", "a", "b", "second", False),  # written on since
        ("approved", None, "a", "second", False),
        ("draft", "a", "a", "second", False),
        ("review", None, "a", "second", False),
        ("draft", None, "a", "own", True),
        ("approved", "a", "b", "own", False),
        ("published", "a", "a", "own", False),
    ],
)
def test_only_what_was_approved_is_published(
    state: str, approved: str | None, digest: str, rule: str, may: bool
) -> None:
    assert may_publish(state, approved, digest, rule) is may


def test_authors_do_not_review_unless_the_setting_says_so() -> None:
    assert not may_review(1, [1, 2], "second")
    assert may_review(3, [1, 2], "second")
    assert may_review(1, [1], "own")


def test_a_digest_covers_every_draft() -> None:
    one = [("a.md", "write", "1"), ("b.md", "delete", None)]
    assert digest_of(one) == digest_of(one[::-1])
    for other in ([one[0]], [("a.md", "write", "2"), one[1]], [one[0], ("b.md", "write", None)]):
        assert digest_of(other) != digest_of(one)
