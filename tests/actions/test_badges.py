from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.__main__ import main
from portal.actions import badges
from portal.actions.errors import NotAllowed
from portal.core.capability import CAPABILITIES
from portal.core.people import Person
from portal.exchange import badge_files, badge_keys
from portal.store import practice
from tests.actions.sample import World


def practised(world: World, person: Person, days: Sequence[date]) -> None:
    with world.portal.db.write() as conn:
        for day in days:
            practice.count_card(conn, person.id, day, enough=1)


def steady_month(world: World, person: Person) -> None:
    monday = date(2026, 10, 26)
    practised(
        world,
        person,
        [monday + timedelta(days=7 * week + n) for week in range(4) for n in range(3)],
    )


def codes(world: World, person: Person) -> list[str]:
    return [award.code for award in badges.look(world.portal, person).badges]


def test_steady_weeks_are_awarded_once_and_seen_by_oneself(
    learning: World, learner: Person
) -> None:
    assert badges.look(learning.portal, learner).next_weeks == 4
    steady_month(learning, learner)
    assert codes(learning, learner) == codes(learning, learner) == ["steady-4"]
    view = badges.look(learning.portal, learner)
    assert (view.weeks, view.next_weeks) == (4, 12)
    other = learning.grant(learning.add_person("boss", "east", "street"), "manager", "east")
    assert codes(learning, other) == []
    with pytest.raises(NotAllowed):
        badges.file_of(learning.portal, other, view.badges[0].uuid)


def test_growth_and_a_drill_passed_at_a_second_try_are_awarded(
    learning: World, learner: Person
) -> None:
    with learning.portal.db.write() as conn:
        for n in range(28):
            add_evidence(conn, learner, n, right=n >= 6)
        conn.run("INSERT INTO drill_versions VALUES ('v', 'fire/gas', '{}', '')")
        for n, passed in enumerate((0, 1)):
            conn.run(
                """
                INSERT INTO drill_runs (
                    drill_id, course_id, version, kind, seed, person_id, started_at, ended_at,
                    outcome, passed
                ) VALUES (
                    'fire/gas', 'fire', 'v', 'solo', 1, :person, :at, :at, 'finished', :passed
                )
                """,
                person=learner.id,
                at=f"2026-11-0{n + 1}T00:00:00.000Z",
                passed=passed,
            )
    assert set(codes(learning, learner)) == {f"growth-{CAPABILITIES[1]}-1", "drill-fire/gas"}
    for award in badges.look(learning.portal, learner).badges:
        assert badges.file_of(learning.portal, learner, award.uuid).content


def add_evidence(conn: object, person: Person, n: int, right: bool) -> None:
    conn.run(  # type: ignore[attr-defined]
        """
        INSERT INTO evidence (
            person_id, at, kind, course_id, content_id, item_id, version, capability, x, c, b, s2,
            w, mean, variance
        ) VALUES (
            :person, :at, 'quiz', '', '', :item, :item, :capability, :x, 0, 0, 0.49, 1, 0, 1
        )
        """,
        person=person.id,
        at=f"2026-11-{n + 1:02}T00:00:00.000Z",
        item=f"q-{n}",
        capability=CAPABILITIES[1],
        x=float(right),
    )


@pytest.mark.parametrize(
    ("form", "media_type"), [("json", "application/vc"), ("jwt", "application/vc+jwt")]
)
def test_the_file_is_verified_by_the_command(
    learning: World,
    learner: Person,
    capsys: pytest.CaptureFixture[str],
    form: str,
    media_type: str,
) -> None:
    steady_month(learning, learner)
    [award] = badges.look(learning.portal, learner).badges
    data = learning.portal.settings.data_dir
    made = badges.file_of(learning.portal, learner, award.uuid, form)
    assert made == badges.file_of(learning.portal, learner, award.uuid, form)
    assert (made.name, made.media_type) == (f"steady-4.{form}", media_type)
    file = data / made.name
    file.write_bytes(made.content)
    assert main(["verify-badge", str(file), "--data", str(data)]) == 0
    assert "签名有效 / genuine: 稳步练习 4 周 / 4 steady weeks" in capsys.readouterr().out
    for staff_no, code in ((learner.staff_no, 0), ("somebody", 1)):
        given = ["verify-badge", str(file), "--data", str(data), "--staff-no", staff_no]
        assert main(given) == code
    assert main(["rotate-badge-key", "--data", str(data)]) == 0
    assert main(["verify-badge", str(file), "--data", str(data)]) == 0
    file.write_bytes(made.content[:-5])
    assert main(["verify-badge", str(file), "--data", str(data)]) == 1
    assert "not a valid badge" in capsys.readouterr().err
    assert main(["verify-badge", str(data / "no such file"), "--data", str(data)]) == 1


def test_what_is_published_verifies_and_holds_no_secret(learning: World, learner: Person) -> None:
    steady_month(learning, learner)
    [award] = badges.look(learning.portal, learner).badges
    token = badges.file_of(learning.portal, learner, award.uuid, "jwt").content.decode()
    made = badges.file_of(learning.portal, learner, award.uuid).content.decode()
    keys = badges.public_keys(learning.portal)
    now = datetime(2030, 1, 1, tzinfo=UTC)
    found = badge_files.verify(token, keys, now)
    profile = badges.issuer_document(learning.portal)
    assert found.document["issuer"]["id"] == profile["id"]
    assert profile["id"].endswith(keys["keys"][0]["kid"]), "without an address the key is the name"
    private = badge_keys.signing_key(learning.portal.settings.data_dir).as_dict(private=True)["d"]
    assert private not in str(keys) + str(profile) + token + made
    assert badge_files.verify(made, keys, now).document["issuer"]["id"].startswith("did:key:z6Mk")
