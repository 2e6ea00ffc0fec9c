"""Which names are answered to, and which pages may talk to the portal."""

from __future__ import annotations

import pytest
from starlette.types import Scope

from portal.settings import Settings
from portal.web.origins import Origins, own_origin

PUBLIC = Settings(base_url="https://academy.example", allowed_hosts=("Intranet.example.",))


def scope(host: str = "academy.example", origin: str | None = None, scheme: str = "http") -> Scope:
    headers = [(b"host", host.encode("latin-1"))]
    if origin is not None:
        headers.append((b"origin", origin.encode("latin-1")))
    return {"type": "http", "scheme": scheme, "headers": headers}


@pytest.mark.parametrize(
    ("host", "public", "private"),
    [
        ("academy.example", True, False),
        ("ACADEMY.example:8501", True, False),
        ("intranet.example", True, False),
        ("localhost", True, True),
        ("127.0.0.1:8501", True, True),
        ("[::1]:8501", True, True),
        ("192.0.2.7:8501", False, True),
        ("[2001:db8::1]", False, True),
        ("evil.example", False, False),
        ("academy.example.evil.example", False, False),
        ("academy.example@evil.example", False, False),
        ("evil.example/academy.example", False, False),
        ("academy.example:port", False, False),
        ("0x7f.1", False, False),
        ("", False, False),
    ],
)
def test_names(host: str, public: bool, private: bool) -> None:
    assert Origins.of(PUBLIC).answers_to(scope(host)) is public
    assert Origins.of(Settings()).answers_to(scope(host)) is private


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        ("https://academy.example", True),
        ("http://127.0.0.1:8501", True),
        ("https://127.0.0.1:8501", False),
        ("http://academy.example", False),
        ("https://academy.example:8443", False),
        ("https://academy.example.evil.example", False),
        ("https://evil.example", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_origins(origin: str | None, admitted: bool) -> None:
    """Behind a proxy the browser's origin is the public one, on the machine itself the local."""
    asked = scope("127.0.0.1:8501", origin, "ws")
    assert Origins.of(PUBLIC).admits(asked) is admitted


def test_default_ports_are_left_out_as_browsers_do() -> None:
    assert own_origin(scope("a.example:80", scheme="ws")) == "http://a.example"
    assert own_origin(scope("a.example:443", scheme="wss")) == "https://a.example"
    assert own_origin(scope("a.example:443", scheme="http")) == "http://a.example:443"
