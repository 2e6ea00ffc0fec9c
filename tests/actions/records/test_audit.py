"""The audit log: what is noted, what is found again, and that tampering is found and named."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from portal.actions import accounts, people, progress, unit_changes
from portal.actions.audit import (
    Wanted,
    audit_head,
    find_actors,
    known_actions,
    read_audit,
    verify,
)
from portal.actions.errors import NotAllowed
from portal.actions.permission import ONE_LOOK
from portal.core.audit_chain import Fault, Head
from portal.store import people as people_store


@pytest.fixture
def auditor(portal, county):
    people.grant_role(portal, county.administrator, county.administrator.id, "auditor")
    with portal.db.read() as c:
        return people_store.find_person(c, county.administrator.id)


def tamper(portal, *statements):
    """As somebody with the file and a database tool would: the triggers are dropped first."""
    with closing(sqlite3.connect(portal.db.path)) as raw, raw:
        raw.execute("DROP TRIGGER IF EXISTS audit_no_update")
        raw.execute("DROP TRIGGER IF EXISTS audit_no_delete")
        for statement in statements:
            raw.execute(statement)


def verified(portal, auditor, kept=None):
    return list(verify(portal, auditor, kept))[-1][0]


def test_everything_that_was_noted_verifies(portal, county, auditor):
    done = verified(portal, auditor)
    assert done.wrong == 0
    assert done.entries == done.head.id > 5
    assert done.head == audit_head(portal, auditor)


def test_a_changed_and_a_removed_entry_are_found_and_named(portal, county, auditor):
    tamper(
        portal,
        "UPDATE audit SET target = 'person:99' WHERE id = 3",
        "DELETE FROM audit WHERE id IN (6, 7)",
    )
    assert verified(portal, auditor).faults == [Fault("changed", 3, 3), Fault("missing", 6, 7)]


def test_a_log_cut_at_its_end_is_found_by_the_head_that_was_kept(portal, county, auditor):
    kept = audit_head(portal, auditor)
    tamper(portal, f"DELETE FROM audit WHERE id > {kept.id - 2}")
    assert verified(portal, auditor).faults == [Fault("missing", kept.id - 1, kept.id)]
    tamper(
        portal,
        "DROP TRIGGER audit_tip_grows",
        "DROP TRIGGER audit_tip_no_delete",
        "DELETE FROM audit_tip",
        "INSERT INTO audit_tip SELECT 1, id, seal FROM audit ORDER BY id DESC LIMIT 1",
    )
    assert verified(portal, auditor).wrong == 0  # covered up
    people.move(portal, county.administrator, county.learner.id, county.street, ["grid"])
    people.move(portal, county.administrator, county.learner.id, county.community, ["grid"])
    assert verified(portal, auditor, kept).faults == [Fault("not_kept", kept.id, kept.id)]
    assert verified(portal, auditor, Head()).wrong == 0


def test_only_auditors_check_the_log(portal, county):
    for actor in (county.administrator, county.manager, county.learner):
        for action in (
            lambda actor=actor: next(verify(portal, actor)),
            lambda actor=actor: audit_head(portal, actor),
            lambda actor=actor: find_actors(portal, actor, "李"),
            lambda actor=actor: known_actions(portal, actor),
        ):
            with pytest.raises(NotAllowed):
                action()


# looks at records


def looks(log):
    return [(row["actor_id"], row["target"]) for row in log("see_record")]


def test_a_look_at_somebodys_record_is_noted_once_an_hour(portal, county, clock, log):
    wanted = (county.manager.id, f"person:{county.learner.id}")
    for _ in range(3):  # a page asks with every click, and in several places
        progress.record(portal, county.manager, county.learner.id)
        people.name_of(portal, county.manager, county.learner.id)
    assert looks(log) == [wanted]
    clock.now += ONE_LOOK + timedelta(seconds=1)
    progress.record(portal, county.manager, county.learner.id)
    assert looks(log) == [wanted, wanted]


def test_ones_own_record_is_nobodys_business(portal, county, log):
    progress.record(portal, county.manager)
    progress.record(portal, county.learner, county.learner.id)
    assert looks(log) == []


def test_each_person_looked_at_is_noted_and_a_refusal_is_no_look(portal, county, log):
    progress.record(portal, county.manager, county.learner.id)
    with pytest.raises(NotAllowed):
        progress.record(portal, county.manager, county.stranger.id)
    assert looks(log) == [(county.manager.id, f"person:{county.learner.id}")]
    assert len(log("refused")) == 1


def test_a_refusal_says_what_was_tried_with_whom(portal, county, log):
    for tried in (
        lambda: progress.record(portal, county.manager, county.stranger.id),
        lambda: unit_changes.close_unit(portal, county.manager, county.street),
        lambda: progress.record(portal, county.manager, 4711),  # there is nobody
    ):
        with pytest.raises(NotAllowed):
            tried()
    found = [(row["target"], json.loads(row["detail"])["wanted"]) for row in log("refused")]
    assert sorted(found) == sorted(
        [
            (f"person:{county.stranger.id}", "see_record"),
            (f"unit:{county.street}", "manage_units"),
            ("", "see_record"),  # nobody there
        ]
    )


def test_a_look_moves_no_figures(portal, county):
    revision = portal.db.revision()
    progress.record(portal, county.manager, county.learner.id)
    assert portal.db.revision() == revision


# finding entries


def test_filters_narrow_down_and_pages_follow_each_other(portal, county, auditor, clock):
    start = clock.now
    for _ in range(3):
        clock.go_on(hours=1)
        people.move(portal, county.administrator, county.learner.id, county.street, ["grid"])
        people.move(portal, county.administrator, county.learner.id, county.community, ["grid"])
    learner = f"person:{county.learner.id}"

    def read(**wanted):
        return read_audit(portal, auditor, Wanted(**wanted))

    assert len(read(target=learner, action="move")) == 6
    assert {row["target_name"] for row in read(target=learner)} == {"李敏"}
    assert len(read(since=start + timedelta(hours=2), action="move")) == 4
    assert len(read(until=start + timedelta(hours=2), action="move")) == 2
    assert read(actor_id=county.learner.id) == []
    everything = read()
    paged, before = [], None
    while page := read_audit(portal, auditor, before=before, limit=4):
        paged += page
        before = (page[-1]["at"], page[-1]["id"])
    assert paged == everything
    assert [row["id"] for row in everything] == sorted((r["id"] for r in everything), reverse=True)


def test_what_can_be_filtered_by(portal, county, auditor):
    assert known_actions(portal, auditor) == [
        "create_person",
        "create_unit",
        "grant_role",
        "set_up",
        "sign_in",
    ]
    assert find_actors(portal, auditor, "li.m") == [
        {"id": county.learner.id, "name": "李敏", "staff_no": "B-0001"}
    ]


def test_every_page_is_led_to_by_an_index(portal, county):
    """A million entries are never scanned or sorted for one page."""
    from portal.store import audit

    plans = []

    class Explained:
        def __init__(self, c):
            self.c = c

        def all(self, sql, **given):
            plans.append(
                [row["detail"] for row in self.c.all(f"EXPLAIN QUERY PLAN {sql}", **given)]
            )
            return []

    now = portal.now()
    with portal.db.read() as c:
        for wanted in (
            Wanted(),
            Wanted(since=now, until=now),
            Wanted(actor_id=1, since=now),
            Wanted(action="sign_in"),
            Wanted(target="person:1"),
            Wanted(target="person:1", action="sign_in"),
            Wanted(actor_id=1, action="sign_in", until=now),
        ):
            for before in (None, ("2026", 5)):
                audit.entries(Explained(c), wanted, before)
        audit.actions(Explained(c))
    for plan in plans:
        assert not any("TEMP B-TREE" in step for step in plan), plan
        assert not any(step.startswith("SCAN a") and "INDEX" not in step for step in plan), plan


def test_refused_sign_ins_are_in_the_log(portal, county, log):
    from portal.actions.errors import Refused

    with pytest.raises(Refused):
        accounts.sign_in(portal, "li.min", "wrong", "10.0.0.7", "browser")
    assert len(log("sign_in_refused")) == 1
