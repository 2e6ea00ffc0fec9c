"""A real portal for browser tests: its own process and data folder, real Chromium beside it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.town import PASSWORD

ROOT = Path(__file__).parents[2]
# the first of them draws no window around its pages: a third less to do than the others have
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 768}


@dataclass
class Site:
    """A portal on a free port over ``data``; ``kill`` is ``kill -9``."""

    data: Path
    content: Path = ROOT
    port: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "portal", "serve", "--port", str(self.port)]
        command += ["--data", str(self.data), "--content", str(self.content)]
        log = (self.data / "server.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "PORTAL_SECRET": "s" * 32}
        )
        deadline = time.monotonic() + 180  # only a machine that is busy with much else needs it
        while time.monotonic() < deadline:
            if self._is_up():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError((self.data / "server.log").read_text("utf-8", "replace")[-4000:])

    def _is_up(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1))
        return False

    def freeze(self) -> None:
        """Stop the server in the middle of whatever it does; what reaches it now is not read."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window where that is to be had; says how to get it."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError(
            "浏览器测试需要 Chromium：请执行 sudo apt-get install chromium fonts-noto-cjk。 / "
            "Browser tests need Chromium: run  sudo apt-get install chromium fonts-noto-cjk"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, site: Site, login: str, path: str = "/") -> None:
    """Go to ``path``, sign in as ``login`` where asked to, and wait until the page is drawn."""
    page.goto(f"{site.url}{path}")
    if "/account/login" in page.url:
        page.fill("input[name=username]", login)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
    settled(page)


def settled(page: Page) -> None:
    """Wait until Streamlit is connected, has drawn the page and runs nothing any more."""
    page.wait_for_selector("[data-testid=stApp]", timeout=30_000)
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid=stApp]');
            return app && app.getAttribute('data-test-script-state') !== 'running'
              && app.getAttribute('data-test-connection-state') === 'CONNECTED'
              && document.querySelector('h1');
        }""",
        polling=50,
        timeout=30_000,
    )


def titled(page: Page, words: str) -> Locator:
    """The heading of the page that holds ``words``; that of the page before may still be there."""
    return page.locator("h1", has_text=words)


class Reconnected:
    """Made before a page loses its server; ``wait`` until it is there again and has run.

    A run may be over before the page ever says that it is running.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._runs = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._see))

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while not self._runs and time.monotonic() < deadline:
            self._page.wait_for_timeout(50)
        assert self._runs, "the page did not come back"
        settled(self._page)

    def _see(self, frame: str | bytes) -> None:
        message = ForwardMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        self._runs += message.WhichOneof("type") == "script_finished"
