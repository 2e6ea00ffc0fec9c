"""Reminders and digests against a real mail server on this machine."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from portal.actions import mailing, progress, reminding
from portal.actions.errors import NotAllowed
from portal.core.addresses import is_address
from portal.core.due import OnDate
from portal.core.people import Person
from portal.exchange.mail import UNSURE, Letter, MailFailed, Outbox, Server, compose
from portal.settings import Settings
from portal.store import reminders
from portal.web import letters
from tests.actions.sample import World
from tests.actions.test_assignments import boss, give, take, town, wang  # noqa: F401 (fixtures)


class Postbox:
    """What the server was handed; ``refuse`` are recipients it does not know."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.sessions: set[int] = set()
        self.refuse: set[str] = set()
        self.hang_up_after: int | None = None
        self.cut_off_at: int | None = None  # taken, and the line goes dead before the answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.sessions.add(id(session))
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append((envelope.rcpt_tos[0], message))
        if self.cut_off_at == len(self.mails):
            assert server.transport is not None
            server.transport.abort()
        if self.hang_up_after == len(self.mails):
            assert server.transport is not None
            server.loop.call_later(0.05, server.transport.close)
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailing_town(town: World, postbox: tuple[Postbox, int]) -> World:  # noqa: F811
    """The town with a mail server and two overdue people, one of them with an address."""
    settings = Settings(
        tz="Asia/Shanghai",
        smtp_host="127.0.0.1",
        smtp_port=postbox[1],
        smtp_security="none",
        mail_from="academy@example.gov",
    )
    town.portal = replace(town.portal, settings=settings)
    return town


def address(world: World, person: Person, email: str, locale: str = "zh") -> None:
    with world.portal.db.write() as conn:
        conn.run(
            "UPDATE people SET email = :email, locale = :locale WHERE id = :id",
            email=email,
            locale=locale,
            id=person.id,
        )


def overdue(world: World, actor: Person) -> None:
    """Everybody of the east is four days late with the quiz."""
    give(world, actor, due=OnDate(date(2026, 11, 30)))
    world.clock.forward(days=12)


def write(world: World) -> mailing.Sent:
    """What ``python -m portal remind`` does."""
    with world.portal.db.read() as conn:
        rows = list(mailing.due(conn, world.portal, "/", 7))
    server = mailing.server_of(world.portal.settings)
    assert server is not None
    with Outbox(server) as outbox:
        return mailing.mail(
            world.portal, rows, lambda mine: letters.reminder(world.portal, mine), outbox, None
        )


def reminded(
    world: World, actor: Person, unit: str = "east", batch: int = 500
) -> Iterator[reminding.Reminded]:
    compose = partial(letters.reminder, world.portal)
    return reminding.remind(world.portal, actor, world.unit_ids[unit], compose, batch=batch)


def remind(world: World, actor: Person, unit: str = "east") -> reminding.Reminded:
    return list(reminded(world, actor, unit))[-1]


def test_everybody_with_an_address_is_written_to_once_a_day_over_one_connection(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    chen = mailing_town.add_person("chen", "east-1")
    address(mailing_town, wang, "wang@example.gov")
    address(mailing_town, chen, "chen@example.gov", "en")
    overdue(mailing_town, boss)
    first = write(mailing_town)
    assert (first.mailed, first.no_address, first.already) == (2, 1, 0)
    box = postbox[0]
    assert len(box.sessions) == 1
    to, mail = box.mails[0]
    assert to == "wang@example.gov" and mail["From"] == "academy@example.gov"
    assert mail["Subject"] == "学习提醒：1 项任务已到期或将到期"
    assert "练习，已逾期 4 天（2026年11月30日到期）" in mail.get_content()
    assert "练习, 4 days overdue (was due 30 Nov 2026)" in box.mails[1][1].get_content()
    again = write(mailing_town)
    assert (again.mailed, again.already) == (0, 2)
    mailing_town.clock.forward(days=1)
    take(mailing_town, wang)
    assert write(mailing_town).mailed == 1  # only who has not done it


def test_what_the_server_refuses_is_told_and_tried_again(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    chen = mailing_town.add_person("chen", "east-1")
    address(mailing_town, wang, "gone@example.gov")
    address(mailing_town, chen, "chen@example.gov")
    overdue(mailing_town, boss)
    postbox[0].refuse = {"gone@example.gov"}
    sent = write(mailing_town)
    assert sent.mailed == 1
    assert sent.failures == (("wang", "550 no such mailbox"),)
    postbox[0].refuse = set()
    later = write(mailing_town)
    assert (later.mailed, later.already) == (1, 1)


def test_a_server_that_is_not_there_stops_the_round_and_nobody_counts_as_told(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    address(mailing_town, boss, "boss@example.gov")
    address(mailing_town, wang, "wang@example.gov")
    overdue(mailing_town, boss)
    right = mailing_town.portal
    mailing_town.portal = replace(right, settings=replace(right.settings, smtp_port=1))
    sent = write(mailing_town)
    assert (sent.mailed, len(sent.failures)) == (0, 1)
    mailing_town.portal = right
    assert write(mailing_town).mailed == 2


def test_a_server_that_hangs_up_is_called_again(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    server = mailing.server_of(mailing_town.portal.settings)
    assert server is not None
    postbox[0].hang_up_after = 1
    with Outbox(server) as outbox:
        outbox.send(Letter("a@example.gov", "一", "一"), mailing_town.portal.now())
        time.sleep(0.2)
        outbox.send(Letter("b@example.gov", "二", "二"), mailing_town.portal.now())
    assert [to for to, _ in postbox[0].mails] == ["a@example.gov", "b@example.gov"]


def test_nobody_is_written_to_twice_or_forgotten_when_the_line_goes_dead_in_the_middle(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    people = [boss, wang, *(mailing_town.add_person(f"p{n}", "east-1") for n in range(3))]
    for person in people:
        address(mailing_town, person, f"{person.login}@example.gov")
    overdue(mailing_town, boss)
    postbox[0].cut_off_at = 3
    sent = write(mailing_town)
    assert (sent.mailed, [why for _, why in sent.failures]) == (2, [UNSURE])
    again = write(mailing_town)  # goes on with those who were not reached
    assert (again.mailed, again.already, again.failures) == (2, 3, ())
    assert sorted(to for to, _ in postbox[0].mails) == sorted(
        f"{person.login}@example.gov" for person in people
    )


def test_a_claimed_reminder_is_not_sent_by_somebody_else(
    mailing_town: World,
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    address(mailing_town, wang, "wang@example.gov")
    overdue(mailing_town, boss)
    with mailing_town.portal.db.write() as conn:
        rows = [row for row in mailing.due(conn, mailing_town.portal, "/", 7) if row["email"]]
        now = mailing_town.portal.now()
        reminders.claim(conn, rows, "mail", day="2026-12-04", at=now, by=None)
    assert write(mailing_town).mailed == 0  # the process that claimed it may have died: one less


def test_a_manager_reminds_with_one_click_and_staff_see_from_whom(
    mailing_town: World,
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    address(mailing_town, wang, "wang@example.gov")
    overdue(mailing_town, boss)
    done = remind(mailing_town, boss)
    assert (done.people, done.already) == (2, 0)
    assert done.mail is not None and (done.mail.mailed, done.mail.no_address) == (1, 1)
    again = remind(mailing_town, boss)
    assert (again.people, again.already) == (0, 2)
    shown = progress.home(mailing_town.portal, wang).reminded
    assert shown is not None and shown["name"] == boss.name
    take(mailing_town, wang)
    assert progress.home(mailing_town.portal, wang).reminded is None
    log = mailing_town.rows("SELECT detail FROM audit WHERE action = 'remind'")
    assert len(log) == 1 and '"people": 2' in log[0]["detail"]


def test_everybody_is_reminded_in_batches_and_a_second_click_goes_on(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    chen = mailing_town.add_person("chen", "east-1")
    for person in (wang, chen):
        address(mailing_town, person, f"{person.login}@example.gov")
    give(mailing_town, boss, title="再一次", due=OnDate(date(2026, 11, 28)))
    overdue(mailing_town, boss)
    steps = reminded(mailing_town, boss, batch=1)
    first = next(steps)
    assert (first.people, first.done, first.all) == (1, 1, 3)
    steps.close()  # the page was closed: what was said is on disk, the rest waits
    assert len(mailing_town.rows("SELECT * FROM reminders WHERE channel = 'portal'")) == 2
    rest = list(reminded(mailing_town, boss, batch=2))
    assert [(one.people, one.already, one.done) for one in rest] == [(1, 1, 2), (2, 1, 3)]
    [mail_to_wang] = [mail for to, mail in postbox[0].mails if to == "wang@example.gov"]
    assert "2 项任务" in mail_to_wang["Subject"], "one letter about all that is due"
    assert rest[-1].mail is not None and rest[-1].mail.mailed + rest[-1].mail.already == 2


def test_one_failure_to_connect_is_enough(
    mailing_town: World,
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    for person in (boss, wang):
        address(mailing_town, person, f"{person.login}@example.gov")
    overdue(mailing_town, boss)
    settings = replace(mailing_town.portal.settings, smtp_port=1)
    mailing_town.portal = replace(mailing_town.portal, settings=settings)
    done = list(reminded(mailing_town, boss, batch=1))[-1]
    assert done.people == 2, "the portal says it all the same"
    assert done.mail is not None and done.mail.gave_up and len(done.mail.failures) == 1


def test_nobody_reminds_in_another_unit(
    mailing_town: World,
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    overdue(mailing_town, boss)
    other = mailing_town.grant(mailing_town.add_person("other", "west"), "manager", "west")
    for actor in (other, wang):
        with pytest.raises(NotAllowed):
            remind(mailing_town, actor)
    with pytest.raises(NotAllowed):
        remind(mailing_town, boss, "county")


def test_a_manager_gets_one_digest_a_week_with_the_figures_of_the_unit(
    mailing_town: World,
    postbox: tuple[Postbox, int],
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    address(mailing_town, boss, "boss@example.gov")
    overdue(mailing_town, boss)
    take(mailing_town, boss)
    portal = mailing_town.portal
    server = mailing.server_of(portal.settings)
    assert server is not None

    def send() -> list[str]:
        with Outbox(server) as outbox:
            return [
                str(mailing.mail_digest(portal, one, letters.digest(portal, one), outbox) or "")
                for one in mailing.digests(portal)
            ]

    postbox[0].refuse = {"boss@example.gov"}
    assert send() == ["550 no such mailbox"]
    postbox[0].refuse = set()
    assert send() == [""]
    assert send() == ["already"]
    [(_, mail)] = postbox[0].mails
    text = mail.get_content()
    assert mail["Subject"] == "东街道本周学习情况"
    assert "共 2 项，已完成 1 项，完成率 50%；逾期 1 项" in text
    assert "东一社区\n  姓名 wang：练习，已逾期 4 天" in text.replace("\r\n", "\n")
    mailing_town.clock.forward(days=7)
    postbox[0].cut_off_at = 2
    [said] = send()
    assert said == UNSURE
    assert send() == ["already"] and len(postbox[0].mails) == 2
    mailing_town.clock.forward(days=7)
    with portal.db.write() as conn:
        conn.run("UPDATE units SET closed_at = 'x' WHERE name = '东街道'")
    assert send() == []  # of a closed unit there is nothing to tell


@pytest.mark.parametrize(
    "bad",
    [
        "a@example.gov\nBcc: all@example.gov",
        "a@example.gov, b@example.gov",
        "Li <a@example.gov>",
        "a@example",
        "@example.gov",
        "a b@example.gov",
        "a@exa\r\nmple.gov",
        "李敏@example.gov",
        "a" * 250 + "@example.gov",
        "",
    ],
)
def test_what_is_no_single_address_is_never_written_to(
    mailing_town: World,
    bad: str,
) -> None:
    assert not is_address(bad)
    with pytest.raises(MailFailed):
        compose(Letter(bad, "s", "t"), "academy@example.gov", mailing_town.portal.now())


def test_a_line_break_in_a_subject_is_refused(mailing_town: World) -> None:
    letter = Letter("a@example.gov", "hello\r\nBcc: all@example.gov", "t")
    with pytest.raises(MailFailed):
        compose(letter, "academy@example.gov", mailing_town.portal.now())


def test_a_password_is_asked_for_only_behind_encryption_and_never_shown(
    postbox: tuple[Postbox, int], mailing_town: World
) -> None:
    server = Server("127.0.0.1", postbox[1], "starttls", "a@example.gov", "user", "geheim-1234")
    assert "geheim" not in repr(server)
    with Outbox(server) as outbox, pytest.raises(MailFailed) as failed:
        outbox.send(Letter("b@example.gov", "s", "t"), mailing_town.portal.now())
    assert failed.value.for_all and "geheim" not in str(failed.value)
    assert postbox[0].mails == []


def test_signing_in_over_tls(tmp_path: Any, mailing_town: World) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext"),
            *("subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    seen: list[bytes] = []

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> Any:
        seen.append(data.login)
        return AuthResult(success=data.password == b"geheim-1234", handled=False)

    box, port = Postbox(), free_port()
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=tls,
        authenticator=check,
        auth_required=True,
        require_starttls=True,
    )
    controller.start()
    try:
        trust = ssl.create_default_context(cafile=str(certificate))
        server = Server(
            "localhost", port, "starttls", "a@example.gov", "user", "geheim-1234", trust
        )
        with Outbox(server) as outbox:
            outbox.send(Letter("b@example.gov", "你好", "一"), mailing_town.portal.now())
        wrong = replace(server, password="x")
        with Outbox(wrong) as outbox, pytest.raises(MailFailed, match="535"):
            outbox.send(Letter("b@example.gov", "你好", "一"), mailing_town.portal.now())
        untrusted = replace(server, context=None)
        with Outbox(untrusted) as outbox, pytest.raises(MailFailed, match="certificate"):
            outbox.send(Letter("b@example.gov", "你好", "一"), mailing_town.portal.now())
    finally:
        controller.stop()
    assert len(box.mails) == 1 and seen[0] == b"user"


def test_the_list_to_copy_names_units_people_and_days(
    mailing_town: World,
    boss: Person,  # noqa: F811
    wang: Person,  # noqa: F811
) -> None:
    overdue(mailing_town, boss)
    with mailing_town.portal.db.read() as conn:
        rows = list(mailing.due(conn, mailing_town.portal, "/", 7))
    assert letters.name_list(mailing_town.portal, rows, "zh") == (
        "东街道\n"
        "  姓名 boss：练习，已逾期 4 天（2026年11月30日到期）\n"
        "东一社区\n"
        "  姓名 wang：练习，已逾期 4 天（2026年11月30日到期）"
    )
