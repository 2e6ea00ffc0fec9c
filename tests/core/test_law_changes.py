"""What counts as a change of law, where a statute is cited, tables of owners and new numbers."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

from portal.core.capabilities import Bilingual
from portal.core.catalogue import Catalogue
from portal.core.catalogue_checks import Shelf, check_owners, check_reviews
from portal.core.courses import Course, Module, Prose, Section
from portal.core.law_changes import Judged, Known, compare, known_of, passed_until
from portal.core.law_places import places_citing
from portal.core.owners import Owner, Owners, parse_owners
from portal.core.questions import Citation
from portal.core.renumbering import Renumbered, parse_renumbering
from portal.core.statutes import StatuteRegistry, parse_statutes
from tests.core.making import question, single

OLD = Known("中华人民共和国河道法", "河道法", "2012", "2013-01-01", 50)


def registry(*entries: str) -> StatuteRegistry:
    found, problems = parse_statutes("".join(entries), "statutes.toml")
    assert found is not None
    assert not problems
    return found


def entry(
    short: str, version: str, articles: int, *, in_force: bool = True, replaced_by: str = ""
) -> str:
    return f"""
[[statute]]
title = "中华人民共和国{short}"
short = "{short}"
english = "Law"
version = "{version}"
effective = {version}-01-01
articles = {articles}
in_force = {str(in_force).lower()}
replaced_by = "{replaced_by}"
"""


def kinds(before: str, after: str) -> list[tuple[str, str, str]]:
    changes = compare(known_of(registry(before)), known_of(registry(after)))
    return [(one.kind, one.before.version, one.after.short) for one in changes]


def test_a_new_version_in_force_is_an_amendment_and_a_new_statute_is_nothing() -> None:
    before = entry("河道法", "2012", 50)
    after = entry("河道法", "2012", 50, in_force=False, replaced_by="河道法")
    after += entry("河道法", "2026", 70) + entry("渡口法", "2026", 20)
    assert kinds(before, after) == [("amended", "2012", "河道法")]
    assert kinds(after, after) == []


def test_a_statute_without_a_version_in_force_is_repealed() -> None:
    before = entry("河道法", "2012", 50) + entry("水法典", "2020", 900)
    after = entry("河道法", "2012", 50, in_force=False, replaced_by="水法典")
    after += entry("水法典", "2020", 900)
    assert kinds(before, after) == [("repealed", "2012", "水法典")]
    assert kinds(before, entry("水法典", "2020", 900)) == [("repealed", "2012", "河道法")]


def test_other_articles_of_the_same_version_are_a_correction() -> None:
    assert kinds(entry("河道法", "2012", 50), entry("河道法", "2012", 51)) == [
        ("corrected", "2012", "河道法")
    ]
    known = {OLD.title: OLD}
    moved = replace(OLD, effective="2013-06-01")
    assert [one.kind for one in compare(known, {OLD.title: moved})] == ["corrected"]
    assert compare(known, {OLD.title: replace(OLD, deleted=("7",))})[0].kind == "corrected"
    assert compare({OLD.title: replace(OLD, in_force=False)}, known) == []


def test_people_learned_the_old_text_until_the_last_place_was_changed() -> None:
    monday, tuesday = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
    changed = [Judged("changed", monday), Judged("unchanged", tuesday)]
    assert passed_until(changed) == monday
    assert passed_until([*changed, Judged("changed", tuesday)]) == tuesday
    assert passed_until([*changed, Judged()]) == "now"
    assert passed_until([*changed, Judged("open", tuesday)]) == "now"
    assert passed_until([Judged("unchanged", monday)]) is None


def prose(text: str) -> Module:
    sections = (Section("start", Bilingual("节"), (Prose(Bilingual(text)),)),)
    title = Bilingual("课")
    return Module("river/one", "river", title, 5, Bilingual(""), sections, "p", "v1")


def catalogue(module: Module, *questions: object) -> Catalogue:
    course = Course(
        "river",
        Bilingual("河道"),
        "law",
        1,
        (),
        1.0,
        "",
        None,
        (),
        (),
        (),
        0,
        Bilingual("看《河道法》。"),
        (module,),
        "p",
        "v1",
    )
    found = {one.id: one for one in questions}  # type: ignore[attr-defined]
    return Catalogue("1", {"river": course}, {module.id: module}, {}, found)  # type: ignore[arg-type]


def test_places_are_found_in_text_chips_and_after_the_same_law() -> None:
    statutes = registry(entry("河道法", "2012", 50), entry("渡口法", "2020", 20))
    module = prose(
        "依《河道法》第七条。\n\n**《河道法》**第十条至第十二条；同法第九条。《渡口法》第三条。"
    )
    chip = replace(question(single(), "q-chip"), laws=(Citation("河道法", "9"),), course="river")
    told = replace(question(single(), "q-told"), explanation=Bilingual("《河道法》第二条。"))
    retired = replace(chip, id="q-retired", retired=True)
    other = replace(question(single(), "q-other"), laws=(Citation("渡口法", "1"),))
    found = places_citing(catalogue(module, chip, told, retired, other), "河道法", statutes)
    assert [(one.kind, one.id, one.articles) for one in found] == [
        ("course", "river", ()),
        ("module", "river/one", ("7", "9", "10", "11", "12")),
        ("question", "q-chip", ("9",)),
        ("question", "q-told", ("2",)),
    ]


def test_code_is_no_citation() -> None:
    statutes = registry(entry("河道法", "2012", 50))
    found = places_citing(catalogue(prose("`《河道法》第七条`")), "河道法", statutes)
    assert [one.kind for one in found] == ["course"]


def test_renumbered_articles_are_read_and_bad_rows_left_out() -> None:
    text = (
        "law\told_version\told_article\tnew_article\tsimilarity\tremark\n"
        "河道法\t2012\t7\t9\t0.5\t改动较大\n"
        "河道法\t2012\t8\t\t\t\n"
        "河道法\t2012\t7\t10\t\t\n"
        "河道法\t2012\t第九条\t10\n"
        "\n"
        "河道法\t2012\t10-1\t12-2\n"
    )
    table, problems = parse_renumbering(text, "renumber.tsv")
    assert table.suggestion("河道法", "2012", "7") == Renumbered("9", "改动较大")
    assert table.suggestion("河道法", "2012", "8") == Renumbered("")
    assert table.suggestion("河道法", "2012", "10-1") == Renumbered("12-2")
    assert table.suggestion("河道法", "2005", "7") is None
    assert [(one.code, one.line) for one in problems] == [("L107", 4), ("L107", 5)]
    missing = parse_renumbering("law\told_article\n", "renumber.tsv")[1]
    assert [(one.code, one.args["columns"]) for one in missing] == [
        ("L106", "old_version, new_article")
    ]


def test_owners_are_read_and_bad_entries_left_out() -> None:
    text = """
[[owner]]
name = "群众组"
holders = ["B1", "B2"]
successors = ["B3"]

[[owner]]
name = "法治组"
holders = []

[[owner]]
name = "群众组"
holders = ["B9"]
colour = "red"
"""
    owners, problems = parse_owners(text, "owners.toml")
    assert owners is not None
    assert owners.by_name == {"群众组": Owner("群众组", ("B1", "B2"), ("B3",))}
    assert [(one.code, one.line) for one in problems] == [("O002", 7), ("O003", 11), ("O004", 11)]
    broken, problems = parse_owners("[[owner]\n", "owners.toml")
    assert broken is None
    assert [one.code for one in problems] == ["O001"]


def test_an_owner_is_orphaned_when_nobody_named_is_left() -> None:
    owner = Owner("群众组", ("B1", "B2"), ("B2", "B3"))
    assert not owner.is_orphaned({"B2"})
    assert not owner.is_orphaned({"B3"})
    assert owner.is_orphaned({"B4"})
    assert not owner.lacks_successor({"B1", "B3"})
    assert owner.lacks_successor({"B1", "B2"})  # a holder is no successor


def test_a_table_beyond_its_limit_is_read_up_to_there() -> None:
    head = "law\told_version\told_article\tnew_article\n"
    rows = "".join(f"河道法\t{2000 + n // 1000}\t{n % 1000 + 1}\t1\n" for n in range(20_001))
    table, problems = parse_renumbering(head + rows, "renumber.tsv")
    assert [(one.code, one.line) for one in problems] == [("L108", 20_002)]
    assert table.suggestion("河道法", "2019", "1000") == Renumbered("1")
    assert table.suggestion("河道法", "2020", "1") is None


def test_courses_past_review_and_owners_nobody_registered_are_said() -> None:
    made = Course(
        **{field.name: None for field in fields(Course)}  # type: ignore[arg-type]
        | {"id": "one", "path": "courses/one/course.md", "owner": "甲组", "review_by": "2026-03-31"}
    )
    shelf = Shelf(courses={"one": made}, key_lines={made.path: {"owner": 7, "review_by": 8}})
    known = Owners({"乙组": Owner("乙组", ("B1",), ())}, known=True)
    assert [(one.code, one.line) for one in check_owners(shelf, known)] == [("C018", 7)]
    assert check_owners(shelf, Owners()) == []
    assert [(one.code, one.line) for one in check_reviews(shelf, "2026-04-01")] == [("C017", 8)]
    assert check_reviews(shelf, "2026-03-31") == []
