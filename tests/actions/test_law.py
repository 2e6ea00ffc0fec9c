"""A change of law from the register to the refresher, over a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from sqlite3 import IntegrityError

import pytest

from portal.actions import assignments, law_refreshing, law_reviewing, reading, stepping
from portal.actions.course_upkeep import upkeep
from portal.actions.errors import NotAllowed, Refused
from portal.actions.law_noticing import notice_law_changes
from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.owners import parse_owners
from portal.core.people import Person
from portal.core.questions import Citation
from portal.core.renumbering import parse_renumbering
from portal.store import people
from tests.actions.sample import TEXT, World, course, module, sample_catalogue
from tests.core.test_law_changes import entry, registry

OLD = registry(entry("河道法", "2012", 50), entry("渡口法", "2020", 20))
NEW = registry(
    entry("河道法", "2012", 50, in_force=False, replaced_by="河道法"),
    entry("河道法", "2026", 70),
    entry("渡口法", "2020", 20),
)
TABLE = parse_renumbering(
    "law\told_version\told_article\tnew_article\n河道法\t2012\t7\t9\n", "renumber.tsv"
)[0]


def citing() -> Catalogue:
    """The sample catalogue with a question of "fire" and the introduction of "law" on rivers."""
    made = sample_catalogue()
    asked = replace(made.questions["q-1"], laws=(Citation("河道法", "7"),))
    law = replace(
        course("law", (module("law/one", ("start", ())),)), intro=Bilingual("《河道法》第二条。")
    )
    return replace(
        made,
        courses={**made.courses, "law": law},
        questions={**made.questions, "q-1": asked},
        versions={**made.versions, "q-1": "v-old"},
        statutes=OLD,
        renumbering=TABLE,
    )


@pytest.fixture
def river(learning: World) -> World:
    """A portal that has seen the old register."""
    learning.serve(citing())
    assert notice_law_changes(learning.portal) == 0
    return learning


@pytest.fixture
def trainer(river: World) -> Person:
    return river.grant(river.add_person("li", "county", "trainer"), "trainer")


def amend(river: World) -> int:
    river.serve(replace(citing(), statutes=NEW))
    assert notice_law_changes(river.portal) == 1
    return int(river.rows("SELECT MAX(id) AS id FROM law_changes")[0]["id"])


def learn(river: World, who: Person, course_id: str = "law") -> None:
    reading.open_module(river.portal, who, f"{course_id}/one")
    reading.see_section(river.portal, who, f"{course_id}/one", "start")


def test_a_new_version_is_noticed_once_with_what_cites_it(river: World, trainer: Person) -> None:
    change_id = amend(river)
    assert notice_law_changes(river.portal) == 0
    view = law_reviewing.get_change(river.portal, trainer, change_id)
    assert [(one.kind, one.id, one.articles, one.state) for one in view.places] == [
        ("question", "q-1", ("7",), "open"),
        ("course", "law", ("2",), "open"),
    ]
    assert view.places[0].suggested["7"].new == "9"
    assert view.places[1].suggested == {}
    row = law_reviewing.list_changes(river.portal, trainer)[0]
    assert (row["kind"], row["old_articles"], row["new_articles"]) == ("amended", 50, 70)
    assert (row["places"], row["judged"]) == (2, 0)


def test_what_nothing_cites_makes_no_entry(river: World) -> None:
    ferry = registry(entry("河道法", "2012", 50), entry("渡口法", "2025", 30))
    river.serve(replace(citing(), statutes=ferry))
    assert notice_law_changes(river.portal) == 0
    assert river.rows("SELECT version FROM law_statutes WHERE short = '渡口法'") == [
        {"version": "2025"}
    ]


def test_an_unreadable_register_is_no_repeal(river: World) -> None:
    river.serve(replace(citing(), statutes=registry(entry("河道法", "2012", 50)).__class__()))
    assert notice_law_changes(river.portal) == 0
    assert len(river.rows("SELECT title FROM law_statutes")) == 2


def test_judgements_are_added_and_the_newest_counts(river: World, trainer: Person) -> None:
    change_id = amend(river)
    portal, keys = river.portal, [("question", "q-1"), ("course", "law")]
    assert law_reviewing.judge(portal, trainer, change_id, keys, "unchanged", " 同 ") == 2
    assert law_reviewing.judge(portal, trainer, change_id, keys, "unchanged", "同") == 0
    assert law_reviewing.judge(portal, trainer, change_id, keys[:1], "changed", "") == 1
    view = law_reviewing.get_change(portal, trainer, change_id)
    first = view.places[0]
    assert (first.state, first.reviewer, first.at) == ("changed", "姓名 li", river.clock.now)
    assert view.counts == {"changed": 1, "unchanged": 1}
    assert law_reviewing.list_changes(portal, trainer)[0]["judged"] == 2
    assert len(river.rows("SELECT id FROM law_reviews")) == 3
    assert law_reviewing.judge(portal, trainer, change_id, keys[:1], "open", "") == 1
    assert law_reviewing.list_changes(portal, trainer)[0]["judged"] == 1
    logged = river.rows("SELECT detail FROM audit WHERE action = 'review_law'")
    assert len(logged) == 3


@pytest.mark.parametrize(
    ("keys", "verdict", "reason", "key"),
    [
        ([("question", "q-1")], "unchanged", "  ", "error.law_reason"),
        ([("question", "q-1")], "changed", "x" * 301, "error.law_reason"),
        ([], "changed", "", "error.law_none"),
        ([("question", str(n)) for n in range(501)], "changed", "", "error.law_many"),
        ([("question", "q-2")], "changed", "", "error.not_allowed"),
        ([("question", "q-1")], "fine", "", "error.not_allowed"),
    ],
)
def test_a_bad_judgement_writes_nothing(
    river: World,
    trainer: Person,
    keys: list[tuple[str, str]],
    verdict: str,
    reason: str,
    key: str,
) -> None:
    change_id = amend(river)
    with pytest.raises(Refused) as refused:
        law_reviewing.judge(river.portal, trainer, change_id, keys, verdict, reason)
    assert refused.value.key == key
    assert not river.rows("SELECT id FROM law_reviews")


def test_edited_and_vanished_places_are_told_apart(river: World, trainer: Person) -> None:
    change_id = amend(river)
    made = replace(citing(), statutes=NEW)
    courses = {key: one for key, one in made.courses.items() if key != "law"}
    river.serve(replace(made, courses=courses, versions={**made.versions, "q-1": "v-new"}))
    asked, gone = law_reviewing.get_change(river.portal, trainer, change_id).places
    assert (asked.edited, asked.state) == (True, "open")
    assert (gone.edited, gone.state) == (False, "gone")


def test_only_trainers_see_changes(river: World) -> None:
    change_id = amend(river)
    boss = river.grant(river.add_person("boss", "east"), "manager", "east")
    for who in (boss, river.add_person("wang", "east-1")):
        with pytest.raises(NotAllowed):
            law_reviewing.get_change(river.portal, who, change_id)
        with pytest.raises(NotAllowed):
            law_reviewing.judge(river.portal, who, change_id, [("course", "law")], "changed", "")
        with pytest.raises(NotAllowed):
            law_refreshing.passed(river.portal, who, change_id, "law", river.unit_ids["east"])
        with pytest.raises(NotAllowed):
            upkeep(river.portal, who)


def test_who_passed_the_old_text_is_asked_again(river: World, trainer: Person) -> None:
    wang, zhao = river.add_person("wang", "east-1"), river.add_person("zhao", "west")
    for who in (wang, zhao):
        learn(river, who)
    river.clock.forward(days=1)
    change_id = amend(river)
    portal = river.portal
    found = law_refreshing.passed(portal, trainer, change_id, "law", None)
    assert found is not None
    assert found.total == 2
    assert {one.people for one in found.units} == {None}  # too few to be counted out
    river.clock.forward(days=1)
    law_reviewing.judge(portal, trainer, change_id, [("course", "law")], "changed", "")
    river.clock.forward(days=1)
    late = river.add_person("late", "west")
    learn(river, late)
    made = law_refreshing.assign_refresher(portal, trainer, change_id, "law", None, "重学", "改了")
    for _ in stepping.bring_into_step(portal, made):
        pass
    asked = river.rows("SELECT person_id, due_on, done_at FROM obligations ORDER BY person_id")
    due = (river.clock.now + timedelta(days=30)).date().isoformat()
    assert asked == [{"person_id": one.id, "due_on": due, "done_at": None} for one in (wang, zhao)]
    with pytest.raises(Refused, match=r"error\.law_assigned"):
        law_refreshing.assign_refresher(portal, trainer, change_id, "law", None, "重学", "改了")
    river.clock.forward(days=1)
    learn(river, wang)
    done = river.rows("SELECT done_at IS NOT NULL AS d FROM obligations ORDER BY person_id")
    assert [row["d"] for row in done] == [1, 0]
    assignments.end(portal, trainer, made)
    again = law_refreshing.refresher(portal, trainer, change_id, "law", None, "重学", "改了")
    assert again.credit_earlier is False


def test_a_refresher_and_its_link_to_the_statute_are_there_together(
    river: World, trainer: Person
) -> None:
    learn(river, river.add_person("wang", "east-1"))
    river.clock.forward(days=1)
    change_id = amend(river)
    with river.portal.db.write() as conn:  # the last step of the transaction fails
        conn.run(
            """
            CREATE TRIGGER disk_full BEFORE INSERT ON law_refreshers
            BEGIN SELECT RAISE(ABORT, 'disk full'); END
            """
        )
    with pytest.raises(IntegrityError, match="disk full"):
        law_refreshing.assign_refresher(
            river.portal, trainer, change_id, "law", None, "重学", "改了"
        )
    assert not river.rows("SELECT * FROM assignments")
    assert not river.rows("SELECT * FROM audit WHERE action = 'create_assignment'")


def test_nobody_is_asked_where_the_text_stands(river: World, trainer: Person) -> None:
    learn(river, river.add_person("wang", "east-1"))
    change_id = amend(river)
    law_reviewing.judge(river.portal, trainer, change_id, [("course", "law")], "unchanged", "同")
    assert law_refreshing.passed(river.portal, trainer, change_id, "law", None) is None
    with pytest.raises(Refused, match=r"error\.law_nobody"):
        law_refreshing.refresher(river.portal, trainer, change_id, "law", None, "重学", "改了")


def test_names_are_for_who_manages_the_unit(river: World, trainer: Person) -> None:
    wang = river.add_person("wang", "east-1")
    learn(river, wang)
    learn(river, river.add_person("zhao", "west"))
    river.clock.forward(days=1)
    change_id = amend(river)
    east, west = river.unit_ids["east"], river.unit_ids["west"]
    with pytest.raises(NotAllowed):
        law_refreshing.passed_people(river.portal, trainer, change_id, "law", east)
    both = river.grant(trainer, "manager", "east")
    rows = law_refreshing.passed_people(river.portal, both, change_id, "law", east)
    assert [row["id"] for row in rows] == [wang.id]
    with pytest.raises(NotAllowed):
        law_refreshing.passed_people(river.portal, both, change_id, "law", west)


def test_courses_due_and_owners_without_anybody(river: World, trainer: Person) -> None:
    held, heir = river.add_person("h1", "east"), river.add_person("h2", "east")
    today = river.clock.now.date()
    owners = parse_owners(
        '[[owner]]\nname = "甲组"\nholders = ["h1"]\nsuccessors = ["h2"]\n', "owners.toml"
    )[0]
    assert owners is not None
    made = citing()
    courses = {
        key: replace(one, owner="甲组", review_by=(today + timedelta(days=days)).isoformat())
        for (key, one), days in zip(made.courses.items(), (-1, 60), strict=True)
    }
    courses["far"] = replace(
        course("far", (), ()), owner="乙组", intro=TEXT, review_by=str(today + timedelta(days=61))
    )
    river.serve(replace(made, courses=courses, owners=owners))
    found = upkeep(river.portal, trainer)
    assert [(one.course.id, one.days) for one in found.due] == [("fire", -1), ("law", 60)]
    assert [(one.name, one.state) for one in found.owners] == [("乙组", "unregistered")]
    with river.portal.db.write() as conn:
        people.set_disabled(conn, heir.id, river.clock.now)
    assert ("甲组", "no_successor") in owner_states(river, trainer)
    with river.portal.db.write() as conn:
        people.set_disabled(conn, held.id, river.clock.now)
    assert ("甲组", "orphaned") in owner_states(river, trainer)


def owner_states(river: World, trainer: Person) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in upkeep(river.portal, trainer).owners]
