"""The chain names what was changed, removed or slipped in, and says what it cannot know."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.audit_chain import GENESIS, Entry, Fault, Head, parse_head, seal, walk


def chain(length):
    entries, last = [], GENESIS
    for n in range(1, length + 1):
        entry = Entry(n, f"2026-11-0{n}", 7, "move", f"person:{n}", '{"unit": 3}', "10.0.0.7")
        last = seal(last, entry)
        entries.append((entry, last))
    return entries


def result(entries, kept=None, size=2):
    batches = [entries[at : at + size] for at in range(0, len(entries), size)]
    return list(walk(batches, kept))[-1]


def test_an_untouched_chain_has_no_faults():
    entries = chain(5)
    done = result(entries)
    assert (done.entries, done.wrong, done.head) == (5, 0, Head(5, entries[-1][1]))
    assert result([]).head == Head(0, GENESIS)


@pytest.mark.parametrize(
    "change",
    [
        {"at": "2027"},
        {"actor_id": None},
        {"action": "enable"},
        {"target": "person:9"},
        {"detail": '{"unit": 4}'},
        {"address": ""},
    ],
)
def test_a_changed_entry_is_named(change):
    entries = chain(5)
    entries[2] = (replace(entries[2][0], **change), entries[2][1])
    assert result(entries).faults == [Fault("changed", 3, 3)]


def test_an_entry_sealed_anew_breaks_the_link_to_the_next():
    entries = chain(5)
    changed = replace(entries[2][0], target="person:9")
    entries[2] = (changed, seal(entries[1][1], changed))
    assert result(entries).faults == [Fault("changed", 4, 4)]


def test_removed_entries_are_named():
    entries = chain(6)
    assert result(entries[1:]).faults == [Fault("missing", 1, 1)]
    assert result(entries[:2] + entries[4:]).faults == [Fault("missing", 3, 4)]


def test_only_a_kept_head_shows_a_cut_or_a_chain_made_anew():
    entries = chain(5)
    kept = Head(5, entries[-1][1])
    assert result(entries[:3]).wrong == 0  # a cut chain is a chain
    assert result(entries[:3], kept).faults == [Fault("not_kept", 5, 5)]
    other = [(replace(entry, address="x"), "") for entry, _ in entries]
    last, anew = GENESIS, []
    for entry, _ in other:
        last = seal(last, entry)
        anew.append((entry, last))
    assert result(anew).wrong == 0
    assert result(anew, kept).faults == [Fault("not_kept", 5, 5)]
    assert result([*entries, *chain(6)[5:]], kept).wrong == 0  # it has grown since
    assert result(entries, Head()).wrong == 0


def test_many_faults_are_counted_and_the_first_are_told():
    entries = [(replace(entry, address="x"), stored) for entry, stored in chain(9) * 10]
    for n, (entry, stored) in enumerate(entries, 1):
        entries[n - 1] = (replace(entry, id=n), stored)
    done = result(entries)
    assert done.wrong == 90
    assert len(done.faults) == done.MOST


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_two_splits_of_the_same_text_have_one_seal(target, detail):
    entry = Entry(1, "2026", None, "x", target, detail, "")
    other = replace(entry, target=target + detail, detail="")
    assert (seal(GENESIS, entry) == seal(GENESIS, other)) == (entry == other)


def test_heads_are_written_and_read():
    head = Head(12, "ab" * 32)
    assert parse_head(f" {str(head).upper()} ") == head
    for text in (
        "",
        "12",
        "x:" + "ab" * 32,
        "12:" + "ab" * 31,
        "12:" + "zz" * 32,
        "１:" + "ab" * 32,
    ):
        assert parse_head(text) is None
