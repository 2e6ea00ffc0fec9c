"""A running portal for tests: HTTP by httpx2, pages by Streamlit's own protocol."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from portal import settings as portal_settings
from portal.actions import accounts, people
from portal.actions.portal import Portal
from portal.content.library import Library
from portal.core.people import Person
from portal.store.database import Database

ROOT = Path(__file__).parents[2]
PASSWORD = "Mei-7 lantern Qiantang"
ADMINISTRATOR = "chief"
COOKIE = "portal_session"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_START_S = 60


@dataclass
class Site:
    """The server's process, and the same records opened here."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    portal: Portal = field(repr=False)
    setup_token: str = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, cookies: Mapping[str, str] | None = None) -> httpx2.Client:
        """A browser that follows no redirects."""
        return httpx2.Client(base_url=self.url, cookies=dict(cookies or {}), timeout=30)

    def administrator(self) -> Person:
        return self.person(ADMINISTRATOR)

    def person(self, login: str) -> Person:
        signed_in = self.session(login)
        found = accounts.person_of(self.portal, signed_in)
        assert found is not None
        return found

    def session(self, login: str, password: str = PASSWORD) -> str:
        """A new sign-in's token, made without the server."""
        return accounts.sign_in(self.portal, login, password, "192.0.2.1", "test").token

    def cookies(self, login: str) -> dict[str, str]:
        return {COOKIE: self.session(login)}

    def add_person(self, login: str, *, changed: bool = True) -> tuple[int, str]:
        """A member of staff: id and password. ``changed``: has chosen the password already."""
        chief = self.administrator()
        unit = self.unit()
        made = people.create_person(
            self.portal,
            chief,
            staff_no=login,
            login=login,
            name=f"Name of {login}",
            unit_id=unit,
            posts=("grid-worker",),
        )
        if not changed:
            return made.person_id, made.initial_password
        first = accounts.sign_in(self.portal, login, made.initial_password, "192.0.2.1", "test")
        accounts.change_password(
            self.portal, first.person, first.token, made.initial_password, PASSWORD
        )
        return made.person_id, PASSWORD

    def unit(self) -> int:
        with self.portal.db.read() as c:
            found = c.value("SELECT id FROM units ORDER BY id LIMIT 1")
        if found is not None:
            return int(found)
        return people.create_unit(
            self.portal, self.administrator(), parent_id=None, kind="county", name="County"
        )

    def open(self, cookies: Mapping[str, str] | None = None, **options: Any) -> Page:
        return Page(self, cookies or {}, **options)


class Page:
    """One WebSocket as a browser opens it. ``texts`` is what the last run showed."""

    def __init__(
        self,
        site: Site,
        cookies: Mapping[str, str],
        *,
        origin: str | None = "",
        session_id: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        given = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())} if cookies else {}
        self.site = site
        self.texts: list[str] = []
        self.session_id = ""
        self.widgets: dict[str, str] = {}
        self.fragment_ids: dict[str, str] = {}
        protocols = ["streamlit", "xsrf", session_id] if session_id else ["streamlit"]
        self.socket: ClientConnection = connect(
            f"ws://127.0.0.1:{site.port}/_stcore/stream",
            origin=site.url if origin == "" else origin,  # type: ignore[arg-type]
            additional_headers={**given, **(headers or {})},
            subprotocols=protocols,  # type: ignore[arg-type]
            open_timeout=20,
            compression=None,
            legacy=True,  # closed by __exit__, not by a context manager of its own
        )

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def rerun(self, path: str = "/", *, click: str = "", by_clock: bool = False) -> Page:
        """Run the page (or the fragment that holds the button ``click``) and read its answer."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = path.partition("?")[2]
        asked.context_info.url = self.site.url + path
        asked.is_auto_rerun = by_clock
        if click:
            state = asked.widget_states.widgets.add()
            state.id, state.trigger_value = self.widgets[click], True
            asked.fragment_id = self.fragment_ids.get(click, "")
        self.send(message)
        return self.read()

    def visit(self, path: str) -> Visit:
        """Go to the page ``path``, as a browser does that opens the address."""
        message = BackMsg()
        asked = message.rerun_script
        asked.page_name, _, asked.query_string = path.lstrip("/").partition("?")
        asked.context_info.url = self.site.url + path
        self.send(message)
        seen = Visit()
        while not seen.add(self.receive(60)):
            pass
        return seen

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def read(self) -> Page:
        """Read until the run has finished. Raises SentAway when the browser is told to leave."""
        self.texts = []
        while True:
            message = self.receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
            elif kind == "delta":
                self._show(message)
            elif kind == "script_finished":
                return self

    def receive(self, timeout: float = 20) -> ForwardMsg:
        data = self.socket.recv(timeout)
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        if message.WhichOneof("type") == "auth_redirect":
            raise SentAway(message.auth_redirect.url)
        return message

    def address_sent_to(self, timeout: float) -> str:
        """Where the page is told to go within ``timeout`` seconds, though nobody clicks."""
        deadline = time.monotonic() + timeout
        try:
            while True:
                self.receive(max(0.001, deadline - time.monotonic()))
        except SentAway as sent:
            return sent.address

    def wait_closed(self) -> None:
        """Read until the connection is closed. Raises TimeoutError when it stays open."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.receive(5)

    def shows(self, text: str) -> bool:
        return text in self.texts

    def _show(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "text":
            self.texts.append(element.text.body)
        elif kind == "button":
            self.widgets[element.button.label] = element.button.id
            self.fragment_ids[element.button.label] = message.delta.fragment_id
        elif kind == "alert":
            self.texts.append(element.alert.body)
        elif kind == "exception":
            self.texts.append(f"{element.exception.type}: {element.exception.message}")


@dataclass
class Visit:
    """What was delivered for one visit of a page: all of it as text, and the parts by kind."""

    told: str = ""
    missing: bool = False  # there is no such page for this person
    alerts: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def add(self, message: ForwardMsg) -> bool:
        """Take in the next message; whether it was the last of the visit."""
        kind = message.WhichOneof("type")
        self.told += message.SerializeToString().decode("utf-8", "ignore")
        self.missing = self.missing or kind == "page_not_found"
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.kinds.add(element.WhichOneof("type") or "")
            if element.WhichOneof("type") == "alert":
                self.alerts.append(element.alert.body)
            elif element.WhichOneof("type") == "exception":
                self.exceptions.append(element.exception.message)
        return kind == "script_finished" and (
            message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        )


class SentAway(Exception):
    """The page was told to go to ``address``."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@contextlib.contextmanager
def running(
    data: Path, program: tuple[str, ...] = ("tests.web.small_site",), **environ: str
) -> Iterator[Site]:
    """A site over ``data`` with one administrator; ``environ`` are further PORTAL_* settings.

    ``program`` is the module to run with its arguments: ``("portal", "serve")`` has all pages.
    """
    content = data / "content"
    (content / "courses" / "gas" / "assets").mkdir(parents=True, exist_ok=True)
    (content / "quizzes").mkdir(exist_ok=True)
    given = {
        "PORTAL_DATA_DIR": str(data),
        "PORTAL_CONTENT_DIR": str(content),
        "PORTAL_PORT": "0",
        **environ,
    }
    log = data / ("server.log" if given["PORTAL_PORT"] == "0" else f"{given['PORTAL_PORT']}.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *program],
            cwd=ROOT,
            env={**os.environ, **given},
            stdout=output,
            stderr=output,
        )
    try:
        port, token = _read_welcome(process, log)
        port = int(given["PORTAL_PORT"]) or port
        settings = portal_settings.load(given)
        portal = Portal(
            Database(data / settings.database),
            Library(settings.content_dir, None),
            lambda: datetime.now(UTC),
            settings,
        )
        if token:
            accounts.set_up(portal, token, ADMINISTRATOR, "Chief", PASSWORD, "192.0.2.1", "test")
        yield Site(data, port, process, portal, token)
        portal.db.close()
    finally:
        process.terminate()
        process.wait(20)


def _read_welcome(process: subprocess.Popen[bytes], log: Path) -> tuple[int, str]:
    """Port and set-up token from what the server prints once it can be reached."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        text = log.read_text("utf-8", "replace")
        if "Ctrl-C" in text:
            address = re.search(r"https?://[^:/\s]+:(\d+)", text)
            token = re.search(r"setup\?token=(\S+)", text)
            assert address is not None
            return int(address[1]), token[1] if token else ""
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def form_of(answer: httpx2.Response) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return dict(HIDDEN.findall(answer.text))
