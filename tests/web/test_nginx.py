"""The nginx configuration of the operator's guide, as it is written there, before two processes."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

from portal.settings import HOME
from tests.web.site import Site, form_of, free_port, running
from tests.web.test_accounts import sign_in

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
pytestmark = pytest.mark.skipif(
    not NGINX or not shutil.which("openssl"), reason="nginx or openssl is not here"
)
NAME = "academy.example.gov"
COOKIE = "__Host-portal_session"


def configuration(guide: str, folder: Path, https: int, http: int, ports: list[int]) -> str:
    """The guide's block with this machine's ports and certificate."""
    text = (HOME / "portal" / "docs" / guide).read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found is not None
    block = found[1]
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{https} ssl",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "127.0.0.1:8501": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8502": f"127.0.0.1:{ports[1]}",
        "xuetang.example.gov.cn": NAME,
        "/etc/ssl/xuetang": str(folder / "academy"),
        "/etc/ssl/academy": str(folder / "academy"),
        # the browser's address has no port in the guide
        "Host $host;": "Host $http_host;",
    }.items():
        block = block.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{temporary}{block}}}\n"
    )


def certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={NAME}", "-keyout", f"{folder}/academy.key"]
    subprocess.run([*command, "-out", f"{folder}/academy.pem"], check=True, capture_output=True)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site, int]]:
    """Two processes over one data folder and nginx before them: its HTTPS port."""
    folder = tmp_path_factory.mktemp("nginx")
    data = tmp_path_factory.mktemp("behind")
    https, http, *ports = (free_port() for _ in range(4))
    certificate(folder)
    (folder / "nginx.conf").write_text(
        configuration("operator.en.md", folder, https, http, ports), encoding="utf-8"
    )
    base = {"PORTAL_BASE_URL": f"https://{NAME}:{https}"}
    with (
        running(data, PORTAL_PORT=str(ports[0]), **base) as one,
        running(data, PORTAL_PORT=str(ports[1]), **base) as two,
    ):
        process = subprocess.Popen([str(NGINX), "-c", str(folder / "nginx.conf")])
        try:
            wait_for(https, folder)
            yield one, two, https
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int, folder: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            httpx2.get(f"https://127.0.0.1:{port}/", verify=False, headers={"Host": NAME})
            return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise RuntimeError((folder / "error.log").read_text("utf-8", "replace"))


def browser(port: int) -> httpx2.Client:
    return httpx2.Client(
        base_url=f"https://127.0.0.1:{port}",
        verify=False,
        headers={"Host": f"{NAME}:{port}"},
        timeout=30,
    )


def signed_in(site: Site, port: int, login: str) -> str:
    site.add_person(login)
    with browser(port) as client:
        form = form_of(client.get("/account/login"))
        cookies = client.cookies  # Secure ones: httpx2 sends them over https alone
        assert "__Host-portal_form" in cookies
        answer = sign_in(client, login, "Mei-7 lantern Qiantang", Origin=f"https://{NAME}:{port}")
        assert answer.status_code == 303, (form, answer.text)
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
        assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
        return str(client.cookies[COOKIE])


def test_both_guides_hold_a_configuration_that_nginx_takes(tmp_path: Path) -> None:
    certificate(tmp_path)
    for guide in ("operator.en.md", "operator.zh.md"):
        (tmp_path / "nginx.conf").write_text(
            configuration(guide, tmp_path, 44301, 8001, [8501, 8502]), encoding="utf-8"
        )
        tried = subprocess.run(
            [str(NGINX), "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
        )
        assert tried.returncode == 0, tried.stderr


def test_signing_in_and_a_page_over_tls(public: tuple[Site, Site, int]) -> None:
    site, _, port = public
    token = signed_in(site, port, "ng1")
    with browser(port) as client:
        client.cookies.set(COOKIE, token)
        answer = client.get("/")
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["strict-transport-security"]
    with site.portal.db.read() as c:
        assert c.value("SELECT MAX(address) FROM sessions WHERE address <> '192.0.2.1'") == (
            "127.0.0.1"
        ), "the browser's address, not a header's"
    assert "person=ng1" in texts(port, token)


def texts(port: int, token: str) -> str:
    """What a page shows, through nginx."""
    insecure = ssl._create_unverified_context()
    with connect(
        f"wss://127.0.0.1:{port}/_stcore/stream",
        ssl=insecure,
        server_hostname=NAME,
        origin=f"https://{NAME}:{port}",  # type: ignore[arg-type]
        additional_headers={"Cookie": f"{COOKIE}={token}", "X-Forwarded-For": "203.0.113.9"},
        subprotocols=["streamlit"],  # type: ignore[list-item]
        compression=None,
    ) as socket:
        first = BackMsg()
        first.rerun_script.query_string = ""
        socket.send(first.SerializeToString())
        shown = b""
        while b"runs=" not in shown:
            data = socket.recv(20)
            shown += data if isinstance(data, bytes) else data.encode()
    return shown.decode("utf-8", "replace")


def test_a_process_that_dies_is_replaced_by_the_other(public: tuple[Site, Site, int]) -> None:
    site, two, port = public
    people = {login: signed_in(site, port, login) for login in ("ng2", "ng3", "ng4", "ng5")}
    two.process.kill()  # whom nginx sends where depends on the token: some of them were there
    two.process.wait()
    for login, token in people.items():
        assert f"person={login}" in texts(port, token)
