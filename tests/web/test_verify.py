"""Anybody can verify a certificate by its number, and learns hardly anything else."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator

import pypdf
import pytest

from portal.actions import certificate_register, certificates, issuing
from portal.actions.errors import NotAllowed, Refused
from portal.core.certificates import shown
from portal.core.rate import Rate, counted_as, take
from portal.store import certificates as stored
from portal.web import certificate_files
from tests.actions.sample import START, World
from tests.actions.sample import world as make_world
from tests.actions.test_progress import finish_fire
from tests.web.site import Site


@pytest.fixture
def world(tmp_path) -> Iterator[World]:
    made = make_world(tmp_path)
    yield made
    made.portal.db.close()


def number_of(portal, person_id: int) -> str:
    with portal.db.read() as conn:
        return stored.of_person(conn, person_id)[0].certificate.number


@pytest.fixture(scope="module")
def number(site: Site) -> str:
    person_id, _ = site.add_person("vera")
    with site.portal.db.write() as conn:
        conn.run(
            """
            INSERT INTO course_progress (person_id, course_id, started_at, seen_at, completed_at,
                completed_version, hours)
            VALUES (:p, 'of old', :at, :at, :at, 'v', 2)
            """,
            p=person_id,
            at="2025-01-31T00:00:00.000Z",
        )
        conn.run(
            "INSERT INTO certificates_due VALUES (:p, 'of old', :at, 'completion')",
            p=person_id,
            at="2025-01-31T00:00:00.000Z",
        )
    issuing.issue_due(site.portal)
    return number_of(site.portal, person_id)


def test_whoever_has_the_number_sees_that_it_holds_and_half_a_name(site: Site, number: str) -> None:
    with site.client() as client:
        answer = client.get(f"/verify/{number}", headers={"accept-language": "en"})
        assert answer.status_code == 200
        for word in ("Valid", "of old", "31 Jan 2025", "N*** o*** v***", shown(number)):
            assert word in answer.text, word
        for word in ("Name of vera", "County", ">vera"):
            assert word not in answer.text, word
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "证书核验" in client.get("/verify").text
        head = client.head(f"/verify/{number}")
        assert head.status_code == 200 and not head.content
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            assert client.request(method, f"/verify/{number}").status_code == 405
        typed = client.get("/verify", params={"n": shown(number).lower()})
        assert typed.status_code == 303 and typed.headers["location"] == f"/verify/{number}"
        assert client.get(f"/verify/{number}?lang=en").headers["location"] == f"/verify/{number}"


def test_unknown_and_hostile_numbers_are_answered_alike(site: Site, number: str) -> None:
    unknown = "0" * 15 + "11"
    hostile = ("x", "' OR 1=1 --", "<script>alert(1)</script>", "a/b/../c", "%00", "9" * 3000)
    with site.client() as client:
        first = client.get(f"/verify/{unknown}")
        assert first.status_code == 404
        body = re.sub(r"\?lang=[^\"]*", "", first.text)
        for typed in hostile:
            answer = client.get("/verify", params={"n": typed})
            assert answer.status_code == 404
            assert body_of(answer.text) == body_of(body), typed
            assert typed not in answer.text or typed == "x"


def body_of(html: str) -> str:
    return html[html.index("<main>") : html.index("</main>")]


def test_states_by_time_decision_and_a_row_that_somebody_changed(world: World) -> None:
    learner = world.add_person("m", "east-1")
    boss = world.grant(world.add_person("boss", "east"), "manager", "east")
    west = world.grant(world.add_person("west", "west"), "manager", "west")
    chief = world.grant(world.add_person("chief", None), "administrator")
    finish_fire(world, learner)
    number = number_of(world.portal, learner.id)

    def state() -> str:
        found = certificates.verify(world.portal, number)
        assert found is not None
        return found.state

    assert state() == "valid"
    for actor in (learner, west):
        with pytest.raises(NotAllowed):
            certificate_register.revoke(world.portal, actor, number, "x")
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(Refused, match="certificate_reason"):
            certificate_register.revoke(world.portal, boss, number, reason)
    certificate_register.revoke(world.portal, boss, number, "替考")
    assert state() == "revoked"
    with pytest.raises(Refused, match="is_revoked"):
        certificate_register.revoke(world.portal, boss, number, "x")
    certificate_register.reinstate(world.portal, chief, number, "查无实据")
    assert state() == "valid"
    decided = certificate_register.look_up(world.portal, chief, number).decisions
    assert [row["kind"] for row in decided] == ["reinstate", "revoke"]
    logged = world.rows("SELECT action FROM audit WHERE action LIKE '%certificate' ORDER BY id")
    assert [row["action"] for row in logged] == [
        "revoke_certificate",
        "reinstate_certificate",
        "see_certificate",
    ]
    raw = sqlite3.connect(world.portal.db.path)
    with raw:
        raw.execute("DROP TRIGGER certificates_no_update")
        raw.execute("UPDATE certificates SET name = '别人'")
    raw.close()
    assert state() == "altered"
    with pytest.raises(Refused, match="altered"):
        certificates.take(world.portal, learner, number)


def test_nobody_decides_about_a_certificate_of_their_own(world: World) -> None:
    boss = world.grant(world.add_person("boss", "east"), "manager", "county")
    finish_fire(world, boss)
    with pytest.raises(Refused, match="certificate_own"):
        certificate_register.revoke(world.portal, boss, number_of(world.portal, boss.id), "x")


def test_the_document_is_for_the_holder_and_managers_and_says_what_was_issued(
    world: World,
) -> None:
    learner = world.add_person("m", "east-1")
    other = world.add_person("o", "east-1")
    boss = world.grant(world.add_person("boss", "east"), "manager", "east")
    finish_fire(world, learner)
    number = number_of(world.portal, learner.id)
    for actor in (learner, boss):
        file = certificate_files.certificate(world.portal, actor, {"n": number})
        words = pypdf.PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
        for word in ("课程 fire", learner.name, shown(number), "2026年11月22日", "记 1.5 学时"):
            assert word in words, word
    for wanted in (number, "0" * 15 + "11", "' OR 1=1"):
        with pytest.raises(NotAllowed):
            certificate_files.certificate(world.portal, other, {"n": wanted})
    assert len(world.rows("SELECT 1 FROM audit WHERE action = 'exported'")) == 2


def test_an_address_that_asks_without_end_waits() -> None:
    rate, bucket = Rate(burst=3, per_minute=60), None
    waits = []
    for _ in range(4):
        bucket, wait_s = take(rate, bucket, START)
        waits.append(wait_s)
    assert waits == [0, 0, 0, 1]
    assert counted_as("2001:db8:1:2:3::4") == counted_as("2001:db8:1:2:ffff::") != "x"
    assert counted_as("::ffff:192.0.2.1") == "192.0.2.1"


def test_the_page_asks_such_an_address_to_wait(site: Site) -> None:
    with site.client() as client:
        answers = [client.get("/verify/none") for _ in range(60)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused and int(refused[0].headers["retry-after"]) >= 1
        assert client.get("/verify").status_code == 200  # the form is there
