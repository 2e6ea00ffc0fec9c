"""Who looks and what there is to be seen, for the table of who may see what.

Two streets below one county. Everything that is looked at belongs to ``amy``, a grid worker of
the first street. Names and numbers are ones that no course and no word of the portal holds, so
that finding one in what was delivered means that it was told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from portal.actions import (
    answering,
    assignments,
    attempts,
    capability_questions,
    closing,
    content_drafts,
    content_uploads,
    drill_runs,
    issuing,
    law_reviewing,
    opening,
    people,
    practice,
    question_reports,
    stepping,
    tabletop_rooms,
)
from portal.actions.assignments import Draft
from portal.actions.browser_sessions import begin_session
from portal.actions.law_noticing import notice_law_changes
from portal.core.assignments import Item
from portal.core.audience import Everyone, Named
from portal.core.due import Once, OnDate
from portal.core.people import Person
from portal.store import badges, certificates, credentials, progress
from portal.store import people as stored_people
from portal.store.badges import Award
from tests.content import small
from tests.content.test_drills import FILE, TEXT
from tests.core.drill_files import DRILL_EN
from tests.web.site import ROOT, Site

MODULE_FILE = "courses/one/01-first-visit.md"
BADGE = "6f2e0c1a-5a53-4a43-9d0b-1d3a35d7c9aa"
# who looks: the columns of the table; names are told by ``NAMES``
LOOKERS = (
    "owner", "colleague", "elsewhere", "trainer", "street", "sibling", "county", "admin",
    "auditor", "nobody", "must change", "disabled",
)  # fmt: skip
NAMES = {
    "owner": "阿蘅蘅",
    "colleague": "安芷芷",
    "elsewhere": "贝荀荀",
    "trainer": "焦蕤蕤",
    "street": "甄葳葳",
    "sibling": "郁茸茸",
    "county": "宪蓁蓁",
    "auditor": "沈菡菡",
    "must change": "辛茝茝",
    "disabled": "柳蘼蘼",
}
STAFF_NO = {who: f"NR{7310 + n}X" for n, who in enumerate(NAMES)}
UNITS = {
    "whole": (None, "county", "雩县"),
    "street_a": ("whole", "street", "鄯甲街道"),
    "street_b": ("whole", "street", "郯乙街道"),
    "community_a": ("street_a", "community", "鄯甲社区"),
}
WORKS_IN = {
    "elsewhere": "street_b",
    "sibling": "street_b",
    "county": "whole",
    "owner": "community_a",
}
WORK = {"street_a": "葶苈甲安排", "street_b": "葶苈乙安排"}
DRAFT_WORDS = "草稿里的蘩字"
REPORT_WORDS = "这道题的蒺字写错了"
ASKED_WORDS = "我的藜麦能力估得不对"
SEVEN = 7
RIGHT = 3


def content(root: Path) -> Path:
    """A course with a quiz of seven questions (three right are 42.9 %), an exam and a drill."""
    made = small.make(root)
    for name in ("courses/capabilities.toml", "courses/statutes.toml"):
        small.put(made, name, (ROOT / name).read_text("utf-8"))
    small.put(made, FILE, TEXT)
    small.put(made, "quizzes/one/fire.en.md", DRILL_EN)
    head = "---\nkind: quiz\ntitle: 七题\npass_mark: 40\n---\n"
    one = "\n### 第{n}题\n\n`#one-7{n}` `难度:1` `依据:人民调解法§4`\n\n第{n}题选哪个？\n\n"
    one += "- [x] 对的\n- [ ] 错的\n- [ ] 都不\n\n> **解析** 《人民调解法》第四条。\n"
    small.put(made, "quizzes/one/seven.md", head + "".join(one.format(n=n) for n in range(SEVEN)))
    (made / "courses/one/assets").mkdir()
    (made / "courses/one/assets/plan.svg").write_text(SVG)
    return made


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@dataclass(frozen=True)
class Town:
    """``ids``: what the table calls ``{amy}`` and the like; ``tokens``: cookies by who looks."""

    ids: dict[str, str]
    tokens: dict[str, str]


def build(site: Site) -> Town:
    """Fill the running ``site``."""
    site.portal.library.refresh()
    units = _units(site)
    staff = _people(site, units)
    ids = {**units, **{who.replace(" ", "_"): one.id for who, one in staff.items()}}
    ids |= _learning(site, staff["owner"], staff["elsewhere"])
    ids |= _work(site, staff, units)
    ids["law"] = _amended_law(site, staff["trainer"])
    return Town({key: str(value) for key, value in ids.items()}, _sign_in(site, staff))


# Private functions


def _units(site: Site) -> dict[str, int]:
    made: dict[str, int] = {}
    for key, (above, kind, name) in UNITS.items():
        parent = made[above] if above else None
        made[key] = people.create_unit(site.portal, site.administrator(), parent, kind, name)
    return made


def _people(site: Site, units: dict[str, int]) -> dict[str, Person]:
    portal, chief = site.portal, site.administrator()
    ids = {"admin": chief.id}
    more = {f"more {n}": f"路人{n}蓼蓼" for n in range(4)}  # five people: figures are told
    for n, (who, name) in enumerate({**NAMES, **more}.items()):
        ids[who] = people.create_person(
            portal,
            chief,
            staff_no=STAFF_NO.get(who, f"MORE{n}"),
            login=f"looker{n}",
            name=name,
            unit_id=units[WORKS_IN.get(who, "street_a")],
            posts=["grid"],
        ).person_id
    with portal.db.write() as conn:
        for who in NAMES:
            if who != "must change":
                credentials.set_password(conn, ids[who], "x", must_change=False, at=portal.now())
    for who, role, unit in (
        ("trainer", "trainer", None),
        ("street", "manager", units["street_a"]),
        ("sibling", "manager", units["street_b"]),
        ("county", "manager", units["whole"]),
        ("auditor", "auditor", None),
    ):
        people.grant_role(portal, chief, ids[who], role, unit)
    return {who: _person(site, person_id) for who, person_id in ids.items()}


def _person(site: Site, person_id: int) -> Person:
    with site.portal.db.read() as conn:
        found = stored_people.find_person(conn, person_id)
    assert found is not None
    return found


def _learning(site: Site, amy: Person, ben: Person) -> dict[str, int | str]:
    """What amy did: a quiz, a report of a question, a drill, a set of cards, a badge, a doubt."""
    portal = site.portal
    for person, right in ((ben, SEVEN), (amy, RIGHT)):
        attempt = opening.open_attempt(portal, person, "one/seven").id
        for item in attempts.get_attempt(portal, person, attempt).items[:right]:
            answering.answer(portal, person, attempt, item.position, [0])
        closing.submit(portal, person, attempt)
    question_reports.report(portal, amy, attempt, 0, "wording", REPORT_WORDS)
    exam = opening.open_attempt(portal, amy, "one/exam").id
    run = drill_runs.begin(portal, amy, "one/fire")
    for n, (decision, option) in enumerate((("smoke-1", 1), ("brigade-1", 1), ("brigade-2", 1)), 1):
        then = portal.now() + timedelta(seconds=3 * n)
        moved = replace(portal, now=lambda at=then: at)  # type: ignore[misc]
        drill_runs.choose(moved, amy, run, decision, option)
    cards = practice.open_daily(portal, amy)
    doubt = capability_questions.ask(portal, amy, "law", ASKED_WORDS)
    with portal.db.write() as conn:
        award = Award(
            BADGE, amy.id, "steady-4", {"kind": "steady", "weeks": "4"}, "s", portal.now()
        )
        badges.add(conn, award)
    number = _certificate(site, amy)
    return {
        "attempt": attempt,
        "exam": exam,
        "run": run,
        "set": cards,
        "doubt": doubt,
        "badge": BADGE,
        "certificate": number,
    }


def _certificate(site: Site, amy: Person) -> str:
    """The number of amy's certificate of a course that is no longer offered."""
    due = certificates.Due(amy.id, "bygone", site.portal.now(), "completion")
    with site.portal.db.write() as conn:
        progress.start_course(conn, amy.id, amy.unit_id, "bygone", due.earned_at)
        progress.complete_course(
            conn, amy.id, amy.unit_id, "bygone", version="1", hours=1.0, now=due.earned_at
        )
        certificates.put_off(conn, due)
    issuing.issue_due(site.portal)
    with site.portal.db.read() as conn:
        return certificates.of_person(conn, amy.id)[0].certificate.number


def _work(site: Site, staff: dict[str, Person], units: dict[str, int]) -> dict[str, int | str]:
    """What the street's manager assigned and the trainer is writing."""
    portal, yesterday = site.portal, date.today() - timedelta(days=1)
    then = replace(portal, now=lambda: site.portal.now() - timedelta(days=20))
    made = {}
    for key, who, unit, audience in (
        ("assigned", "street", "street_a", Everyone()),
        ("assigned_b", "sibling", "street_b", Named((staff["elsewhere"].id,))),
    ):
        draft = Draft(
            unit_id=units[unit],
            title=WORK[unit],
            reason="",
            items=(Item("course", "one"),),
            audience=audience,
            due=OnDate(yesterday),
            recurrence=Once(),
        )
        made[key] = assignments.create(then, staff[who], draft)
        for _ in stepping.bring_into_step(then, made[key]):
            pass
    opened = content_drafts.open_file(portal, staff["trainer"], MODULE_FILE)
    text = opened.text.replace("先听，再记", DRAFT_WORDS)
    content_drafts.save(portal, staff["trainer"], MODULE_FILE, text, opened.rev, opened.text)
    shown = content_uploads.upload(
        portal, staff["trainer"], MODULE_FILE, "drawn.svg", SVG.encode(), "图"
    )
    found = re.search(r"\(([^)]+)\)", shown)
    assert found is not None
    room = tabletop_rooms.open_room(portal, staff["street"], "one/fire", units["street_a"])
    [listed] = tabletop_rooms.rooms_to_lead(portal, staff["street"])
    tabletop_rooms.join(portal, staff["owner"], listed.code)
    return {**made, "drawn": Path(found[1]).name, "draft": MODULE_FILE, "room": room}


def _amended_law(site: Site, trainer: Person) -> int:
    """A statute that the course cites gets a new version; the change that was noticed."""
    portal = site.portal
    notice_law_changes(portal)  # this process or the server's rounds: the first look remembers
    register = portal.settings.content_dir / "courses/statutes.toml"
    before = 'english = "People\'s Mediation Law"\nversion = "2010"'
    text = register.read_text("utf-8")
    assert before in text
    register.write_text(text.replace(before, before.replace("2010", "2026")), "utf-8")
    portal.library.refresh()
    notice_law_changes(portal)
    return int(law_reviewing.list_changes(portal, trainer)[0]["id"])


def _sign_in(site: Site, staff: dict[str, Person]) -> dict[str, str]:
    tokens = {}
    with site.portal.db.write() as conn:
        for who in LOOKERS:
            if who in staff:
                signed_in = begin_session(
                    site.portal, conn, staff[who].id, "password", "192.0.2.1", "test"
                )
                tokens[who] = signed_in.token
    people.disable(site.portal, site.administrator(), staff["disabled"].id)
    return tokens
