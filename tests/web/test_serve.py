"""The server's process: how it begins, what it says, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.site import ROOT, Site, running


def serve(data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.web.small_site"],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DATA_DIR": str(data), **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = serve(tmp_path, PORTAL_PORT=str(port))
    assert ended.returncode == 1
    assert f"127.0.0.1:{port} is taken by another program" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "portal.db").exists(), "nothing was begun"


def test_the_link_is_printed_only_while_there_is_no_administrator(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        assert f"http://localhost:{site.port}/account/setup?token={site.setup_token}" in (
            tmp_path / "server.log"
        ).read_text("utf-8")
    with running(tmp_path) as again:
        assert again.setup_token == ""
        assert again.administrator().name == "Chief", "the records are still there"


@pytest.mark.parametrize(
    ("told", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)], ids=str
)
def test_it_ends_when_it_is_told_to_and_closes_the_pages(
    tmp_path: Path, told: signal.Signals, code: int
) -> None:
    with running(tmp_path) as site:
        site.add_person("sv1")
        with site.open(site.cookies("sv1")) as page:
            page.rerun()
            site.process.send_signal(told)
            page.wait_closed()
        assert site.process.wait(15) == code
        assert "Traceback" not in (tmp_path / "server.log").read_text("utf-8")


def test_nothing_that_was_secret_is_in_the_log(site: Site) -> None:
    cookies = site.cookies("chief")
    with site.open(cookies) as page:
        page.rerun()
    log = (site.data / "server.log").read_text("utf-8")
    assert cookies["portal_session"] not in log
    assert (site.data / "secret").read_text() not in log
